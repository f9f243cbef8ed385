package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// workWithin is how long a press may take behind its answer.
const workWithin = 30 * time.Second

// Person is who asks, and where: what access is decided by.
type Person struct {
	User        string // by ID
	Channel     string // by ID; "" where there is none
	ChannelName string // without #; "" where it is not known
}

func personOf(p slack.InteractionCallback) Person {
	who := Person{User: p.User.ID, Channel: p.Channel.ID, ChannelName: p.Channel.Name}
	if who.Channel == "" {
		who.Channel = p.Container.ChannelID
	}
	return who
}

// press does what a button asks for. The change is committed before the press is
// acknowledged, if it does not take too long; what is to be said in private
// follows, so that Slack does not wait for itself.
func (i *Interactions) press(ctx context.Context, p slack.InteractionCallback) error {
	at := slices.IndexFunc(p.ActionCallback.BlockActions, func(a *slack.BlockAction) bool { return a != nil && isOurs(pressOf(a)) })
	if at < 0 {
		return errors.New("a button that billbot does not know")
	}
	asked := pressOf(p.ActionCallback.BlockActions[at])
	done := make(chan struct{})
	i.behind("answer to a press", func(ctx context.Context) {
		note := i.config.Guard.message("press", func() Message { return i.do(ctx, p, asked) })
		close(done)
		i.tell(ctx, p, asked, note)
	})
	select {
	case <-done:
	case <-time.After(answerWithin):
	case <-ctx.Done():
	}
	return nil
}

// behind does something that goes on behind the answer to a press, until billbot
// stops.
func (i *Interactions) behind(what string, do func(context.Context)) {
	ctx, cancel := context.WithTimeout(i.base, workWithin)
	i.busy.Go(func() {
		defer cancel()
		i.config.Guard(what, func() { do(ctx) })
	})
}

func isOurs(p pressed) bool {
	switch p.action {
	case actionAcknowledge, actionSnooze, actionWhy, optionWeek, optionPeriod, optionExpect, actionApprove, actionDeny, actionReverse:
		return p.key != ""
	}
	return false
}

// do does what is asked, and returns what to say in private about it; the zero
// Message is nothing.
func (i *Interactions) do(ctx context.Context, p slack.InteractionCallback, asked pressed) Message {
	who := personOf(p)
	switch asked.action {
	case actionWhy:
		return i.Why(ctx, who, asked.key)
	case optionExpect:
		return i.open(ctx, p, who, asked.key)
	case actionApprove, actionDeny, actionReverse:
		return i.answer(ctx, who, asked)
	}
	note, done := i.change(ctx, who, asked.key, func(shown Shown, now time.Time) error {
		switch asked.action {
		case actionAcknowledge:
			return i.config.Acknowledge(ctx, asked.key, who.User, now)
		case optionPeriod:
			return i.config.Snooze(ctx, asked.key, who.User, PeriodEnd(shown.Alerts), now)
		case optionWeek:
			return i.config.Snooze(ctx, asked.key, who.User, now.Add(7*24*time.Hour), now)
		}
		return i.config.Snooze(ctx, asked.key, who.User, now.Add(24*time.Hour), now)
	})
	if done {
		return Message{} // the message itself says so
	}
	return note
}

// Acknowledge does what /spend ack asks for, and returns the private answer.
func (i *Interactions) Acknowledge(ctx context.Context, who Person, id string) Message {
	note, _ := i.change(ctx, who, id, func(_ Shown, now time.Time) error {
		return i.config.Acknowledge(ctx, id, who.User, now)
	})
	return note
}

// Snooze does what /spend snooze asks for, and returns the private answer.
// until says from the alerts and the moment when the snooze ends.
func (i *Interactions) Snooze(ctx context.Context, who Person, id string, until func([]rules.Alert, time.Time) time.Time) Message {
	note, _ := i.change(ctx, who, id, func(shown Shown, now time.Time) error {
		end := until(shown.Alerts, now)
		if end.IsZero() && anyOn(shown.Alerts) {
			return errNoPeriod
		}
		return i.config.Snooze(ctx, id, who.User, end, now)
	})
	return note
}

// errNoPeriod is that an alert cannot be snoozed until its period ends.
var errNoPeriod = errors.New("it has no period")

// PeriodEnd is the moment at which the periods of alerts that are on are over;
// zero when they have none.
func PeriodEnd(alerts []rules.Alert) time.Time {
	var end time.Time
	for _, a := range alerts {
		if p := a.Finding.Period; a.On() && !p.End.IsZero() && (p.End + 1).Time().After(end) {
			end = (p.End + 1).Time()
		}
	}
	return end
}

