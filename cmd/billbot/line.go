package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// poll is the line, for one account: ask what it owes, take that into its
// ledger, evaluate the rules, decide what is worth saying, and commit all of
// it at once. What is to be said is delivered from the outbox later. The error
// says why the account could not be trusted this time.
func (eng *engine) poll(ctx context.Context, account rules.Account, now time.Time) error {
	view, err := eng.load(ctx, account, now)
	if err != nil {
		return err
	}
	answers, err := eng.fetch(ctx, account, view, now)
	if err != nil {
		return errors.Join(err, eng.failed(ctx, view, err, now))
	}
	for {
		ledger, commit, notes := merge(view, answers)
		findings := eng.rules.Evaluate(account, ledger, now)
		alerts, events := rules.Advance(account.ID, view.Alerts, findings, now)
		if !view.Known {
			seed(alerts, events)
		}
		commit.Alerts = alerts
		commit.Items = eng.say(view.Known, account, ledger, alerts, events, now)
		commit.Poll = polled(view.Poll, ledger.Trust, now)
		err = eng.store.Commit(ctx, commit)
		if errors.Is(err, store.ErrMoved) { // a person pressed a button meanwhile: decide again
			if view, err = eng.load(ctx, account, now); err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
		if len(commit.Snapshots) > 0 {
			notes = append(notes, uncounted(findings)...)
		}
		eng.logChange(account, commit, notes, events)
		return distrust(account, ledger.Trust)
	}
}

// ref is an account as sources and the store know it.
func ref(account rules.Account) fetcher.Account {
	return fetcher.Account{Name: account.Name, ID: account.ID}
}

// loadDays is how far back a poll looks: what rules judge by, and the rest of
// the billing period that day lies in.
const loadDays = rules.HistoryDays + 31

func (eng *engine) load(ctx context.Context, account rules.Account, now time.Time) (store.View, error) {
	return eng.store.Load(ctx, ref(account), fetcher.DayOf(now)-loadDays)
}

// fetch asks for the present, and lately after an anchor for the period that
// ended there.
func (eng *engine) fetch(ctx context.Context, account rules.Account, view store.View, now time.Time) ([]fetcher.Answer, error) {
	if wait := view.Poll.NotBefore; wait.After(now) && wait.Sub(now) <= longestWait { // longer: the clock was wrong
		return nil, fmt.Errorf("%s: Cloudflare asked to be left alone until %s", account.Name, wait.Format(time.RFC3339))
	}
	src := eng.sources[account.Name]
	answer, err := src.Fetch(ctx, ref(account), 0, 0, now)
	if err != nil {
		return nil, err
	}
	answers := []fetcher.Answer{answer}
	for _, p := range view.Ledger.EndedLately(answer) {
		ended, err := src.Fetch(ctx, ref(account), p.Start, p.End, now)
		if err != nil {
			eng.log.Warn("the period that ended could not be asked for", "account", account.Name, "err", err)
			continue // the present matters more
		}
		answers = append(answers, ended)
	}
	return answers, nil
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

// say makes the messages of a poll. The first time an account is seen, what is
// the matter already is told in one message, and the alerts have none of their
// own.
func (eng *engine) say(known bool, account rules.Account, ledger fetcher.Ledger, alerts []rules.Alert, events []rules.Event, now time.Time) []notifier.Item {
	if known {
		return notifier.Compose(eng.rules, account, events)
	}
	welcome := report.WelcomeOf(eng.rules, account, ledger, alerts, now)
	return []notifier.Item{notifier.ComposeWelcome(eng.rules, account, welcome, now)}
}

// seed marks what is on when an account is first seen.
func seed(alerts []rules.Alert, events []rules.Event) {
	for i := range alerts {
		alerts[i].Seeded = true
	}
	for i := range events {
		events[i].Alert.Seeded = true
	}
}

// logChange says what a poll changed, for people who read logs.
func (eng *engine) logChange(account rules.Account, commit store.Commit, notes []string, events []rules.Event) {
	log := eng.log.With("account", account.Name)
	for _, note := range notes {
		log.Warn(note)
	}
	for _, r := range commit.Revisions {
		log.Info("restated", "day", r.Day.String(), "service", r.Service, "old", r.OldCost.String(), "new", r.NewCost.String())
	}
	for _, e := range events {
		log.Info("alert "+string(e.Type), "told", !e.Alert.Seeded, "rule", e.Alert.Finding.Rule, "id", e.Alert.ID,
			"service", e.Alert.Finding.Subject.Service, "amount", e.Alert.Finding.Amount.String())
	}
}

// uncounted tells of budgets that leave out money in another currency.
func uncounted(findings []rules.Finding) []string {
	var notes []string
	for _, f := range findings {
		for _, other := range f.Others {
			notes = append(notes, fmt.Sprintf("rule %s is in %s and does not count %s", f.Rule, f.Currency, report.Money(other.Amount, other.Currency)))
		}
	}
	return notes
}

// polled is the state of an account's polling after an answer.
func polled(was fetcher.PollState, trust fetcher.Trust, now time.Time) *fetcher.PollState {
	state := fetcher.PollState{LastAttempt: now, LastTrusted: was.LastTrusted, Trust: trust}
	if trust.Verdict != fetcher.Untrusted {
		state.LastTrusted = now
	}
	return &state
}

// longestWait caps what a source can ask us to wait.
const longestWait = 15 * time.Minute

// failed keeps why a poll failed, and how long the source asked to be left
// alone.
func (eng *engine) failed(ctx context.Context, view store.View, cause error, now time.Time) error {
	state := view.Poll
	state.LastAttempt, state.Failure = now, cause.Error()
	var asked interface{ Wait() time.Duration }
	if errors.As(cause, &asked) && asked.Wait() > 0 {
		state.NotBefore = now.Add(min(asked.Wait(), longestWait))
	}
	return eng.store.Commit(ctx, store.Commit{Account: view.Ledger.Account, Generation: view.Generation, Poll: &state})
}

// distrust is the error of an answer that cannot be believed.
func distrust(account rules.Account, trust fetcher.Trust) error {
	if trust.Verdict != fetcher.Untrusted {
		return nil
	}
	return fmt.Errorf("%s: untrusted answer: %s", account.Name, trust.Reason)
}
