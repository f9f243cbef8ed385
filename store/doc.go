// Package store keeps what billbot knows in one bbolt file: the charges and
// snapshots of each account, what was told of its alerts, and the messages
// still to be delivered.
//
// # The line
//
// [Store.Load] gives an account's bill, by line, with the generation it is of;
// [Store.Rows] the charges of the billing periods that an answer speaks of.
// [Prepare] encodes what was made of them, where accounts are worked on, and
// [Store.Commit] writes it, for one account or many, in one
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
// The tree itself is walked before bbolt sees it: each page in one place, each
// key in order, no gap within a page. A file that was cut short or overwritten is
// an error of [Open] then, and never a crash. Who closes a database leaves in the
// lock file which write was the last; where it still is, [Open] looks at the top
// of the tree only, which takes as long for ten thousand accounts as for one, and
// [Store.CheckTree] walks the rest. What breaks while it is open is an error too,
// after which nothing is read or written ([Store.Intact]).
//
// # One writer
//
// Whoever writes holds the lock file beside the database, which is never
// removed. So a file that was moved away does not let a second billbot make a
// new one, and the first looks before each write whether its file still has its
// name ([ErrLost]).
//
// # Buckets
//
//	meta       what the file is, and its schema
//	accounts   account -> number, generation, doubts, terms, the periods with charges
//	polls      account -> poll state
//	periods    billing period, account number -> charges
//	revisions  account, charge day -> revision
//	snapshots  account, time -> snapshot
//	alerts     account, alert -> alert
//	outbox     id -> item not yet delivered
//	waiting    message key -> id of its item in outbox
//	receipts   message key -> receipt
//	merged     message key -> key of the digest that stands for it
//	digests    digest, message key -> what the digest tells of it
//	posts      channel -> when it was shown messages, in the last hour
//	audit      account, time -> what a person did about an alert, or a message
//	summaries  channel, local date -> when its summary was enqueued
//
// # Retention
//
// [Store.Prune] deletes what is old: keys end in or begin with days and
// moments, so that it lies together. The space is used again, but the file does
// not become smaller.
//
// # Packed charges
//
// The charges of an account and billing period are one value. Its key is the
// period's start and the account's number, four bytes each, big endian. It
// has, in this order:
//
//	version    one byte, 2
//	words      each distinct one once, as what differs from the one before
//	period     its start, to be compared with the key
//	series     words (as changes from the series before), first day, days
//	places     of the rows that stand alone
//	costs      one column per series
//	others     per series: quantity consumed, priced; cost, priced cumulated
//	rows       those that stand alone: words, day, numbers
//
// A series is rows of the same words, one a day without gaps. A column is a
// head byte, one exponent, and coefficients as varints or as bits above the
// lowest, raw or as differences, or one for all; whichever is least. Numbers
// of other exponents are listed as exceptions. Most columns write numbers as
// JSON does, without trailing zeros, and need none. A priced quantity that is
// the quantity consumed, and a cumulated column that is the running sum, are
// the head byte alone. What does not fit (a second row of one item and day, a
// number of over 18 digits, a day far outside the period) stands alone, exact
// in every column.
//
// A value is read back and compared with its charges before the transaction
// that writes it.
package store
