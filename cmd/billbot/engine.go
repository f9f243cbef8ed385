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

// engine is what the line runs with under one version of the rules: the rules, a
// source for each account, and what is remembered for as long as they are in
// force. Nobody changes an engine's rules; a reload makes another engine, and
// both share what lasts. Whoever begins a piece of work takes the newest and keeps
// to it, so that the work sees one version throughout.
type engine struct {
	*lasting
	rules   *rules.Rules
	sources map[string]source           // by account name
	hooks   map[string]notifier.Channel // by webhook name

	reach   *rules.Reach    // of the sweep that goes on
	damaged map[string]bool // by account name: of the sweep that goes on
	whole   map[string]bool // by account ID: its history is complete; backfill's own
	closed  atomic.Int64    // the local day on which billing periods to close were looked for last
}

// lasting is what outlives a change of the rules: the store, the deliverer, and
// how things go. The daemon has one for its life, a command that polls has one
// for its run.
type lasting struct {
	current   atomic.Pointer[engine]
	store     *store.Store
	deliverer *notifier.Deliverer
	channel   notifier.Channel // what the deliverer sends through
	cut       func()           // ends what is being sent
	heart     *heartbeat
	metrics   *metrics.Metrics
	log       *slog.Logger
	clock     *clockCheck

	desk         report.Desk         // what accounts cost, ready to be told
	interactions *slack.Interactions // nil where nobody can press a button
	app          slack.App           // whose payloads are answered
	socket       *slack.Socket       // nil where Slack calls over HTTP, or not at all
	spare        notifier.Channel    // tells what the bot cannot; nil where no webhook is set beside it
	setup        setup               // of the workspace, as far as it was checked

	sweeping  sync.Mutex                // one sweep at a time, and no change of rules under it
	repoll    func(time.Duration) error // polls at once, and then so often; nil without a schedule
	refused   atomic.Pointer[refusal]   // what the rules file says that is not in force; nil where all of it is
	turned    atomic.Int64              // when the schedule last ran something, in Unix seconds
	panics    panics                    // of jobs
	unwritten unwritten                 // that the database cannot be written
	acted     atomic.Bool               // a webhook said what became of an action
	swept     atomic.Bool               // a sweep has ended: what is known is not what was known when billbot stopped
}

// newest is the engine of the rules that are in force now.
func (eng *engine) newest() *engine {
	if current := eng.current.Load(); current != nil {
		return current
	}
	return eng // of a command, which has one alone
}

// under makes the engine of a version of the rules.
func (l *lasting) under(r *rules.Rules, sources map[string]source, hooks map[string]notifier.Channel) *engine {
	return &engine{
		lasting: l, rules: r, sources: sources, hooks: hooks,
		reach: r.NewReach(), damaged: map[string]bool{}, whole: map[string]bool{},
	}
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
	if err := e.checkHomes(r, channel); err != nil {
		return nil, err
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
	hooks, err := e.newHooks(r, channel)
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
	s, err := store.Open(e.dbFile, store.Options{Timeout: patience, Log: e.log, Faults: e.faults})
	if err != nil {
		return nil, err
	}
	over, cut := context.WithCancel(context.Background())
	l := &lasting{
		store: s, heart: heart, log: e.log, channel: channel, cut: cut, clock: e.clock, metrics: measures,
		deliverer: notifier.NewDeliverer(s, countingChannel{mortal{channel, over}, measures}, grace, e.log),
	}
	eng := l.under(r, sources, hooks)
	l.current.Store(eng)
	l.deliverer.Reach(func(name string) notifier.Channel { return eng.hook(name, over) })
	return eng, nil
}

// checkHomes refuses rules that leave a message with nowhere to go. A webhook is
// for one channel, whatever the rules name.
func (e env) checkHomes(r *rules.Rules, channel notifier.Channel) error {
	_, bot := channel.(*slack.Client)
	if account, found := homeless(r); found && bot {
		return usageError{fmt.Errorf("%s: account %s has no channel: set slack.channel, or channel in the account", e.show(e.rulesFile), account.Name)}
	}
	return nil
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
