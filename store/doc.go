// Package store keeps what billbot knows in one bbolt file: the charges and
// snapshots of each account, what was told of its alerts, and the messages
// still to be delivered.
//
// # The line
//
// [Store.Load] gives an account's ledger with the generation it is of.
// [Store.Commit] writes what was made of it, for one account or many, in one
// transaction: all of it or nothing. Where another commit came in between, the
// generation has moved on and nothing is written ([ErrMoved]): load and
// compute again. No transaction outlives the call that needs it, and readers
// never wait for writers.
//
// # Trust in the file
//
// bbolt guards its tree, not the bytes in it, so every value carries a
// checksum over its bucket, its key and itself. A value that does not fit it
// is an error that wraps [ErrDamaged] and names bucket and key; it is never
// read as a number. Values that are as they were are not written again, and a
// transaction that would change nothing is not committed.
//
// # Buckets
//
//	meta       what the file is, and its schema
//	accounts   account -> generation, doubts, terms, the periods with charges
//	polls      account -> poll state
//	charges    billing period, account -> charges
//	revisions  account, charge day -> revision
//	snapshots  account, time -> snapshot
//	alerts     account, alert -> alert
//	outbox     id -> item not yet delivered
//	waiting    message key -> id of its item in outbox
//	receipts   message key -> receipt
//	summaries  channel, local date -> when its summary was enqueued
package store
