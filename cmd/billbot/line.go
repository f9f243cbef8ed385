package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// The line, for one account at a poll: ask what it owes, take that into its
// ledger, evaluate the rules, decide what is worth saying, and commit all of it
// at once. What is to be said is delivered from the outbox later.

// poll walks the line for one account. The error says why it could not be
// trusted this time.
func (eng *engine) poll(ctx context.Context, account rules.Account, now time.Time) error {
	return errors.Join(eng.commit(ctx, []decision{eng.decide(eng.ask(ctx, account, now), now)}, now)...)
}

// heard is what was asked of one account, and what is known of it.
type heard struct {
	account rules.Account
	view    store.View
	answers []fetcher.Answer
	err     error // why there are no answers
	unread  bool  // not even what is known could be read
}

// first reports whether the account was never heard of before. What is the
// matter with it already is told in its first message.
func (h heard) first() bool { return !h.view.Known || h.view.Poll.LastTrusted.IsZero() }

// decision is what follows from what was heard.
type decision struct {
	account rules.Account
	commit  store.Commit   // prepared
	bill    fetcher.Bill   // as it is known now
	spends  []report.Spend // what it costs, where that changed, or is not on the desk
	budgets []report.BudgetLine
	events  []rules.Event
	notes   []string // for the log
	err     error    // why the account cannot be trusted
	unread  bool     // nothing is known, and nothing follows
}

// decide is the heart of the line: what is true now, and what of it is worth
// saying. It asks nobody and writes nothing.
func (eng *engine) decide(h heard, now time.Time) decision {
	if h.err != nil {
		return eng.decideUnheard(h, now)
	}
	ledger, commit, notes := merge(h.view, h.answers)
	bill := h.view.Bill.With(ledger, slices.Collect(maps.Keys(commit.Periods)))
	commit.Poll = polled(h.view.Poll, ledger.Trust, now)
	findings := eng.rules.Evaluate(h.account, bill, now)
	budgets := report.BudgetLines(findings)
	if len(commit.Snapshots) > 0 {
		notes = append(notes, uncounted(findings)...)
	}
	watched := rules.Watched{Account: h.account, Bill: bill, Ledger: ledger, Poll: *commit.Poll}
	findings = append(findings, eng.rules.EvaluateTrust(watched, now)...)
	alerts, events := eng.advance(h, findings, now)
	eng.rules.Causes(h.account, bill, alerts, events, now)
	if h.first() {
		seed(alerts, events)
	}
	events = eng.rules.Ask(alerts, events, now)
	commit.Audit = deedsOf(events)
	commit.Alerts, commit.Items = alerts, eng.compose(h, alerts, events)
	notifier.Illustrate(eng.rules, bill, commit.Items)
	if h.first() {
		commit.Items = append(commit.Items, eng.welcome(h.account, bill, alerts, now))
	}
	d := decision{
		account: h.account, commit: commit, bill: bill, budgets: budgets, events: events, notes: notes, err: distrust(h.account, ledger.Trust),
	}
	if len(commit.Periods) > 0 || !eng.metrics.Knows(h.account.Name) {
		d.spends = report.SpendOf(bill, now) // here, where nobody waits, rather than when somebody asks
	}
	return prepared(d)
}

// advance decides what is worth saying: that nobody watches what was told, and
// what is true of the rest.
func (eng *engine) advance(h heard, findings []rules.Finding, now time.Time) ([]rules.Alert, []rules.Event) {
	retired, gone := eng.rules.Retire(h.account, h.view.Alerts, now)
	alerts, events := rules.Advance(h.account.ID, replaceAlerts(slices.Clone(h.view.Alerts), retired), findings, now)
	return append(retired, alerts...), append(gone, events...)
}

// decideUnheard decides where there is no answer. Nothing is known then that
// was not known before, but for how long that has been so.
func (eng *engine) decideUnheard(h heard, now time.Time) decision {
	if h.unread {
		return decision{account: h.account, err: h.err, unread: true}
	}
	commit := failed(h.view, h.err, now)
	watched := rules.Watched{Account: h.account, Bill: h.view.Bill, Ledger: h.view.Ledger, Poll: *commit.Poll}
	alerts, events := rules.Advance(h.account.ID, rules.OfTrust(h.view.Alerts), eng.rules.EvaluateTrust(watched, now), now)
	commit.Alerts, commit.Items = alerts, eng.compose(h, alerts, events)
	d := decision{account: h.account, commit: commit, bill: h.view.Bill, events: events, err: h.err}
	eng.measureUnheard(&d, now)
	return prepared(d)
}

