package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules/report"
)

// publicHandler serves health, and Slack's requests where a signing secret is
// set. Nothing else is served.
func (e env) publicHandler(eng *engine) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if _, err := eng.store.Accounts(r.Context()); err != nil {
			http.Error(w, "the store cannot be read", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { eng.serveHealth(w, r, e.now()) })
	secret, err := e.secret("SLACK_SIGNING_SECRET")
	if err != nil {
		return nil, err
	}
	if secret == "" {
		e.log.Info("no SLACK_SIGNING_SECRET: /spend is not served over HTTP")
		return mux, nil
	}
	commands, err := slack.NewCommands(slack.CommandsConfig{
		SigningSecret: secret, Read: eng.rules.Slack.Access.Read, Log: e.log,
		Spend: func(ctx context.Context) ([]report.Spend, error) { return spendOf(ctx, eng.store, "", e.now()) },
	})
	if err != nil {
		return nil, usageError{err}
	}
	mux.Handle("/slack/commands", commands)
	return mux, nil
}

// health is what /healthz answers.
type health struct {
	OK       bool            `json:"ok"`
	Reasons  []string        `json:"reasons"` // why not
	Accounts []accountHealth `json:"accounts"`
	Outbox   int             `json:"outbox"` // messages that wait
}

// accountHealth is how the polling of an account goes.
type accountHealth struct {
	Account     string    `json:"account"`
	Through     string    `json:"through"` // newest charge day
	LastTrusted time.Time `json:"last_trusted"`
	Failure     string    `json:"failure,omitempty"`
}

func (eng *engine) serveHealth(w http.ResponseWriter, r *http.Request, now time.Time) {
	h, err := eng.health(r.Context(), now)
	if err != nil {
		http.Error(w, "the store cannot be read", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if !h.OK {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(h)
}

// untrustedFor is how long an account may go without a trusted poll before
// billbot is not healthy: six hours, or three intervals if that is longer.
func (eng *engine) untrustedFor() time.Duration { return max(6*time.Hour, 3*eng.rules.Poll) }

func (eng *engine) health(ctx context.Context, now time.Time) (health, error) {
	h := health{Reasons: []string{}}
	for _, account := range eng.rules.Accounts {
		view, err := eng.load(ctx, account, now)
		if err != nil {
			return h, err
		}
		h.Accounts = append(h.Accounts, accountHealth{
			account.Name, view.Ledger.Through().String(), view.Poll.LastTrusted, view.Poll.Failure,
		})
		if now.Sub(view.Poll.LastTrusted) > eng.untrustedFor() {
			h.Reasons = append(h.Reasons, account.Name+": no trusted answer for too long")
		}
	}
	items, err := eng.store.Undelivered(ctx)
	h.Outbox, h.OK = len(items), len(h.Reasons) == 0
	return h, err
}
