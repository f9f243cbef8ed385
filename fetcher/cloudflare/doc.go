// Package cloudflare reads a bill from Cloudflare's billing API: the usage rows
// ([Client.Usage]), which subscriptions there are ([Client.Info]) and the date
// of the next bill ([Client.Profile]). [Client.Fetch] asks for all three.
// [DecodeUsage] and [ReadFile] read the same rows from bytes and from files.
//
// # What is believed
//
// An answer is taken whole or not at all. Anything but HTTP 200 with
// success:true and an array of rows that each have the eleven columns of the
// API's first version is an error that says what is wrong; nothing that is
// wrong is ever read as an empty bill. Columns the API added later may be
// absent, and columns nobody has heard of are passed over: the API is still
// called alpha and changes.
//
// # Decisions
//
// The client is our own because the official one loses money without an error:
// it turns 12.5 into 12 where its schema says integer, a null cost into 0, and
// success:false into a bill without rows.
//
// Numbers become decimals from their written digits. JSON is walked token by
// token, so that a number is never anything but those digits. Rows that are
// like each other, as a bill's are, are scanned instead; the walk is what the
// scanner is held to, and what reads an answer that it does not.
package cloudflare
