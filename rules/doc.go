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
//
// People acknowledge an alert, snooze it, or mark it as expected; those too are
// pure functions ([Alert.Acknowledge], [Alert.Snooze], [Alert.Expect]). A hold
// keeps the alert out of the channel, and changes nothing of what is true: it is
// updated and resolves as others do. What grows worse while it is held is told
// when the hold ends, and at once where it became critical. An acknowledgement
// holds nothing back, and ends when the alert grows worse.
//
// # Budgets
//
// A bill is added up once, into a sheet: what each item of it cost and used on
// each day. A budget takes the items it is about, for each of its subjects
// ([Per]) and each stretch of days that can still change, works out the limit
// ([Basis]), and holds the sum and the forecast against its lines. The lines of
// both are rungs of one ladder, so a forecast and the spending that makes it
// true are one alert. What cannot be judged ([Unjudged]) neither fires nor
// resolves.
//
// What cannot be judged is [Unknown], a state of its own that is told once: an
// account that is dark, figures that may be off ([Rules.EvaluateTrust]), and a
// rule that chooses nothing on the bill of any account ([Reach]).
package rules
