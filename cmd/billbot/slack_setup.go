package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
)

// setup is what is known of the workspace: whether the tokens, scopes and
// channels are as they have to be. The zero value knows nothing yet.
type setup struct {
	mu       sync.Mutex
	found    slack.Found
	answered bool            // by the last check
	at       time.Time       // of it
	logged   map[string]bool // what stands in the log, and is still so
}

// A workspace is checked again after a while, as a revoked token or an archived
// channel shows in no other way while there is nothing to tell. The first check,
// where Slack did not answer, comes again sooner.
const (
	checkEvery  = 10 * time.Minute
	checkAgain  = time.Minute
	checkWithin = 30 * time.Second
)

// checkSlack checks the workspace if that is due, and logs what is new: what a
// person has to do, and what is mended. It stops nothing.
func (eng *engine) checkSlack(ctx context.Context, e env) {
	client, is := eng.channel.(*slack.Client)
	if !is || !eng.setup.due(time.Now()) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	found, err := client.Check(ctx, eng.slackSetup(e))
	switch fresh := eng.setup.keep(found, err, time.Now()); {
	case err == nil:
		eng.setup.log(e)
	case fresh:
		e.log.Info("the tokens and channels could not be checked yet", "err", err)
	}
}

// slackSetup is what the engine's rules and the environment ask of Slack.
func (eng *engine) slackSetup(e env) slack.Setup {
	return e.slackSetup(eng.rules, eng.interactions != nil, &eng.app)
}

// slackSetup is what rules and the environment ask of Slack.
func (e env) slackSetup(r *rules.Rules, commands bool, app *slack.App) slack.Setup {
	access := r.Slack.Access
	return slack.Setup{
		Channels: channelsOf(r), Commands: commands, Team: e.getenv("SLACK_TEAM_ID"), App: app,
		Groups: slices.ContainsFunc(slices.Concat(access.Read, access.Change), func(id string) bool { return strings.HasPrefix(id, "S") }),
	}
}

// channelsOf names each channel that something can go to, the default first.
func channelsOf(r *rules.Rules) []string {
	var names []string
	add := func(name string) {
		if name != "" && name != notifier.NoChannel && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	add(r.Slack.Channel)
	for _, account := range r.Accounts {
		add(account.Channel)
	}
	for _, rule := range r.Rules {
		add(rule.Channel)
	}
	return names
}

func (s *setup) due(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	wait := checkEvery
	if !s.answered {
		wait = checkAgain
	}
	return s.at.IsZero() || now.Sub(s.at) >= wait
}

// again has the workspace checked at the next occasion.
func (s *setup) again() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = time.Time{}
}

// keep takes in a check. One that Slack did not answer says nothing new; fresh
// tells whether the one before was answered, or it is the first.
func (s *setup) keep(found slack.Found, err error, now time.Time) (fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh = s.answered || s.at.IsZero()
	if s.at, s.answered = now, err == nil; err == nil {
		s.found = found
	}
	return fresh
}

// known is what the newest check that was answered found; answered tells
// whether that is the last one.
func (s *setup) known() (problems []slack.Problem, answered bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.found.Problems), s.answered
}

// log tells what was not told before, each once for as long as it is so.
func (s *setup) log(e env) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := map[string]bool{}
	for _, p := range s.found.Problems {
		if now[p.Text] = true; !s.logged[p.Text] {
			e.log.Error("Slack is not set up right: " + p.Text)
		}
	}
	for _, hint := range s.found.Hints {
		if now[hint] = true; !s.logged[hint] {
			e.log.Info("Slack could be set up better: " + hint)
		}
	}
	for text := range s.logged {
		if !now[text] {
			e.log.Info("mended in Slack: " + text)
		}
	}
	s.logged = now
}
