package main

import (
	"context"
	"errors"
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
	return errors.Join(eng.commit(ctx, []heard{eng.ask(ctx, account, now)}, now)...)
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
	commit store.Commit
	ledger fetcher.Ledger // what is known now
	events []rules.Event
	notes  []string // for the log
	err    error    // why the account cannot be trusted
}

// decide is the heart of the line: what is true now, and what of it is worth
// saying. It asks nobody and writes nothing.
func (eng *engine) decide(h heard, now time.Time) decision {
	if h.err != nil {
		return eng.decideUnheard(h, now)
	}
	ledger, commit, notes := merge(h.view, h.answers)
	commit.Poll = polled(h.view.Poll, ledger.Trust, now)
	findings := eng.rules.Evaluate(h.account, ledger, now)
	if len(commit.Snapshots) > 0 {
		notes = append(notes, uncounted(findings)...)
	}
	findings = append(findings, eng.rules.EvaluateTrust(rules.Watched{Account: h.account, Ledger: ledger, Poll: *commit.Poll}, now)...)
	alerts, events := rules.Advance(h.account.ID, h.view.Alerts, findings, now)
	if h.first() {
		seed(alerts, events)
	}
	commit.Alerts, commit.Items = alerts, eng.compose(h, alerts, events)
	if h.first() {
		commit.Items = append(commit.Items, eng.welcome(h.account, ledger, alerts, now))
	}
	return decision{commit, ledger, events, notes, distrust(h.account, ledger.Trust)}
}

// decideUnheard decides where there is no answer. Nothing is known then that
// was not known before, but for how long that has been so.
func (eng *engine) decideUnheard(h heard, now time.Time) decision {
	if h.unread {
		return decision{err: h.err}
	}
	commit := failed(h.view, h.err, now)
	watched := rules.Watched{Account: h.account, Ledger: h.view.Ledger, Poll: *commit.Poll}
	alerts, events := rules.Advance(h.account.ID, rules.OfTrust(h.view.Alerts), eng.rules.EvaluateTrust(watched, now), now)
	commit.Alerts, commit.Items = alerts, eng.compose(h, alerts, events)
	return decision{commit: commit, ledger: h.view.Ledger, events: events, err: h.err}
}

// commit decides about accounts and writes it all in one transaction. If a
// person pressed a button meanwhile, it decides again, account by account. It
// returns an error for each account that could not be trusted.
func (eng *engine) commit(ctx context.Context, batch []heard, now time.Time) []error {
	decisions := make([]decision, len(batch))
	commits := make([]store.Commit, len(batch))
	for i, h := range batch {
		decisions[i] = eng.decide(h, now)
		if eng.reach.See(h.account, decisions[i].ledger); h.unread {
			eng.reach.Miss()
		}
		commits[i] = decisions[i].commit
	}
	err := eng.store.Commit(ctx, commits...)
	if errors.Is(err, store.ErrMoved) {
		return eng.commitAgain(ctx, batch, now)
	}
	if err != nil {
		return []error{err}
	}
	var failures []error
	for i, d := range decisions {
		eng.logChange(batch[i].account, d)
		if d.err != nil {
			failures = append(failures, d.err)
		}
	}
	return failures
}

func (eng *engine) commitAgain(ctx context.Context, batch []heard, now time.Time) []error {
	var failures []error
	for _, h := range batch {
		var err error
		if h.view, err = eng.load(ctx, h.account, now); err != nil {
			failures = append(failures, err)
			continue
		}
		failures = append(failures, eng.commit(ctx, []heard{h}, now)...)
	}
	return failures
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
func (eng *engine) welcome(account rules.Account, ledger fetcher.Ledger, alerts []rules.Alert, now time.Time) notifier.Item {
	return notifier.ComposeWelcome(eng.rules, account, report.WelcomeOf(eng.rules, account, ledger, alerts, now), now)
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
