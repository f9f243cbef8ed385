// Package cloudflaretest is a Cloudflare that replays recorded accounts day by
// day, with scripted faults, for tests and the demo.
//
// A [Recording] is what the billing API said about one account, with the
// morning on which each row was first told. A [Server] answers as the API
// would have answered at the moment given to [Server.SetNow]: on a socket as an
// http.Handler, or without one through [Server.Transport], which also works
// inside a testing/synctest bubble. A [Fault] makes one answer go wrong.
//
// Recordings are embedded ([Names], [Load]), read ([ParseRecording]) or made
// in code ([Account], [Series]).
//
// # Mornings
//
// Cloudflare processes a day's usage once, on one of the next mornings. A row
// for day D is first told on D+1 at 06:00 UTC ([Morning]); a recording or a
// line may say later.
//
// # The format of a recording
//
// A recording is a text of comma-separated lines. A line that starts with # is
// a comment, empty lines are skipped, and a field that holds a comma is quoted
// with ". The first field says what a line is:
//
//	account,ID,NAME              who; the name may be left out
//	currency,USD
//	anchor,15                    billing periods begin on the 15th of a month
//	lag,1                        days until a row is told, before all rows; 1 when left out
//	pricing,billed               or consumed: what PricingQuantity shows
//	uncovered                    the API does not serve this account
//	subscription,ID,ANCHOR       a subscription with an anchor of its own
//	zone,KEY,ID,NAME
//	service,KEY,NAME,FAMILY,UNIT the name as billed; family and unit may be empty
//	empty,MORNING                that morning the API answers an empty result
//
// A line that starts with a day is a row of the bill:
//
//	DAY,SERVICE,CONSUMED[,BILLED,COST][,OPTION=VALUE...]
//	DAY,SERVICE,gone[,OPTION=VALUE...]
//
// SERVICE is the key of a service line above it. CONSUMED is what was used,
// BILLED what of it was past the allowance, COST what that costs; without the
// last two both are 0. Numbers are exact: the digits written are the digits
// told. The options are:
//
//	seen=MORNING   first told on that morning, not after the lag
//	zone=KEY       for one zone
//	sub=ID         for one subscription
//	part=NAME      tells rows apart which the API itself does not
//
// A later line for the same day, service, zone, subscription and part replaces
// the earlier one from its own morning on: a restatement. "gone" is a row that
// vanishes on that morning. All days and mornings are UTC days, written as
// 2006-01-31.
package cloudflaretest
