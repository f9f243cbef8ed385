// Package fetcher says what a bill is: charges, billing periods, the answers an
// API gives at a moment, and the ledger those answers add up to.
//
// A [Charge] is one row of a bill. An [Answer] is what a source said at one
// moment. A [Ledger] is what billbot believes one account owes; [Ledger.Merge]
// takes an answer into it, says what changed ([Change]) and whether the answer
// can be trusted ([Trust]). A [Bill] is the ledger by [Line], in columns: what one
// item cost and used on consecutive days. Rules and reports read bills; rows are
// for merging, keeping and exporting. All of them are values: nothing here reads a clock,
// a file or the network.
//
// # Money
//
// Amounts and quantities of a charge are [Number]s made from the digits the
// source wrote; what is added up from them ([Sum]) and decided by is decimal.
// They never pass through a float, and they have no upper limit beyond a sane
// exponent: a real runaway read 3.5e13 rows.
//
// # Names
//
// Field names are those of FOCUS, the FinOps Open Cost and Usage Specification,
// as Cloudflare's billable-usage API uses them. Days are UTC days.
package fetcher
