package slack

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/slack-go/slack/slackevents"
)

// How many events are handled at a time, and for how long. More than that are
// left: whoever opened App Home opens it again.
const (
	eventsAtOnce = 8
	eventWithin  = 30 * time.Second
	maxEvent     = 1 << 20
)

// ServeEvent answers POST /slack/events: Slack's question whether the address is
// ours, and events, at once. It checks that Slack signed the request. To
// strangers it says nothing but 401, 403, 405 or 413; the log has the reason.
func (c *Commands) ServeEvent(w http.ResponseWriter, r *http.Request) {
	body, status, err := c.config.Gate.admit(w, r, maxEvent, checkJSON)
	if err != nil {
		c.config.Log.Warn("refused a request to /slack/events", "status", status, "reason", err)
		w.WriteHeader(status)
		return
	}
	event, ok := c.readEvent(body)
	if !ok {
		return // with 200, or Slack would send it again and again
	}
	if asked, is := event.Data.(*slackevents.EventsAPIURLVerificationEvent); is {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		io.WriteString(w, asked.Challenge)
		return
	}
	if !c.isTeam(event.TeamID) || !c.isApp(event.APIAppID) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	c.notice(event)
}

// notice hands an event on, once, whichever way and however often it comes. It
// does not wait.
func (c *Commands) notice(event slackevents.EventsAPIEvent) {
	if c.config.Event == nil {
		return
	}
	select {
	case c.events <- struct{}{}:
	default:
		c.config.Log.Warn("left an event: too many at once", "event", event.InnerEvent.Type)
		return
	}
	leave := func() { <-c.events }
	if id := eventID(event); id != "" && !c.seen.first("event "+id, time.Now()) {
		leave()
		return
	}
	c.work.Go(func() {
		defer leave()
		ctx, cancel := context.WithTimeout(c.base, eventWithin)
		defer cancel()
		c.config.Guard("event", func() { c.config.Event(ctx, event) })
	})
}

// eventID is what Slack calls an event, the same each time it sends it.
func eventID(event slackevents.EventsAPIEvent) string {
	if outer, is := event.Data.(*slackevents.EventsAPICallbackEvent); is {
		return outer.EventID
	}
	return ""
}

func checkJSON(contentTypes []string) error {
	if len(contentTypes) != 1 {
		return errors.New("not JSON")
	}
	kind, params, err := mime.ParseMediaType(contentTypes[0])
	if err != nil || kind != "application/json" || !isUTF8(params) {
		return errors.New("not JSON")
	}
	return nil
}
