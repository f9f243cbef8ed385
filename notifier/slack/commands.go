package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/secret"
	"github.com/slack-go/slack"
)

// CommandsConfig says how the slash command is answered.
type CommandsConfig struct {
	SigningSecret secret.Value // required unless Gate is given: Slack's signing secret of the app
	Gate          *Gate        // optional: one that other addresses share
	// Team is the ID of the one workspace that may ask; "" means whichever signs
	// with the secret.
	Team string
	// Read lists the users (U…, W…), user groups (S…) and channels (C…, G…, D…)
	// that may ask, by ID; empty means everyone who can see the bot.
	Read   []string
	Groups *Groups // optional: tells who is in a user group; without it they let nobody in
	// Spend is required: what the accounts cost, from what is stored. It is
	// called for each command and must be quick.
	Spend func(ctx context.Context) ([]report.Spend, error)
	Log   *slog.Logger // nil means no log
}

// Commands answers POST /slack/commands, privately and at once.
type Commands struct {
	config CommandsConfig
	gate   *Gate
}

// NewCommands returns a handler of slash commands. Without a signing secret
// or a source of answers it is an error.
func NewCommands(c CommandsConfig) (*Commands, error) {
	if c.Gate == nil {
		var err error
		if c.Gate, err = NewGate(c.SigningSecret); err != nil {
			return nil, err
		}
	}
	if c.Spend == nil {
		return nil, errors.New("no spend to answer with")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Commands{config: c, gate: c.Gate}, nil
}

// maxCommand bounds the body of a command.
const maxCommand = 64 << 10

// Slack shows an error to the user after three seconds.
const answerWithin = 2500 * time.Millisecond

// ServeHTTP checks that Slack signed the request and answers it. To strangers
// it says nothing but 401, 405 or 413; the log has the reason.
func (c *Commands) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, status, err := c.gate.admit(w, r, maxCommand)
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
	if c.config.Team != "" && command.TeamID != c.config.Team {
		c.config.Log.Warn("refused a slash command of another workspace", "team", command.TeamID, "user", command.UserID)
		w.WriteHeader(http.StatusForbidden)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	c.reply(w, c.answer(ctx, command))
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
