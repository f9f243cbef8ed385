package slack

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"github.com/slack-go/slack/slackevents"
)

// EventsConfig says what becomes of Slack's events.
type EventsConfig struct {
	Gate *Gate // required: that of all of Slack's requests
	// Team is the ID of the one workspace that is answered; "" means whichever
	// signs with the secret.
	Team string
	App  *App // whose events are answered; nil means any that signs
	// Handle is required. It is called when Slack has its answer already, and may
	// take half a minute.
	Handle func(context.Context, slackevents.EventsAPIEvent)
	Log    *slog.Logger // nil means no log
}

// Events answers POST /slack/events: Slack's question whether the address is
// ours, and events, at once.
type Events struct {
	config EventsConfig
	turns  chan struct{}
}

// How many events are handled at a time, and for how long. More than that are
// left: whoever opened App Home opens it again.
const (
	eventsAtOnce = 8
	eventWithin  = 30 * time.Second
	maxEvent     = 1 << 20
)

// NewEvents returns a handler of events. Without a signing secret or something
// to do it is an error.
func NewEvents(c EventsConfig) (*Events, error) {
	if !c.Gate.opens() {
		return nil, errors.New("no Slack signing secret: set SLACK_SIGNING_SECRET")
	}
	if c.Handle == nil {
		return nil, errors.New("nothing to do with events")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Events{config: c, turns: make(chan struct{}, eventsAtOnce)}, nil
}

// ServeHTTP checks that Slack signed the request. To strangers it says nothing
// but 401, 405 or 413; the log has the reason.
func (e *Events) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, status, err := e.config.Gate.admit(w, r, maxEvent, checkJSON)
	if err != nil {
		e.config.Log.Warn("refused a request to /slack/events", "status", status, "reason", err)
		w.WriteHeader(status)
		return
	}
	event, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken())
	if err != nil {
		e.config.Log.Info("left an event that is not known", "error", err)
		w.WriteHeader(http.StatusOK) // or Slack would send it again and again
		return
	}
	if asked, is := event.Data.(*slackevents.EventsAPIURLVerificationEvent); is {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		io.WriteString(w, asked.Challenge)
		return
	}
	if e.config.Team != "" && event.TeamID != e.config.Team {
		e.config.Log.Warn("refused an event of another workspace", "team", event.TeamID)
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if !e.config.App.admits(event.APIAppID) {
		e.config.Log.Warn("refused an event of another app", "app", event.APIAppID)
		w.WriteHeader(http.StatusForbidden)
		return
	}
	answerNow(w)
	e.handle(r.Context(), event)
}

// answerNow sends an empty answer, whole, while the request is still at work: a
// server that stops waits for it then.
func answerNow(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusOK)
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}

func (e *Events) handle(ctx context.Context, event slackevents.EventsAPIEvent) {
	select {
	case e.turns <- struct{}{}:
		defer func() { <-e.turns }()
	default:
		e.config.Log.Warn("left an event: too many at once", "event", event.InnerEvent.Type)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), eventWithin)
	defer cancel()
	e.config.Handle(ctx, event)
}

func checkJSON(contentTypes []string) error {
	if len(contentTypes) == 0 {
		return errors.New("not JSON")
	}
	if kind, _, err := mime.ParseMediaType(contentTypes[0]); err != nil || kind != "application/json" {
		return errors.New("not JSON")
	}
	return nil
}
