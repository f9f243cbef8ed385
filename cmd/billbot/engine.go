package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/billbot/billbot/cmd/billbot/metrics"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// engine is what the line runs with: rules, a source for each account, the
// store, and the deliverer. The daemon has one for its life, a command that
// polls has one for its run.
type engine struct {
	rules     *rules.Rules
	store     *store.Store
	sources   map[string]source // by account name
	deliverer *notifier.Deliverer
	channel   notifier.Channel // what the deliverer sends through
	cut       func()           // ends what is being sent
	heart     *heartbeat
	metrics   *metrics.Metrics
	log       *slog.Logger
	clock     *clockCheck

	reach   *rules.Reach    // of the sweep that goes on
	damaged map[string]bool // by account name: of the sweep that goes on
	whole   map[string]bool // by account ID: its history is complete; backfill's own

	desk         report.Desk         // what accounts cost, ready to be told
	interactions *slack.Interactions // nil where nobody can press a button
	app          slack.App           // whose payloads are answered
	socket       *slack.Socket       // nil where Slack calls over HTTP, or not at all
	spare        notifier.Channel    // tells what the bot cannot; nil where no webhook is set beside it
	setup        setup               // of the workspace, as far as it was checked

	sweeping sync.Mutex   // one sweep at a time
	turned   atomic.Int64 // when the schedule last ran something, in Unix seconds
	closed   atomic.Int64 // the local day on which billing periods to close were looked for last
	panics   panics       // of jobs
	swept    atomic.Bool  // a sweep has ended: what is known is not what was known when billbot stopped
}

// newEngine makes an engine that delivers to the channel that --notify names.
func (e env) newEngine(notify string, patience time.Duration) (*engine, error) {
	r, err := e.loadRules()
	if err != nil {
		return nil, err
	}
	channel, err := newChannel(e, notify)
	if err != nil {
		return nil, err
	}
	_, one := channel.(*slack.Webhook) // a webhook is for one channel, whatever the rules name
	if account, found := homeless(r); found && notify != "stdout" && !one {
		return nil, usageError{fmt.Errorf("%s: account %s has no channel: set slack.channel, or channel in the account", e.show(e.rulesFile), account.Name)}
	}
	eng, err := e.newEngineTo(channel, r, patience)
	if err != nil {
		return nil, err
	}
	if eng.spare, err = e.newSpare(channel); err != nil {
		return nil, errors.Join(err, eng.store.Close())
	}
	return eng, nil
}

// newSpare is the webhook beside a bot, nil where there is none.
func (e env) newSpare(channel notifier.Channel) (notifier.Channel, error) {
	if _, bot := channel.(*slack.Client); !bot {
		return nil, nil
	}
	address, err := e.secret("SLACK_WEBHOOK_URL")
	if err != nil || address.IsZero() {
		return nil, err
	}
	webhook, err := slack.NewWebhook(slack.WebhookConfig{URL: address, Transport: e.transport, Log: e.log})
	if err != nil {
		return nil, usageError{err}
	}
	return webhook, nil
}

// newEngineTo reads the secrets and opens the database for writing. Nothing is
// asked of the network.
func (e env) newEngineTo(channel notifier.Channel, r *rules.Rules, patience time.Duration) (*engine, error) {
	for _, w := range r.Warnings {
		e.log.Warn(w.String())
	}
	e.clock = &clockCheck{log: e.log}
	sources, err := e.newSources(r)
	if err != nil {
		return nil, err
	}
	grace, err := e.grace()
	if err != nil {
		return nil, err
	}
	heart, err := e.newHeartbeat()
	if err != nil {
		return nil, err
	}
	measures, err := newMetrics(r)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(e.dbFile, store.Options{Timeout: patience, Log: e.log})
	if err != nil {
		return nil, err
	}
	over, cut := context.WithCancel(context.Background())
	return &engine{
		rules: r, store: s, sources: sources, heart: heart, log: e.log, whole: map[string]bool{}, reach: r.NewReach(), damaged: map[string]bool{}, channel: channel, cut: cut, clock: e.clock,
		metrics: measures, deliverer: notifier.NewDeliverer(s, countingChannel{mortal{channel, over}, measures}, grace, e.log),
	}, nil
}

// homeless finds an account whose messages have nowhere to go.
func homeless(r *rules.Rules) (rules.Account, bool) {
	for _, account := range r.Accounts {
		if notifier.ChannelOf(r, account, rules.Rule{}) == notifier.NoChannel {
			return account, true
		}
	}
	return rules.Account{}, false
}

// newSources makes a source for each account, by the account's name.
func (e env) newSources(r *rules.Rules) (map[string]source, error) {
	if len(r.Accounts) == 0 {
		return nil, usageError{fmt.Errorf("%s names no accounts: add at least one", e.show(e.rulesFile))}
	}
	made := map[string]source{}
	for _, account := range r.Accounts {
		src, err := sources[sourceOf(account)](e, account)
		if err != nil {
			return nil, err
		}
		made[account.Name] = src
	}
	return made, nil
}

// newChannel makes the channel that --notify names; "" is Slack.
func newChannel(e env, notify string) (notifier.Channel, error) {
	build, known := channels[cmp.Or(notify, "slack")]
	if !known {
		names := slices.Sorted(maps.Keys(channels))
		return nil, usageError{fmt.Errorf("--notify %s: must be one of %s", notify, strings.Join(names, ", "))}
	}
	return build(e)
}
