package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/slack-go/slack"
)

// What bounds the body of a command, and of what was pressed, which brings its
// message along.
const (
	maxCommand = 64 << 10
	maxPress   = 1 << 20
)

// answerWithin is how long a request is kept waiting for its answer. Slack
// shows an error to the user after three seconds; what takes longer than this
// is sent to the response URL.
const answerWithin = 2 * time.Second

// ServeHTTP checks that Slack signed the request and answers it. To strangers
// it says nothing but 401, 403, 405 or 413; the log has the reason.
func (c *Commands) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !c.admitted(w, r, maxCommand) {
		return
	}
	command, err := slack.SlashCommandParse(r)
	if err != nil {
		c.config.Log.Warn("could not read a slash command", "error", err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if command.Command == "" {
		c.config.Log.Warn("refused what is no slash command, though Slack signed it")
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if !c.isTeam(command.TeamID) || !c.isApp(command.APIAppID) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if !c.isNew(command.TriggerID) {
		return // it came through a socket too
	}
	c.reply(w, r, command)
}

// ServeInteraction takes a button that was pressed, or a form, in the same way.
// What is said of a form is the answer to the request; all else is answered to
// the response URL. What is done about an alert is done, as a rule, before Slack
// hears that the press arrived: what is lost on the way is pressed again.
func (c *Commands) ServeInteraction(w http.ResponseWriter, r *http.Request) {
	if !c.admitted(w, r, maxPress) {
		return
	}
	pressed, err := slack.InteractionCallbackParse(r)
	if err != nil {
		c.config.Log.Warn("could not read what was pressed", "error", err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if !c.isTeam(pressed.Team.ID) || !c.isApp(pressed.APIAppID) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if said := c.settle(pressed); said != nil {
		c.write(w, said)
	}
}

// admitted reports whether Slack signed a request, whose body can be read
// again then; else it is refused.
func (c *Commands) admitted(w http.ResponseWriter, r *http.Request, most int64) bool {
	body, status, err := c.config.Gate.admit(w, r, most, checkForm)
	if err == nil && bytes.ContainsAny(body, `{"<`) {
		err = errors.New("not a form, though it says so: nothing signs a content type")
	}
	if err != nil {
		c.config.Log.Warn("refused a request to "+r.URL.Path, "status", status, "reason", err)
		w.WriteHeader(status)
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return true
}

// reply gives the answer at once, or an empty one in time and the answer to
// the response URL when it is there.
func (c *Commands) reply(w http.ResponseWriter, r *http.Request, command slack.SlashCommand) {
	answers, late := make(chan Message), make(chan struct{})
	c.begin(c.timed(func(ctx context.Context) {
		m := c.safely(ctx, command)
		select {
		case answers <- m:
		case <-late:
			c.respond(ctx, command.ResponseURL, private(m))
		}
		c.more(ctx, command.ResponseURL, m)
	}))
	select {
	case m := <-answers:
		c.write(w, private(m).fitting(c.config.Log))
	case <-time.After(answerWithin):
		close(late)
	case <-r.Context().Done():
		close(late)
	}
}

// write answers a request with what Slack shows.
func (c *Commands) write(w http.ResponseWriter, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		c.config.Log.Error("could not write an answer", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if _, err := w.Write(body); err != nil {
		c.config.Log.Warn("could not send an answer", "error", err)
	}
}
