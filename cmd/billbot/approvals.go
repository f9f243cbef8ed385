package main

import (
	"context"
	"errors"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
)

// Actions of rules: a person says yes, a webhook is told, and says what became of
// it. Each step is a commit of the alert, its message and the audit trail.

// Answer says yes or no to the action of an alert, or wants it back.
func (eng *engine) Answer(ctx context.Context, id, user string, answer rules.Answer, now time.Time) error {
	err := eng.act(ctx, id, func(a rules.Alert) (rules.Alert, rules.Event, error) {
		return a.Answered(ruleOf(eng.newest().rules, a).Action, user, answer, now)
	})
	if errors.Is(err, rules.ErrLate) {
		return errors.Join(err, eng.lapseOne(ctx, id, now))
	}
	return err
}

// lapse ends the questions that nobody answered in time.
func (eng *engine) lapse(ctx context.Context, now time.Time) error {
	if !eng.rules.Asks() {
		return nil
	}
	kept, err := eng.store.Alerts(ctx)
	if err != nil {
		return wrap("looking for questions that have expired", err)
	}
	var failures []error
	for _, k := range kept {
		if k.Alert.Lapses(now) {
			failures = append(failures, wrap("ending a question", eng.lapseOne(ctx, k.Alert.ID, now)))
		}
	}
	return errors.Join(failures...)
}

func (eng *engine) lapseOne(ctx context.Context, id string, now time.Time) error {
	return settled(eng.act(ctx, id, func(a rules.Alert) (rules.Alert, rules.Event, error) { return a.Lapse(now) }))
}

// settled forgives what somebody else did in between.
func settled(err error) error {
	if errors.Is(err, rules.ErrAlready) || errors.Is(err, rules.ErrNoAction) || errors.Is(err, slack.ErrNoAlert) {
		return nil
	}
	return err
}

// acting is the channel of a webhook whose answers to actions are kept.
type acting struct {
	notifier.Channel
	eng *engine
}

// Send makes one attempt. Where its answer cannot be kept, it counts as lost: the
// webhook is told again, under the same ID, and answers the same.
func (c acting) Send(ctx context.Context, item notifier.Item, receipt *notifier.Receipt) notifier.Outcome {
	outcome := c.Channel.Send(ctx, item, receipt)
	s := item.Content.Signal
	if s.Type != notifier.Acted || outcome.Class != notifier.Sent {
		return outcome
	}
	if err := c.eng.keepAnswer(ctx, *s, rules.ApprovalState(outcome.Said), item.StartedAt); err != nil {
		return notifier.Outcome{Class: notifier.Retry, Err: err}
	}
	return outcome
}

// keepAnswer keeps that a webhook took an action, and what it said became of it.
func (eng *engine) keepAnswer(ctx context.Context, s notifier.Signal, said rules.ApprovalState, now time.Time) error {
	reverse := s.Alert.Approval != nil && s.Alert.Approval.Reverse
	err := settled(eng.act(ctx, s.Alert.ID, func(a rules.Alert) (rules.Alert, rules.Event, error) { return a.Told(said, reverse, now) }))
	if err == nil {
		eng.acted.Store(true)
	}
	return wrap("keeping what became of an action", err)
}

// deedsOf is what of events goes into the audit trail.
func deedsOf(events []rules.Event) []rules.Deed {
	var deeds []rules.Deed
	for _, e := range events {
		if e.Deed != nil {
			deeds = append(deeds, *e.Deed)
		}
	}
	return deeds
}
