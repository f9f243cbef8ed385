package slack

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/slack-go/slack"
)

var _ Interactor = (*Interactions)(nil)

// ErrNoAlert is wrapped by the errors of [Actions] where there is no alert of
// an ID, and no message of that key.
var ErrNoAlert = errors.New("no such alert")

// Actions is what can be done about alerts. An ID is that of an alert, or the
// key of a message that several share: then it is done about all of them that
// are on. The errors wrap those of package rules, such as [rules.ErrOver], where
// nothing was changed.
type Actions interface {
	Shown(ctx context.Context, id string) (Shown, error)
	Why(ctx context.Context, id string) ([]string, error) // lines for people
	Acknowledge(ctx context.Context, id, user string, now time.Time) error
	Snooze(ctx context.Context, id, user string, until, now time.Time) error
	Expect(ctx context.Context, id, user, reason string, until fetcher.Day, now time.Time) error
	// Answer says yes or no to the action of an alert, or wants it back.
	Answer(ctx context.Context, id, user string, answer rules.Answer, now time.Time) error
}

// Shown is alerts as they are, and where their message is.
type Shown struct {
	Alerts  []rules.Alert
	Channel string            // as the rules file has it
	Receipt *notifier.Receipt // nil while the message is not delivered
}

// InteractionsConfig says how buttons and forms are answered.
type InteractionsConfig struct {
	Actions        // required
	Change  Access // who may act; without a list, everyone in the alert's channel
	Read    Access // who may ask why; without a list, everyone who sees the button
	// Client opens forms and answers in private; without one, presses work and
	// what cannot be done is told in the log alone.
	Client *Client
	Home   *Home            // shown anew after a press in it; nil means that there is none
	Now    func() time.Time // nil means time.Now
	Log    *slog.Logger     // nil means no log
	Guard  Guard            // of what is done; nil means one that logs alone
}

// Interactions handles what people press and fill in, and the commands that do
// the same. It is the [Interactor] of [Commands], which bring it all.
type Interactions struct {
	config InteractionsConfig
	busy   sync.WaitGroup
	base   context.Context // of what is done; it ends when that is to stop
	stop   context.CancelFunc
}

// NewInteractions returns a handler of buttons and forms. Without actions it is
// an error.
func NewInteractions(c InteractionsConfig) (*Interactions, error) {
	if c.Actions == nil {
		return nil, errors.New("no actions to take")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Guard = c.Guard.or(c.Log)
	base, stop := context.WithCancel(context.Background())
	return &Interactions{config: c, base: base, stop: stop}, nil
}

// Handle does what a payload of Slack's asks for, and returns what to
// acknowledge it with: nil, or what a form is told. It returns in time for
// Slack, which waits three seconds. A press is done by then, or goes on behind
// it; what has to be said of it is said in private. The payload must have come
// from Slack.
//
// The error says that the payload is none that billbot has anything to do with.
func (i *Interactions) Handle(ctx context.Context, payload slack.InteractionCallback) (response any, err error) {
	switch payload.Type {
	case slack.InteractionTypeBlockActions:
		return nil, i.press(ctx, payload)
	case slack.InteractionTypeViewSubmission:
		return i.submit(ctx, payload)
	}
	return nil, errors.New("a payload of another kind than buttons and forms")
}

// Wait returns when nothing goes on behind an answer any more.
func (i *Interactions) Wait() {
	if i != nil {
		i.busy.Wait()
	}
}

// Shutdown is Wait until the context ends: what goes on then is given up.
func (i *Interactions) Shutdown(ctx context.Context) {
	if i == nil {
		return
	}
	await(ctx, &i.busy)
	i.stop()
}
