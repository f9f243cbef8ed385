package main

import (
	"context"
	"errors"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// summarize enqueues the summaries that are due and not enqueued yet. Whether
// one is due is asked again and again rather than scheduled: a schedule in
// local time skips or doubles on days that change the clock, and misses what
// was due while nobody ran.
func (eng *engine) summarize(ctx context.Context, now time.Time) error {
	var failures []error // one channel's is no other's
	for _, s := range eng.rules.Summaries {
		if s.Every == rules.EveryBillingPeriod {
			failures = append(failures, eng.closePeriods(ctx, s, now))
		}
		d, isDue := dueSummary(s, eng.rules.Timezone, now)
		if !isDue {
			continue
		}
		for _, channel := range eng.summaryChannels() {
			failures = append(failures, wrap("summary for "+channel.name, eng.summarizeChannel(ctx, s, channel, d, now)))
		}
	}
	return errors.Join(failures...)
}

// summarizeIfSwept leaves the summaries that are due when billbot starts to its
// first sweep: what is known before it is old.
func (eng *engine) summarizeIfSwept(ctx context.Context, now time.Time) error {
	if !eng.swept.Load() {
		return nil
	}
	return eng.summarize(ctx, now)
}

// summaryChannel is a channel with the accounts it hears about.
type summaryChannel struct {
	name     string
	accounts []rules.Account
}

// summaryChannels returns the channels in the order of the accounts.
func (eng *engine) summaryChannels() []summaryChannel {
	var found []summaryChannel
	at := map[string]int{}
	for _, account := range eng.rules.Accounts {
		name := notifier.ChannelOf(eng.rules, account, rules.Rule{})
		i, seen := at[name]
		if !seen {
			i = len(found)
			at[name] = i
			found = append(found, summaryChannel{name: name})
		}
		found[i].accounts = append(found[i].accounts, account)
	}
	return found
}

func (eng *engine) summarizeChannel(ctx context.Context, s rules.Summary, channel summaryChannel, d due, now time.Time) error {
	done, err := eng.store.SummaryDone(ctx, channel.name, d.key)
	if err != nil || done {
		return err
	}
	if d.late { // nothing was missed where there never was one
		if known, err := eng.store.SummaryBefore(ctx, channel.name, d.key); err != nil || !known {
			return err
		}
	}
	watched, err := eng.watch(ctx, channel.accounts, now)
	if err != nil {
		return err
	}
	if watched == nil {
		return nil
	}
	totals, err := eng.totalsFor(ctx, channel.name, now)
	if err != nil && !errors.Is(err, store.ErrDamaged) { // the account that is damaged is named
		return err
	}
	summary := report.SummaryOf(eng.rules, watched, totals, d.date, now)
	if d.span != (fetcher.Period{}) {
		summary = report.OverSpan(summary, s.Every, d.span, watched)
	}
	summary = report.Detail(summary, watched)
	var item *notifier.Item
	var signals []notifier.Item
	if !summary.Short || s.Quiet != rules.QuietSkip {
		item = &notifier.Item{
			Key: "summary-" + d.key + "-" + channel.name, Channel: channel.name, CreatedAt: now,
			Content: notifier.Content{Summary: &summary},
		}
		signals = notifier.SignalSummary(eng.rules, channel.accounts, summary, now)
	}
	_, err = eng.store.EnqueueSummary(ctx, channel.name, d.key, now, item, signals...)
	return err
}

// watch loads accounts for a summary; nil while nobody has tried to poll any. One
// of which what is kept is damaged is named, without figures.
func (eng *engine) watch(ctx context.Context, accounts []rules.Account, now time.Time) ([]report.Watched, error) {
	var watched []report.Watched
	polled := false
	for _, account := range accounts {
		view, err := eng.load(ctx, account, now)
		if errors.Is(err, store.ErrDamaged) {
			view, err = store.View{Poll: eng.damagedPoll(ctx, account, now)}, nil
			view.Bill.Account = ref(account)
		}
		if err != nil {
			return nil, err
		}
		polled = polled || !view.Poll.LastAttempt.IsZero()
		watched = append(watched, report.Watched{Account: account, Bill: view.Bill, Poll: view.Poll, Alerts: view.Alerts})
	}
	if !polled {
		return nil, nil
	}
	return watched, nil
}
