// Package report turns ledgers and alerts into what people are told: the spend
// of an account, the daily summary, the first message of an account, and the
// sentences of an alert. Reports are values; Slack and the command line show
// the same ones, in the same words.
package report
