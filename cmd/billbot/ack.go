package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// whoCmd is who does something, and why: it is told in the alert's thread and
// kept in the audit trail.
type whoCmd struct {
	By     string `help:"Who you are: a name, or a Slack user's ID." placeholder:"NAME"`
	Reason string `help:"Why, for the alert's thread." placeholder:"TEXT"`
}

// name is who does it.
func (w whoCmd) name() string { return report.Name(cmp.Or(w.By, "the command line"), 60) }

type ackCmd struct {
	ID string `arg:"" help:"The alert, by the ID that its message and billbot alerts show." placeholder:"ID"`
	whoCmd
}

// Run acknowledges an alert.
func (c *ackCmd) Run(ctx context.Context, e env) error {
	now := e.now()
	return e.act(ctx, c.ID, "acknowledged", func(*engine) (doing, error) {
		return func(a rules.Alert) (rules.Alert, rules.Event, error) { return a.Acknowledge(c.name(), c.Reason, now) }, nil
	})
}

type snoozeCmd struct {
	ID  string `arg:"" help:"The alert, by the ID that its message and billbot alerts show." placeholder:"ID"`
	For string `arg:"" help:"For how long: 24h, 7d, or period (until its period ends)." placeholder:"24h|7d|period"`
	whoCmd
}

// Run snoozes an alert.
func (c *snoozeCmd) Run(ctx context.Context, e env) error {
	now := e.now()
	if _, err := snoozeUntil(c.For, nil, now); err != nil {
		return usageError{err}
	}
	return e.act(ctx, c.ID, "snoozed", func(eng *engine) (doing, error) {
		shown, err := eng.Shown(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		until, err := snoozeUntil(c.For, shown.Alerts, now)
		return func(a rules.Alert) (rules.Alert, rules.Event, error) { return a.Snooze(c.name(), c.Reason, until, now) }, err
	})
}

// snoozeForm is a number of hours or days.
var snoozeForm = regexp.MustCompile(`^([1-9][0-9]{0,3})(h|d)$`)

// snoozeUntil is when a snooze of so long ends: 24h, 7d or period.
func snoozeUntil(written string, alerts []rules.Alert, now time.Time) (time.Time, error) {
	if written == "period" {
		return slack.PeriodEnd(alerts), nil
	}
	parts := snoozeForm.FindStringSubmatch(written)
	if parts == nil {
		return time.Time{}, fmt.Errorf("%q is not how long to snooze: write 24h, 7d or period", written)
	}
	n, _ := strconv.Atoi(parts[1]) // four digits at most
	if parts[2] == "d" {
		n *= 24
	}
	return now.Add(time.Duration(n) * time.Hour), nil
}

// doing is what is done about one alert.
type doing func(rules.Alert) (rules.Alert, rules.Event, error)

// act does something about an alert, as the daemon or in its absence. The
// message is edited by the daemon, or with the next poll.
func (e env) act(ctx context.Context, id, done string, what func(*engine) (doing, error)) error {
	return e.withAlerts(func(eng *engine) error {
		do, err := what(eng)
		if err == nil {
			err = eng.act(ctx, id, do)
		}
		if err != nil {
			return notDone(id, err)
		}
		fmt.Fprintf(e.stdout, "%s %s\n", done, id)
		if e.shared == nil {
			fmt.Fprintln(e.stderr, "hint: its message in Slack changes with the next billbot poll or run")
		}
		return nil
	})
}

// notDone says for people why an alert is as it was.
func notDone(id string, err error) error {
	switch {
	case errors.Is(err, slack.ErrNoAlert):
		return fmt.Errorf("no alert %s: billbot alerts lists them", report.Name(id, 40))
	case errors.Is(err, rules.ErrOver):
		return fmt.Errorf("alert %s is over: nothing was changed", id)
	case errors.Is(err, rules.ErrAlready):
		return fmt.Errorf("alert %s: that is so already, nothing was changed", id)
	case errors.Is(err, rules.ErrPast):
		return fmt.Errorf("alert %s: that moment is past, or its period is over", id)
	case errors.Is(err, rules.ErrFar):
		return usageError{fmt.Errorf("alert %s: that is more than a year ahead", id)}
	}
	return err
}

// withAlerts gives a command what it takes to change alerts: the daemon's
// engine, or one without sources and channels.
func (e env) withAlerts(use func(*engine) error) error {
	if e.shared != nil {
		return use(e.shared)
	}
	r, err := e.loadRules()
	if err != nil {
		return err
	}
	if _, err := os.Stat(e.dbFile); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("no database %s yet: billbot poll or billbot run makes it", e.show(e.dbFile))
	}
	s, err := store.Open(e.dbFile, store.Options{Timeout: readerPatience, Log: e.log})
	if err != nil {
		return err
	}
	defer s.Close()
	return use(&engine{lasting: &lasting{store: s, log: e.log}, rules: r})
}
