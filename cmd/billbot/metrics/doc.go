// Package metrics tells Prometheus what accounts cost and how billbot is.
//
// A scrape costs little and waits for nobody: what accounts cost and where their
// budgets stand is kept when a poll has worked it out ([Metrics.KeepSpends]), what
// happens is counted when it happens ([Metrics.Polled]), and the rest is read as a
// [State] in read transactions, which no write holds up.
//
// # Money
//
// Prometheus knows floats only. This package is the one place where an amount
// becomes one, on its way out: nothing is judged by it, and nothing comes back.
//
// # Series
//
// The names of services and zones come from the bill, which nobody here has
// checked, and there may be many. They are cleaned, and of an account only so many
// are told apart; the others are summed as "other". Nothing is left out of a sum.
package metrics