// change does something about alerts if the person may, and says what came of
// it; done tells whether anything changed.
func (i *Interactions) change(ctx context.Context, who Person, id string, do func(Shown, time.Time) error) (note Message, done bool) {
	shown, refused, ok := i.find(ctx, who, id)
	if !ok {
		return refused, false
	}
	if err := do(shown, i.config.Now()); err != nil {
		return i.unchanged(ctx, id, shown, err), false
	}
	i.config.Log.Info("alert acted on", "alert", id, "user", who.User)
	return doneAbout(shown), true
}

// doneAbout says where what was done can be read.
func doneAbout(shown Shown) Message {
	if slices.ContainsFunc(shown.Alerts, func(a rules.Alert) bool { return !a.Seeded }) {
		return say("Done: the alert's message says so, and its thread keeps it.")
	}
	return say("Done: /spend alerts says so.", "The alert was on already when billbot began to watch, so it has no message of its own.")
}

// find looks up alerts that a person wants to change, or says why they may not.
func (i *Interactions) find(ctx context.Context, who Person, id string) (Shown, Message, bool) {
	shown, err := i.config.Shown(ctx, id)
	if err != nil {
		return Shown{}, i.unchanged(ctx, id, shown, err), false
	}
	if err := i.mayChange(ctx, who, shown); err != nil {
		i.config.Log.Warn("refused a change of an alert", "alert", id, "user", who.User, "channel", who.Channel, "reason", err)
		return Shown{}, say("You may not change this alert.", capital(err.Error())+"."), false
	}
	return shown, Message{}, true
}

// unchanged says why nothing was changed.
func (i *Interactions) unchanged(ctx context.Context, id string, shown Shown, err error) Message {
	switch {
	case errors.Is(err, ErrNoAlert):
		return say("billbot knows no alert "+quoted(id)+".", "/spend alerts and billbot alerts list those there are.")
	case errors.Is(err, rules.ErrOver):
		return say(append([]string{"This alert is over. Nothing was changed."}, headlines(shown)...)...)
	case errors.Is(err, rules.ErrAlready):
		m := say("That is done already.")
		if now, err := i.config.Shown(ctx, id); err == nil {
			shown = now
		}
		if who := standing(shown.Alerts); who != nil {
			m.Blocks = append(m.Blocks, who)
		}
		return m
	case errors.Is(err, errNoPeriod):
		return say("This alert has no period that ends: nothing was changed.", "Snooze it for a time, such as 24h or 7d.")
	case errors.Is(err, rules.ErrPast):
		return say("That moment is past: nothing was changed.")
	case errors.Is(err, rules.ErrFar):
		return say("That is more than a year ahead: nothing was changed.", "What is never to be told is taken out of the rules file.")
	}
	i.config.Log.Error("could not change an alert", "alert", id, "error", err)
	return say("That did not work just now: nothing was changed.", "Try again in a moment; if it stays so, billbot's log says why.")
}

func headlines(shown Shown) []string {
	var said []string
	for _, a := range shown.Alerts[:min(len(shown.Alerts), notifier.StormShown)] {
		said = append(said, report.StormLine(a))
	}
	return said
}

// Why tells in private why an alert speaks.
func (i *Interactions) Why(ctx context.Context, who Person, id string) Message {
	if err := i.config.Read.admit(ctx, who.User, who.Channel); err != nil {
		i.config.Log.Warn("refused who asked why", "alert", id, "user", who.User, "channel", who.Channel, "reason", err)
		return mayNotRead(err)
	}
	told, err := i.config.Why(ctx, id)
	if err != nil {
		return i.unchanged(ctx, id, Shown{}, err)
	}
	return say(told...)
}

// tell says something in private to who pressed.
func (i *Interactions) tell(ctx context.Context, p slack.InteractionCallback, asked pressed, note Message) {
	if isHome(p) {
		i.tellHome(ctx, p, asked, note)
		return
	}
	if note.Text == "" {
		return
	}
	if i.config.Client == nil || p.ResponseURL == "" {
		i.config.Log.Warn("nowhere to answer a press", "user", p.User.ID, "answer", note.Text)
		return
	}
	if err := i.config.Client.late.send(ctx, p.ResponseURL, beside(note).fitting(i.config.Log)); err != nil {
		i.config.Log.Warn("could not answer a press", "user", p.User.ID, "error", err)
	}
}

func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