// prepared encodes what a decision is to write, which is the longest part of
// writing it: accounts do it side by side, before the one transaction.
func prepared(d decision) decision {
	var err error
	if d.commit, err = store.Prepare(d.commit); err != nil {
		return decision{account: d.account, err: err, unread: true}
	}
	return d
}

// commit writes decisions in one transaction. If an account has moved on since
// it was asked, as a person pressed a button, the accounts walk the line again,
// one by one, as they do where what is kept of one cannot be read. It returns an error for each account that could not be trusted.
func (eng *engine) commit(ctx context.Context, batch []decision, now time.Time) []error {
	commits := make([]store.Commit, len(batch))
	for i, d := range batch {
		commits[i] = d.commit
	}
	err := eng.store.Commit(ctx, commits...)
	if errors.Is(err, store.ErrMoved) || errors.Is(err, store.ErrDamaged) && len(batch) > 1 {
		return eng.commitAgain(ctx, batch, now)
	}
	if err != nil {
		for _, d := range batch {
			eng.metrics.Lost(d.account.Name)
		}
		return []error{err}
	}
	var failures []error
	for _, d := range batch {
		eng.logChange(d)
		eng.measure(d)
		if len(d.spends) > 0 && len(d.commit.Periods) > 0 { // else the generation stays as it is
			eng.desk.Keep(d.account.ID, d.commit.Generation+1, fetcher.DayOf(now), d.spends)
		}
		if d.err != nil {
			failures = append(failures, d.err)
		}
	}
	return failures
}

func (eng *engine) commitAgain(ctx context.Context, batch []decision, now time.Time) []error {
	if len(batch) > 1 {
		var failures []error
		for _, d := range batch {
			failures = append(failures, eng.commit(ctx, []decision{d}, now)...)
		}
		return failures
	}
	if err := ctx.Err(); err != nil {
		return []error{err}
	}
	if err := eng.poll(ctx, batch[0].account, now); err != nil {
		return []error{err}
	}
	return nil
}

// ref is an account as sources and the store know it.
func ref(account rules.Account) fetcher.Account {
	return fetcher.Account{Name: account.Name, ID: account.ID}
}

func (eng *engine) load(ctx context.Context, account rules.Account, now time.Time) (store.View, error) {
	return eng.store.Load(ctx, ref(account), eng.rules.Reach(fetcher.DayOf(now)))
}

// merge takes the answers into the ledger and says what to commit.
// The notes are for the log.
func merge(view store.View, answers []fetcher.Answer) (ledger fetcher.Ledger, commit store.Commit, notes []string) {
	ledger = view.Ledger
	commit = store.Commit{Account: ledger.Account, Generation: view.Generation, Periods: map[fetcher.Day][]fetcher.Charge{}}
	for _, answer := range answers {
		var change fetcher.Change
		ledger, change = ledger.Merge(answer)
		for _, start := range change.Periods {
			commit.Periods[start] = ledger.InPeriod(start)
		}
		commit.Revisions = append(commit.Revisions, change.Revisions...)
		notes = append(notes, change.Notes...)
		if change.Snapshot != nil {
			commit.Snapshots = append(commit.Snapshots, *change.Snapshot)
		}
		if change.Doubts {
			commit.Doubts = &ledger.Doubts
		}
		if change.Terms {
			commit.Terms = &ledger.Terms
		}
	}
	return ledger, commit, notes
}

// compose makes the messages of what changed. Alerts that fire together may
// share one, which is kept with them.
func (eng *engine) compose(h heard, changed []rules.Alert, events []rules.Event) []notifier.Item {
	notifier.Gather(eng.rules, h.account, changed, events)
	return notifier.Compose(eng.rules, h.account, replaceAlerts(slices.Clone(h.view.Alerts), changed), events)
}

// welcome is the first message about an account.
func (eng *engine) welcome(account rules.Account, bill fetcher.Bill, alerts []rules.Alert, now time.Time) notifier.Item {
	return notifier.ComposeWelcome(eng.rules, account, report.WelcomeOf(eng.rules, account, bill, alerts, now), now)
}

// seed marks what is on when an account is first seen: its alerts have no
// message of their own. That nobody could see it until now has one.
func seed(alerts []rules.Alert, events []rules.Event) {
	told := map[string]bool{}
	for i, e := range events {
		told[e.Alert.ID] = e.Type != rules.Fired
		events[i].Alert.Seeded = e.Type == rules.Fired
	}
	for i, a := range alerts {
		alerts[i].Seeded = !told[a.ID]
	}
}
