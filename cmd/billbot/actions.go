package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// What people do about alerts, from a button, a form or a command: the change of
// the alert, the message that tells of it and the entry in the audit trail are
// one commit.

var _ slack.Actions = (*engine)(nil)

// Acknowledge records that a user looks after an alert, or after all alerts
// that share a message.
func (eng *engine) Acknowledge(ctx context.Context, id, user string, now time.Time) error {
	return eng.act(ctx, id, func(a rules.Alert) (rules.Alert, rules.Event, error) { return a.Acknowledge(user, "", now) })
}

// Snooze keeps alerts out of the channel until a moment.
func (eng *engine) Snooze(ctx context.Context, id, user string, until, now time.Time) error {
	return eng.act(ctx, id, func(a rules.Alert) (rules.Alert, rules.Event, error) { return a.Snooze(user, "", until, now) })
}

// Expect keeps alerts out of the channel through a day, and says why.
func (eng *engine) Expect(ctx context.Context, id, user, reason string, until fetcher.Day, now time.Time) error {
	return eng.act(ctx, id, func(a rules.Alert) (rules.Alert, rules.Event, error) { return a.Expect(user, reason, until, now) })
}

// Shown returns an alert, or the alerts of a message, and where they are told.
func (eng *engine) Shown(ctx context.Context, id string) (slack.Shown, error) {
	eng = eng.newest()
	told, err := eng.told(ctx, id)
	if err != nil {
		return slack.Shown{}, err
	}
	alerts := named(told.Alerts, id)
	shown := slack.Shown{Alerts: alerts, Channel: notifier.ChannelOf(eng.rules, eng.accountOf(told.Account), ruleOf(eng.rules, alerts[0]))}
	shown.Receipt, err = eng.store.Receipt(ctx, alerts[0].MessageKey())
	return shown, err
}

// Why says why alerts speak. Of many that share a message, the first few do.
func (eng *engine) Why(ctx context.Context, id string) ([]string, error) {
	eng = eng.newest()
	shown, err := eng.Shown(ctx, id)
	if err != nil {
		return nil, err
	}
	var said []string
	for _, a := range shown.Alerts[:min(len(shown.Alerts), notifier.StormShown)] {
		said = append(said, report.Because(a, ruleOf(eng.rules, a))...)
	}
	return said, nil
}

// act does something about alerts and commits it. Where a poll, or another
// person, came in between, it is done again on what is so by then.
func (eng *engine) act(ctx context.Context, id string, do func(rules.Alert) (rules.Alert, rules.Event, error)) error {
	for {
		eng = eng.newest()
		told, err := eng.told(ctx, id)
		if err != nil {
			return err
		}
		commit, err := eng.decideAct(told, id, do)
		if err != nil {
			return err
		}
		if err := eng.illustrate(ctx, commit); err != nil {
			return err
		}
		if err = eng.store.Commit(ctx, commit); !errors.Is(err, store.ErrMoved) {
			return err
		}
	}
}

// decideAct makes the commit of what a person does. Of several alerts those
// count that it can be done about; where there are none, the error says why not.
func (eng *engine) decideAct(told *store.Told, id string, do func(rules.Alert) (rules.Alert, rules.Event, error)) (store.Commit, error) {
	commit := store.Commit{Account: told.Account, Generation: told.Generation}
	var events []rules.Event
	var refused error
	for _, a := range named(told.Alerts, id) {
		changed, event, err := do(a)
		if err != nil {
			if refused == nil || errors.Is(refused, rules.ErrOver) {
				refused = err // of what is on, rather than of what is over
			}
			continue
		}
		commit.Alerts, commit.Audit = append(commit.Alerts, changed), append(commit.Audit, *event.Deed)
		events = append(events, event)
	}
	if len(events) == 0 {
		return commit, refused
	}
	alerts := replaceAlerts(slices.Clone(told.Alerts), commit.Alerts)
	commit.Items = notifier.Compose(eng.rules, eng.accountOf(told.Account), alerts, events)
	return commit, nil
}

// illustrate adds to the messages of a deed what they show of the bill: an edit
// without it would take the chart away.
func (eng *engine) illustrate(ctx context.Context, commit store.Commit) error {
	if len(commit.Audit) == 0 {
		return nil
	}
	view, err := eng.store.Bill(ctx, commit.Account, eng.rules.Reach(fetcher.DayOf(commit.Audit[0].At)))
	if err != nil {
		return err
	}
	notifier.Illustrate(eng.rules, view.Bill, commit.Items)
	return nil
}

// told finds what an account was told, by the ID of one of its alerts or the key
// of a message that several share.
func (eng *engine) told(ctx context.Context, id string) (*store.Told, error) {
	told, err := eng.store.Told(ctx, strings.TrimPrefix(id, notifier.StormPrefix))
	if err != nil {
		return nil, err
	}
	if told == nil || len(named(told.Alerts, id)) == 0 {
		return nil, fmt.Errorf("%w: %s", slack.ErrNoAlert, report.Name(id, 40))
	}
	return told, nil
}

// named is the alert of an ID, or those that share the message of that key,
// those that are on first.
func named(alerts []rules.Alert, id string) []rules.Alert {
	found := slices.DeleteFunc(slices.Clone(alerts), func(a rules.Alert) bool { return a.ID != id && a.Message != id })
	slices.SortStableFunc(found, onFirst)
	return found
}

// accountOf is an account of the rules file, or all together.
func (eng *engine) accountOf(account fetcher.Account) rules.Account {
	if account.ID == rules.FleetID {
		return eng.fleet()
	}
	return accountOf(eng.rules, account)
}

func ruleOf(r *rules.Rules, a rules.Alert) rules.Rule {
	for _, rule := range r.Rules {
		if rule.Name == a.Finding.Rule {
			return rule
		}
	}
	return rules.Rule{Name: a.Finding.Rule}
}
