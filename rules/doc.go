// Package rules reads the rules file and decides. [Load] turns YAML into
// [Rules], telling every mistake at once. [Evaluate] says what is true of a
// ledger at a moment, as findings; [Advance] says, from the alerts told so far
// and those findings, what is worth telling a person.
//
// Both are pure functions of values: neither reads a clock, a file or the
// network, and the daemon, the backtest and every command call the same two.
//
// # The life of an alert
//
// An [Alert] is a rule, a subject and an episode. For a budget over a period
// the episode is the period; for a daily budget, a run of days over; for a
// spike, one service's run of flagged days, gaps under seven days included.
// It fires once, is updated as days come in, escalates, and resolves only on
// charge days that were seen to be back to usual: never because data is
// missing.
package rules
