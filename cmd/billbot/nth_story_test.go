package main

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// A story is something that happens to a billbot, on a day of its life.
type story struct {
	rules     string
	recording func() []cloudflaretest.Recording
	days      int // that it lived before
	happens   func(p *played)
}

func onlyTwoMonths() []cloudflaretest.Recording { return []cloudflaretest.Recording{twoMonths()} }

// The mornings of these days are the first to know of the day before: on the
// third of February two months' runaway and five at once are told.
const (
	quietDay  = 20
	tellDay   = 33
	calmDay   = 38
	periodDay = 43
)

func fault(f slackfake.Fault) func(*played) {
	return func(p *played) { p.slack.Script(f); p.turn(); p.turn() }
}

// alerted tells alerts first, and then has a person do something about one.
func alerted(does func(p *played, alert string) error) func(*played) {
	return func(p *played) {
		id := p.alerted()
		p.press(func() error { return does(p, id) })
		p.turn()
	}
}

// alerted turns until there are alerts, and returns the ID of the first.
func (p *played) alerted() string {
	p.turn()
	for range 3 {
		if alerts, err := p.eng.store.Alerts(p.t.Context()); err == nil && len(alerts) > 0 {
			return alerts[0].Alert.ID
		}
		p.turn()
	}
	p.t.Error("no alert came")
	return ""
}

func turns(n int) func(*played) {
	return func(p *played) {
		for range n {
			p.turn()
		}
	}
}

// stories are what the Nth operation of the store fails in.
func stories() map[string]story {
	eightRules, eight := eightAccounts()
	five := func() []cloudflaretest.Recording { return []cloudflaretest.Recording{fiveAtOnce()} }
	edited := func(old, now string) func(*played) {
		return func(p *played) {
			p.alerted()
			if err := writeRules(p.env.rulesFile, strings.Replace(loopRules, old, now, 1)); err != nil {
				p.t.Fatal(err)
			}
			newReloader(p.env, p.eng).look(p.t.Context(), false)
			p.turn()
		}
	}
	return map[string]story{
		"first day":      {loopRules, onlyTwoMonths, 0, turns(2)},
		"quiet day":      {loopRules, onlyTwoMonths, quietDay, turns(2)},
		"alerts":         {loopRules, onlyTwoMonths, tellDay, turns(2)},
		"alerts grow":    {loopRules, onlyTwoMonths, tellDay + 1, turns(2)},
		"alerts end":     {loopRules, onlyTwoMonths, calmDay, turns(2)},
		"period ends":    {loopRules, onlyTwoMonths, periodDay, turns(2)},
		"storm":          {stormRules, five, tellDay, turns(2)},
		"digest":         {eightRules, func() []cloudflaretest.Recording { return eight }, tellDay, func(p *played) { p.apart = true; p.turn() }},
		"answer lost":    {loopRules, onlyTwoMonths, tellDay, fault(slackfake.Dropped().After())},
		"answer no JSON": {loopRules, onlyTwoMonths, tellDay, fault(slackfake.Fault{Body: "<html>", Accepted: true})},
		"not accepted":   {loopRules, onlyTwoMonths, tellDay, fault(slackfake.ServerError(503))},
		"asked to wait":  {loopRules, onlyTwoMonths, tellDay, fault(slackfake.RateLimited(30 * time.Second))},
		"layout refused": {loopRules, onlyTwoMonths, tellDay, fault(slackfake.Refused("invalid_blocks"))},
		"token revoked":  {loopRules, onlyTwoMonths, tellDay, func(p *played) { p.slack.Revoke(true); p.turn(); p.slack.Revoke(false); p.turn() }},
		"channel archived": {loopRules, onlyTwoMonths, tellDay, func(p *played) {
			p.slack.Archive("cloud-spend", true)
			p.turn()
			p.slack.Archive("cloud-spend", false)
			p.turn()
		}},
		"cloudflare is ill": {loopRules, onlyTwoMonths, quietDay, func(p *played) {
			p.cloud.ScriptFunc(func(int, *http.Request) *cloudflaretest.Fault { return new(refusing()) })
			turns(3)(p) // and one of them is lost
			p.cloud.ScriptFunc(nil)
			turns(2)(p)
		}},
		"acknowledged": {loopRules, onlyTwoMonths, tellDay, alerted(func(p *played, id string) error {
			return p.eng.Acknowledge(p.t.Context(), id, "U0ADA", time.Now())
		})},
		"snoozed": {loopRules, onlyTwoMonths, tellDay, alerted(func(p *played, id string) error {
			return p.eng.Snooze(p.t.Context(), id, "U0ADA", time.Now().Add(48*time.Hour), time.Now())
		})},
		"expected": {loopRules, onlyTwoMonths, tellDay, alerted(func(p *played, id string) error {
			return p.eng.Expect(p.t.Context(), id, "U0ADA", "a migration", fetcher.NewDay(2000, time.February, 9), time.Now())
		})},
		"rule removed": {loopRules, onlyTwoMonths, tellDay, edited("  - name: runaway\n    spike: {}\n", "")},
		"rule changed": {loopRules, onlyTwoMonths, tellDay, edited("amount: 100", "amount: 90")},
	}
}

// played is a story that goes on.
type played struct {
	*world
	t    *testing.T
	eng  *engine
	safe bool // nothing fails
	// apart says that what is told together may be told apart: an account whose
	// poll fails is told later, and what cannot be merged is told as it is.
	apart bool
}

const turnTime = 15 * time.Minute

// turn is what the schedule does in a quarter of an hour. What fails is done
// again at its next time.
func (p *played) turn() {
	now := time.Now().UTC()
	p.cloud.SetNow(now)
	ctx, eng := p.t.Context(), p.eng.newest()
	_ = errors.Join(eng.sweep(ctx, now), eng.summarizeIfSwept(ctx, now), eng.backfillIfSwept(ctx, now), eng.prune(ctx, now))
	for range 4 {
		time.Sleep(30 * time.Second)
		_ = errors.Join(eng.deliverGroups(ctx, time.Now()), eng.watchSlack(ctx, p.env, time.Now()))
	}
	time.Sleep(turnTime - time.Since(now))
}

// press does what a person does, who tries again where it fails.
func (p *played) press(does func() error) {
	if does() != nil {
		_ = does()
	}
}
