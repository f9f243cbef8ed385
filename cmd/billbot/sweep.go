package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/billbot/billbot/cmd/billbot/metrics"
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// sweep polls every account, then judges the rules that look across accounts,
// then enqueues the summaries that are due. One account's failure stops no
// other; the error joins them all. When there is none, the heartbeat says so.
func (eng *engine) sweep(ctx context.Context, now time.Time) error {
	eng.sweeping.Lock()
	defer eng.sweeping.Unlock()
	eng = eng.newest() // the rules stay as they are now to the end of the sweep
	work, release := inHand(ctx)
	defer release()
	eng.reach, eng.damaged = eng.rules.NewReach(), map[string]bool{}
	failures := eng.pollAll(ctx, work, now)
	eng.log.Info("polled", "accounts", len(eng.rules.Accounts), "failed", len(failures))
	if err := ctx.Err(); err != nil {
		return errors.Join(append(failures, err)...)
	}
	failures = append(failures, eng.judgeTogether(work, now), eng.retireAccounts(work, now), eng.lapse(work, now), eng.summarize(work, now))
	eng.swept.Store(true)
	if err := errors.Join(failures...); err != nil {
		return err
	}
	eng.heart.beat(work)
	return nil
}

// inHand is a context for work that is finished even when billbot is told to
// stop: it ends some seconds after ctx does.
func inHand(ctx context.Context) (context.Context, context.CancelFunc) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(workPatience, cancel) })
	return work, func() { stop(); cancel() }
}

// judgeTogether judges what takes all accounts to judge: the rules per total,
// on what every account is known to owe, and whether each rule chooses anything.
func (eng *engine) judgeTogether(ctx context.Context, now time.Time) error {
	findings := append(eng.reach.Findings(), eng.kept(ctx, now)...)
	var unknown error
	if eng.rules.HasTotals() {
		var totals []rules.Finding
		totals, unknown = eng.measureTotals(ctx, now)
		findings = append(findings, totals...)
		eng.metrics.KeepBudgets(metrics.AllAccounts, report.BudgetLines(totals))
	}
	for {
		view, err := eng.load(ctx, fleet, now)
		if err != nil {
			return errors.Join(unknown, err)
		}
		alerts, events := eng.advance(heard{account: fleet, view: view}, findings, now)
		if !view.Known {
			seedTotals(alerts, events)
		}
		events = eng.rules.Ask(alerts, events, now)
		err = eng.store.Commit(ctx, store.Commit{
			Account: fetcher.Account{ID: rules.FleetID}, Generation: view.Generation,
			Alerts: alerts, Items: notifier.Compose(eng.rules, eng.fleet(), alerts, events), Audit: deedsOf(events),
		})
		if !errors.Is(err, store.ErrMoved) {
			return wrap("judging the rules across accounts", errors.Join(unknown, err))
		}
	}
}

// seedTotals marks the totals that are over when they are first judged. That a
// rule chooses nothing is worth a word on the first day.
func seedTotals(alerts []rules.Alert, events []rules.Event) {
	for i, a := range alerts {
		alerts[i].Seeded = !a.Finding.IsUnknown()
	}
	for i, e := range events {
		events[i].Alert.Seeded = !e.Alert.Finding.IsUnknown()
	}
}

// fleet is all accounts together, with a channel: where there is no default,
// that of the first account.
func (eng *engine) fleet() rules.Account {
	all := fleet
	if eng.rules.Slack.Channel == "" && len(eng.rules.Accounts) > 0 {
		all.Channel = eng.rules.Accounts[0].Channel
	}
	return all
}

// fleet stands for all accounts together.
var fleet = rules.Account{ID: rules.FleetID}

// measureTotals is what is true across accounts.
func (eng *engine) measureTotals(ctx context.Context, now time.Time) ([]rules.Finding, error) {
	watched := make([]rules.Watched, len(eng.rules.Accounts))
	for i, account := range eng.rules.Accounts {
		view, err := eng.load(ctx, account, now)
		if err != nil {
			return nil, err
		}
		watched[i] = rules.Watched{Account: account, Bill: view.Bill}
	}
	return eng.rules.EvaluateTotals(watched, now), nil
}

// totalsFor is what a channel's summary says of the rules across accounts:
// nothing where their alerts go to another channel.
func (eng *engine) totalsFor(ctx context.Context, channel string, now time.Time) (report.Totals, error) {
	if !eng.rules.HasTotals() || channel != notifier.ChannelOf(eng.rules, eng.fleet(), rules.Rule{}) {
		return report.Totals{}, nil
	}
	findings, err := eng.measureTotals(ctx, now)
	if err != nil {
		return report.Totals{}, err
	}
	view, err := eng.load(ctx, fleet, now)
	return report.TotalsOf(findings, view.Alerts), err
}

// deliver sends what is due, and what webhooks answered to that.
func (eng *engine) deliver(ctx context.Context, now time.Time) error {
	err := eng.deliverer.Deliver(ctx, now)
	if eng.acted.Swap(false) {
		err = errors.Join(err, eng.deliverer.Deliver(ctx, now))
	}
	return wrap("delivering", err)
}

// deliverGroups sends what is due, and leaves new alerts some seconds to come
// together.
func (eng *engine) deliverGroups(ctx context.Context, now time.Time) error {
	return wrap("delivering", eng.deliverer.DeliverGroups(ctx, now))
}

// deliverSignals sends what webhooks are to be told, beside what people are.
func (eng *engine) deliverSignals(ctx context.Context, now time.Time) error {
	return wrap("telling webhooks", eng.deliverer.DeliverSignals(ctx, now))
}

// wrap adds what was being done to an error, and leaves nil alone.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
