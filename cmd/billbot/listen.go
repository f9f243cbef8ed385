package main

import (
	"context"
	"net/http"

	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules/report"
)

// publicHandler serves health, and Slack's requests where a signing secret is
// set. Nothing else is served.
func (e env) publicHandler(eng *engine) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", eng.serveLive)
	mux.HandleFunc("GET /readyz", eng.serveReady)
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
		Spend: func(ctx context.Context) ([]report.Spend, error) {
			return spendOf(ctx, eng.store, &eng.desk, "", e.now())
		},
	})
	if err != nil {
		return nil, usageError{err}
	}
	mux.Handle("/slack/commands", commands)
	return mux, e.serveEvents(mux, eng, secret)
}
