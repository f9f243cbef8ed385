package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
)

// CommandsConfig says how the slash command is answered.
type CommandsConfig struct {
	SigningSecret string // required: Slack's signing secret of the app
	// Read lists the users (U…, W…) and channels (C…, G…, D…) that may ask, by
	// ID; empty means everyone who can see the bot. User groups cannot be told
	// from a command and let nobody in.
	Read []string
	// Spend is required: what the accounts cost, from what is stored. It is
	// called for each command and must be quick.
	Spend func(ctx context.Context) ([]report.Spend, error)
	Log   *slog.Logger // nil means no log
}

// Commands answers POST /slack/commands, privately and at once.
type Commands struct {
	config CommandsConfig
	gate   gate
}

// NewCommands returns a handler of slash commands. Without a signing secret
// or a source of answers it is an error.
func NewCommands(c CommandsConfig) (*Commands, error) {
	if c.SigningSecret == "" {
		return nil, errors.New("no Slack signing secret: set SLACK_SIGNING_SECRET")
	}
	if c.Spend == nil {
		return nil, errors.New("no spend to answer with")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Commands{config: c, gate: gate{secret: c.SigningSecret}}, nil
}

// maxCommand bounds the body of a command.
const maxCommand = 64 << 10

// Slack shows an error to the user after three seconds.
const answerWithin = 2500 * time.Millisecond

// ServeHTTP checks that Slack signed the request and answers it. To strangers
// it says nothing but 401, 405 or 413; the log has the reason.
func (c *Commands) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, status, err := c.admit(w, r)
	if err != nil {
		c.config.Log.Warn("refused a request to /slack/commands", "status", status, "reason", err)
		w.WriteHeader(status)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	command, err := slack.SlashCommandParse(r)
	if err != nil {
		c.config.Log.Warn("could not read a slash command", "error", err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	c.reply(w, c.answer(ctx, command))
}

// admit returns the body of a request that Slack signed.
func (c *Commands) admit(w http.ResponseWriter, r *http.Request) ([]byte, int, error) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, http.StatusMethodNotAllowed, errors.New("not a POST")
	}
	// The signature covers the body alone.
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		return nil, http.StatusUnauthorized, errors.New("a query string, which nothing signs")
	}
	if !isForm(r.Header.Values("Content-Type")) {
		return nil, http.StatusUnauthorized, errors.New("not a form")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCommand))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, http.StatusRequestEntityTooLarge, err
	}
	if err != nil {
		return nil, http.StatusUnauthorized, err
	}
	return body, http.StatusUnauthorized, c.gate.check(r.Header, body)
}

func isForm(contentTypes []string) bool {
	if len(contentTypes) != 1 {
		return false
	}
	kind, params, err := mime.ParseMediaType(contentTypes[0])
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return false
	}
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// response is Slack's form of an answer to a command.
type response struct {
	ResponseType string        `json:"response_type"`
	Text         string        `json:"text"`
	Blocks       []slack.Block `json:"blocks,omitempty"`
}

func (c *Commands) reply(w http.ResponseWriter, m Message) {
	body, err := json.Marshal(response{slack.ResponseTypeEphemeral, m.Text, m.Blocks})
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
