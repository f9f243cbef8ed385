package main

import (
	"context"
	"errors"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// closePeriods enqueues the closes of billing periods that can change no more,
// once for each account and period: six days after a period ended, at the
// summary's local time. One that nobody could see settle, as no trusted answer
// came since, waits for that. It looks once a local day: which periods have
// ended is only known from every account's bill.
func (eng *engine) closePeriods(ctx context.Context, s rules.Summary, now time.Time) error {
	local := now.In(eng.rules.Timezone)
	today := fetcher.NewDay(local.Date())
	if !cameBy(s, local, 0, 0) || eng.closed.Load() == int64(today) {
		return nil
	}
	var failures []error // one account's is no other's
	for _, account := range eng.rules.Accounts {
		view, err := eng.load(ctx, account, now)
		if err != nil {
			failures = append(failures, wrap("closing billing periods of "+account.Name, err))
			continue
		}
		for _, p := range report.Settled(view.Bill, today, closeLate) {
			if fetcher.DayOf(view.Poll.LastTrusted) <= p.End+fetcher.LateDays || view.Bill.First() > p.Start {
				continue
			}
			if err := eng.closePeriod(ctx, account, p, now); err != nil {
				failures = append(failures, wrap("closing a billing period of "+account.Name, err))
			}
		}
	}
	if len(failures) == 0 {
		eng.closed.Store(int64(today))
	}
	return errors.Join(failures...)
}

func (eng *engine) closePeriod(ctx context.Context, account rules.Account, p fetcher.Period, now time.Time) error {
	channel := notifier.ChannelOf(eng.rules, account, rules.Rule{})
	key := "period-" + p.Start.String() + "-" + account.ID
	done, err := eng.store.SummaryDone(ctx, channel, key)
	if err != nil || done {
		return err
	}
	view, err := eng.store.Load(ctx, ref(account), eng.rules.Reach(p.Start))
	if err != nil {
		return err
	}
	findings := eng.rules.Evaluate(account, view.Bill.Until(p.End), p.End.Time()) // while it still goes on: after, budgets are no longer told
	item := notifier.Item{
		Key: key, Channel: channel, CreatedAt: now,
		Content: notifier.Content{Closes: report.CloseOf(view.Bill, p, findings, view.Alerts)},
	}
	_, err = eng.store.EnqueueSummary(ctx, channel, key, now, &item)
	return err
}
