package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

type outboxCmd struct {
	List   outboxListCmd   `cmd:"" default:"withargs" help:"Print the messages that are not delivered: those given up, and those that wait."`
	Resend outboxResendCmd `cmd:"" help:"Try a message again that was given up, or that waits."`
	Drop   outboxDropCmd   `cmd:"" help:"Take a message out of the outbox. It is never sent."`
}

type outboxListCmd struct {
	Format string `help:"text or json." enum:"text,json" default:"text"`
}

// outboxLine is an undelivered message as billbot outbox prints it.
type outboxLine struct {
	ID          uint64         `json:"id"`
	Key         string         `json:"key"`
	Channel     string         `json:"channel"`
	Reply       bool           `json:"reply"`
	State       notifier.State `json:"state"`
	Attempts    int            `json:"attempts"`
	CreatedAt   time.Time      `json:"created_at"`
	NotBefore   *time.Time     `json:"not_before"`
	UnsureSince *time.Time     `json:"unsure_since"` // the answer was lost: it may be there already
	Error       string         `json:"error"`
	Text        string         `json:"text"`
}

// Run prints the outbox in the order it is sent in.
func (c *outboxListCmd) Run(ctx context.Context, e env) error {
	return e.withStore(func(s *store.Store) error {
		items, err := s.Undelivered(ctx)
		lines := make([]outboxLine, len(items))
		for i, item := range items {
			lines[i] = outboxLineOf(item)
		}
		if c.Format == "json" {
			return errors.Join(printJSON(e, lines), err)
		}
		if len(items) == 0 && err == nil {
			fmt.Fprintln(e.stdout, "nothing waits")
		}
		for _, line := range lines {
			fmt.Fprintln(e.stdout, line)
		}
		return err
	})
}

func outboxLineOf(item notifier.Item) outboxLine {
	said := item
	said.Repeat = 0
	return outboxLine{
		ID: item.ID, Key: item.Key, Channel: item.Channel, Reply: item.Reply, State: item.State, Attempts: item.Attempts,
		CreatedAt: item.CreatedAt, NotBefore: unlessZero(item.NotBefore), UnsureSince: unlessZero(item.UnsureSince),
		Error: item.LastError, Text: textOf(said),
	}
}

// textOf is an item in one line.
func textOf(item notifier.Item) string {
	s := item.Content.Signal
	switch {
	case s == nil:
		return slack.Headline(slack.Render(item))
	case s.Alert != nil:
		return string(s.Type) + ": " + report.Headline(*s.Alert)
	}
	return string(s.Type)
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// String is the line as people read it.
func (l outboxLine) String() string {
	state := string(l.State)
	if l.State == notifier.Dead {
		state = "given up"
	}
	text := fmt.Sprintf("%d  %-8s  %s  %s", l.ID, state, l.Channel, l.Text)
	if l.Error != "" {
		text += fmt.Sprintf("\n    attempts: %d; %s", l.Attempts, l.Error)
	}
	if l.UnsureSince != nil {
		text += fmt.Sprintf("\n    it may be there already, from %s", l.UnsureSince.UTC().Format(time.RFC3339))
	}
	return text
}

// whyCmd is who decides about a message, and why: it is kept in the audit
// trail.
type whyCmd struct {
	By     string `help:"Who you are: a name, or a Slack user's ID." placeholder:"NAME"`
	Reason string `help:"Why." placeholder:"TEXT"`
}

func (d whyCmd) deed(e env) store.Deed {
	by := store.Deed{By: whoCmd{By: d.By}.name(), At: e.now()}
	if d.Reason != "" {
		by.Reason = report.Name(d.Reason, 500)
	}
	return by
}

type outboxResendCmd struct {
	ID uint64 `arg:"" help:"The number that billbot outbox prints first."`
	whyCmd
}

// Run has a message tried again at the next delivery.
func (c *outboxResendCmd) Run(ctx context.Context, e env) error {
	return e.changeOutbox(c.ID, "resend", func(s *store.Store) error {
		item, err := s.Resend(ctx, c.ID, c.deed(e))
		if err == nil {
			fmt.Fprintf(e.stdout, "%d goes out with the next delivery: %s\n", c.ID, outboxLineOf(item).Text)
		}
		return err
	})
}

type outboxDropCmd struct {
	ID  uint64 `arg:"" help:"The number that billbot outbox prints first."`
	Yes bool   `help:"Needed: what is dropped is never sent."`
	whyCmd
}

// Run takes a message out of the outbox.
func (c *outboxDropCmd) Run(ctx context.Context, e env) error {
	if !c.Yes {
		return usageError{fmt.Errorf("a message that is dropped is never sent: say billbot outbox drop %d --yes", c.ID)}
	}
	return e.changeOutbox(c.ID, "drop", func(s *store.Store) error {
		item, err := s.Drop(ctx, c.ID, c.deed(e))
		switch {
		case err == nil && item.Key == "":
			fmt.Fprintf(e.stdout, "%d is dropped: it could not be read\n", c.ID)
		case err == nil:
			fmt.Fprintf(e.stdout, "%d is dropped: %s\n", c.ID, outboxLineOf(item).Text)
		}
		return err
	})
}

// changeOutbox runs what a person wants done with one message.
func (e env) changeOutbox(id uint64, what string, change func(*store.Store) error) error {
	err := e.withOutbox(change)
	switch {
	case errors.Is(err, notifier.ErrGone):
		return fmt.Errorf("%s: no message %d in the outbox: billbot outbox lists them", what, id)
	case errors.Is(err, store.ErrUnderWay):
		return fmt.Errorf("%s: message %d is being sent: try again in a minute", what, id)
	}
	return err
}

// withOutbox opens the database for writing, or takes the daemon's. It makes
// none where there is none.
func (e env) withOutbox(use func(*store.Store) error) error {
	if e.shared != nil {
		return use(e.shared.store)
	}
	if _, err := os.Stat(e.dbFile); errors.Is(err, fs.ErrNotExist) {
		return e.noDatabase()
	}
	s, err := store.Open(e.dbFile, store.Options{Timeout: readerPatience, Log: e.log})
	if err != nil {
		return err
	}
	defer s.Close()
	return use(s)
}
