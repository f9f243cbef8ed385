package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/billbot/billbot/cmd/billbot/metrics"
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// newMetrics makes the metrics of a rules file.
func newMetrics(r *rules.Rules) (*metrics.Metrics, error) {
	return metrics.New(version(), accountNames(r))
}

func accountNames(r *rules.Rules) []string {
	names := make([]string, len(r.Accounts))
	for i, account := range r.Accounts {
		names[i] = account.Name
	}
	return names
}

// measure has metrics know what a decision that was written came to.
func (eng *engine) measure(d decision) {
	if d.unread {
		eng.metrics.Lost(d.account.Name)
		return
	}
	eng.metrics.Polled(d.account.Name, *d.commit.Poll)
	if d.spends != nil {
		eng.metrics.KeepSpends(d.account.Name, d.spends)
	}
	if d.budgets != nil {
		eng.metrics.KeepBudgets(d.account.Name, d.budgets)
	}
}

// measureUnheard has metrics know an account that could not be asked since
// billbot started: what it costs is what is known.
func (eng *engine) measureUnheard(d *decision, now time.Time) {
	if eng.metrics.Knows(d.account.Name) || len(d.bill.Lines) == 0 {
		return
	}
	d.spends = report.SpendOf(d.bill, now)
	d.budgets = report.BudgetLines(eng.rules.Evaluate(d.account, d.bill, now))
}

// state is how billbot is, for a scrape. It reads, which no write holds up, and
// works nothing out.
func (eng *engine) state(ctx context.Context, e env) metrics.State {
	s := metrics.State{Now: e.now()}
	polls, err := eng.polls(ctx)
	for _, account := range eng.newest().rules.Accounts {
		s.Accounts = append(s.Accounts, metrics.Account{Name: account.Name, Poll: polls[account.ID]})
	}
	items, unread := eng.store.Undelivered(ctx)
	s.Outbox, s.Unread = items, errors.Join(err, unread)
	s.Panics, _ = eng.panics.told()
	if turned := eng.turned.Load(); turned != 0 {
		s.Turned = time.Unix(turned, 0)
	}
	if eng.socket != nil {
		connected := eng.socket.Connected()
		s.Connected = &connected
	}
	if info, err := os.Stat(e.dbFile); err == nil {
		s.Bytes = info.Size()
	}
	return s
}

// polls is how polling goes, by account ID.
func (eng *engine) polls(ctx context.Context) (map[string]fetcher.PollState, error) {
	states, err := eng.store.Accounts(ctx)
	polls := make(map[string]fetcher.PollState, len(states))
	for _, state := range states {
		polls[state.Account.ID] = state.Poll
	}
	return polls, err
}

// countingChannel is a channel whose attempts are counted.
type countingChannel struct {
	notifier.Channel
	metrics *metrics.Metrics
}

// Send makes one attempt, and counts it.
func (c countingChannel) Send(ctx context.Context, item notifier.Item, receipt *notifier.Receipt) notifier.Outcome {
	outcome := c.Channel.Send(ctx, item, receipt)
	c.metrics.Sent(outcome)
	return outcome
}

// Find looks for a message, and counts the look.
func (c countingChannel) Find(ctx context.Context, item notifier.Item, near notifier.Receipt) notifier.Outcome {
	outcome := c.Channel.Find(ctx, item, near)
	c.metrics.Looked(outcome)
	return outcome
}
