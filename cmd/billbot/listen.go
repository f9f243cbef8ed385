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
	signing, err := e.secret("SLACK_SIGNING_SECRET")
	if err != nil {
		return nil, err
	}
	client, groups := eng.slackClient()
	eng.interactions, err = slack.NewInteractions(slack.InteractionsConfig{
		Actions: eng, Client: client, Now: e.now, Log: e.log,
		Change: slack.Access{IDs: eng.rules.Slack.Access.Change, Groups: groups},
		Read:   slack.Access{IDs: eng.rules.Slack.Access.Read, Groups: groups},
	})
	if err != nil {
		return nil, err
	}
	if signing.IsZero() {
		e.log.Info("no SLACK_SIGNING_SECRET: /spend and buttons are not served over HTTP")
		return mux, nil
	}
	gate, err := slack.NewGate(signing)
	if err != nil {
		return nil, usageError{err}
	}
	commands, err := slack.NewCommands(slack.CommandsConfig{
		Gate: gate, Team: e.getenv("SLACK_TEAM_ID"), Read: eng.rules.Slack.Access.Read, Groups: groups, Log: e.log,
		Spend: func(ctx context.Context) ([]report.Spend, error) {
			return spendOf(ctx, eng.store, &eng.desk, "", e.now())
		},
	})
	if err != nil {
		return nil, usageError{err}
	}
	mux.Handle("/slack/commands", commands)
	mux.Handle("/slack/interactions", eng.interactions.Serve(gate))
	return mux, e.serveEvents(mux, eng, gate, groups)
}

// slackClient is the client that messages go through, and the user groups it
// sees; nil where messages go elsewhere.
func (eng *engine) slackClient() (*slack.Client, *slack.Groups) {
	client, is := eng.channel.(*slack.Client)
	if !is {
		return nil, nil
	}
	return client, slack.NewGroups(client)
}
