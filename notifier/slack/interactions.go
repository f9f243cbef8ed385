package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/slack-go/slack"
)

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
	Now    func() time.Time // nil means time.Now
	Log    *slog.Logger     // nil means no log
}

// Interactions handles what people press and fill in, from POST
// /slack/interactions or from a socket.
type Interactions struct {
	config InteractionsConfig
	busy   sync.WaitGroup
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
	return &Interactions{config: c}, nil
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

// maxInteraction bounds the body of a press, which has the whole message in it.
const maxInteraction = 1 << 20

// Serve returns the handler of POST /slack/interactions behind a gate, the one
// that [Commands] has. To strangers it says nothing but 401, 405 or 413; the log
// has the reason.
func (i *Interactions) Serve(gate *Gate) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { i.serve(gate, w, r) })
}

func (i *Interactions) serve(gate *Gate, w http.ResponseWriter, r *http.Request) {
	body, status, err := gate.admit(w, r, maxInteraction)
	if err != nil {
		i.config.Log.Warn("refused a request to /slack/interactions", "status", status, "reason", err)
		w.WriteHeader(status)
		return
	}
	payload, err := parseInteraction(body)
	if err != nil {
		i.config.Log.Warn("could not read an interaction", "error", err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	response, err := i.Handle(r.Context(), payload)
	if err != nil {
		// Slack would show an error where there is nothing to be done about it.
		i.config.Log.Warn("ignored an interaction", "reason", err)
	}
	i.acknowledge(w, response)
}

func (i *Interactions) acknowledge(w http.ResponseWriter, response any) {
	if response == nil {
		return // an empty 200
	}
	body, err := json.Marshal(response)
	if err != nil {
		i.config.Log.Error("could not write an answer", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if _, err := w.Write(body); err != nil {
		i.config.Log.Warn("could not send an answer", "error", err)
	}
}

// parseInteraction reads the payload in a form's body.
func parseInteraction(body []byte) (slack.InteractionCallback, error) {
	return slack.InteractionCallbackParse(&http.Request{
		Method: http.MethodPost, Body: io.NopCloser(bytes.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
	})
}
