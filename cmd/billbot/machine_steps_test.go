package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// machine is a billbot with its sides, and a book of what it has to know and to
// tell. Each of its steps is something that happens, and a poll.
type machine struct {
	*world
	t        *testing.T
	eng      *engine
	reloader *reloader

	book  book
	bill  map[serviceDay]int // Cloudflare's
	days  fetcher.Day        // through which the bill is written
	ahead time.Duration
	steps *atomic.Int64
}

var machineServices = []string{"Workers Standard Requests", "D1 - Rows Read", "R2 Data Storage"}

// newMachine begins with twenty days of a service that costs a dollar a day.
func newMachine(t *testing.T, steps *atomic.Int64) *machine {
	m := &machine{
		t: t, steps: steps, bill: map[serviceDay]int{}, days: fetcher.DayOf(time.Now()) - 1,
		book: book{
			rows: map[serviceDay]int{}, missing: map[serviceDay]fetcher.Day{}, told: map[subject]*toldAlert{},
			budgets: map[string]budget{
				"whole": {10000, []int{50, 100}, billing, false},
				"each":  {4000, []int{100}, billing, true},
				"month": {12000, []int{60, 80, 100}, 1, false},
			},
		},
	}
	m.world = newWorld(t, m.rules())
	if memory, err := os.MkdirTemp("/dev/shm", "machine"); err == nil { // a life syncs a thousand times
		t.Cleanup(func() { os.RemoveAll(memory) })
		m.env.dbFile = filepath.Join(memory, "billbot.db")
	}
	m.env.transport.(inProcess)["127.0.0.1:1"] = trip(func(r *http.Request) (*http.Response, error) {
		return m.cloud.Transport().RoundTrip(r)
	})
	m.start()
	time.Sleep(20 * 24 * time.Hour)
	m.charge(func(string) int { return 100 }, machineServices[:1])
	return m
}

func (m *machine) start() {
	m.eng = m.open(m.t)
	m.reloader = newReloader(m.env, m.eng)
	m.reloader.look(m.t.Context(), false)
}

func (m *machine) rules() string {
	var b strings.Builder
	b.WriteString("accounts: [{name: production, id: " + testAccount + "}]\nslack: {channel: \"#cloud-spend\"}\nrules:\n")
	b.WriteString("  - {name: runaway, spike: {at_least: {amount: 100000}}}\n") // so that there is always a rule
	for _, name := range slices.Sorted(maps.Keys(m.book.budgets)) {
		rule := m.book.budgets[name]
		period, per := "billing_period", "account"
		if rule.anchor == 1 {
			period = "month"
		}
		if rule.each {
			per = "service"
		}
		lines := strings.Trim(strings.ReplaceAll(fmt.Sprint(rule.percents), " ", "%, "), "[]") + "%"
		fmt.Fprintf(&b, "  - {name: %s, per: %s, budget: {amount: %d.%02d, period: %s, actual: [%s]}}\n",
			name, per, rule.cents/100, rule.cents%100, period, lines)
	}
	return b.String()
}

// charge writes the bill through yesterday.
func (m *machine) charge(cost func(service string) int, services []string) {
	for yesterday := fetcher.DayOf(time.Now()) - 1; m.days < yesterday; {
		m.days++
		for _, service := range services {
			if cents := cost(service); cents != 0 {
				m.bill[serviceDay{m.days, service}] = cents
			}
		}
	}
}

// Days lets days pass. A service that costs nothing is not on the bill.
func (m *machine) Days(t *rapid.T) { m.pass(t, rapid.IntRange(1, 3).Draw(t, "days")); m.poll(t, nil) }

// Away is a billbot, or a Cloudflare, that is away for long.
func (m *machine) Away(t *rapid.T) { m.pass(t, rapid.IntRange(4, 14).Draw(t, "days")); m.poll(t, nil) }

func (m *machine) pass(t *rapid.T, days int) {
	time.Sleep(time.Duration(days) * 24 * time.Hour)
	m.charge(func(string) int {
		return rapid.SampledFrom([]int{0, 1, 10, 100, 250, 999, 2500}).Draw(t, "cents")
	}, machineServices[:rapid.IntRange(1, 3).Draw(t, "services")])
}

// Restate changes a row that was told, to a refund at times.
func (m *machine) Restate(t *rapid.T) {
	m.bill[m.drawCell(t)] = rapid.OneOf(rapid.IntRange(1, 5000), rapid.IntRange(-4000, -1)).Draw(t, "cents")
	m.poll(t, nil)
}

// Lose takes a row off the bill.
func (m *machine) Lose(t *rapid.T) {
	delete(m.bill, m.drawCell(t))
	m.poll(t, nil)
}

// LosePeriod takes a whole period off the bill for one answer.
func (m *machine) LosePeriod(t *rapid.T) {
	whole := maps.Clone(m.bill)
	for c := range of(m.bill, begins(m.drawCell(t).day, billing)) {
		delete(m.bill, c)
	}
	m.poll(t, nil)
	m.bill = whole
}

func (m *machine) drawCell(t *rapid.T) serviceDay {
	return serviceDay{m.days - fetcher.Day(rapid.IntRange(0, 12).Draw(t, "ago")), rapid.SampledFrom(machineServices).Draw(t, "service")}
}

// Again polls where nothing happened.
func (m *machine) Again(t *rapid.T) { m.poll(t, nil) }

// Break has Cloudflare answer in one of the ways that are known to be wrong.
func (m *machine) Break(t *rapid.T) {
	fault := rapid.SampledFrom(cloudFaults()).Draw(t, "fault")
	for _, hours := range []time.Duration{0, 9} { // within which the poll is
		now := time.Now().Add(hours * time.Hour)
		if told := of(shown(m.bill, now), begins(fetcher.DayOf(now), billing)); fault.fault.Row != nil && len(told) < 10 {
			m.poll(t, nil) // it would break a row that is not there
			return
		}
	}
	m.poll(t, &fault)
}

// Budget gives a rule another amount, adds it or takes it away.
func (m *machine) Budget(t *rapid.T) {
	name := rapid.SampledFrom([]string{"whole", "each", "month"}).Draw(t, "rule")
	rule, there := m.book.budgets[name]
	if there && rapid.IntRange(0, 2).Draw(t, "removed") == 0 {
		delete(m.book.budgets, name)
	} else {
		rule = map[string]budget{
			"whole": {0, []int{50, 100}, billing, false}, "each": {0, []int{100}, billing, true}, "month": {0, []int{60, 80, 100}, 1, false},
		}[name]
		rule.cents = rapid.IntRange(5, 300).Draw(t, "dollars") * 100
		m.book.budgets[name] = rule
	}
	m.edit(m.rules())
	m.poll(t, nil)
}

// Mistake writes rules that are refused, and corrects them later.
func (m *machine) Mistake(t *rapid.T) {
	m.edit(rapid.SampledFrom([]string{"", "rules: [", "accounts: []\n", strings.Replace(m.rules(), "actual", "actaul", 1) + "x"}).Draw(t, "rules"))
	m.poll(t, nil)
	m.edit(m.rules())
}

func (m *machine) edit(rules string) {
	if err := writeRules(m.env.rulesFile, rules); err != nil {
		m.t.Fatal(err)
	}
	m.reloader.look(m.t.Context(), false)
}

// Restart ends the process between two polls.
func (m *machine) Restart(t *rapid.T) {
	m.eng.store.Close()
	m.start()
	m.poll(t, nil)
}

// Clock sets billbot's clock by up to 26 hours, or right again.
func (m *machine) Clock(t *rapid.T) {
	m.ahead = time.Duration(rapid.SampledFrom([]int{0, 1, 2, 25, 26, -1, -2, -25, -26}).Draw(t, "hours ahead")) * time.Hour
	m.poll(t, nil)
}

// poll polls, with a fault or none, delivers, and does the same in the book.
func (m *machine) poll(t *rapid.T, fault *cloudFault) {
	m.steps.Add(1)
	time.Sleep(time.Duration(rapid.IntRange(1, 9).Draw(t, "hours")) * time.Hour)
	m.charge(func(string) int { return 0 }, nil)
	m.cloud = cloudflaretest.New(m.recording(rapid.Bool().Draw(t, "in parts")))
	m.cloud.SetNow(time.Now())
	now := time.Now().Add(m.ahead)
	bill := shown(m.bill, time.Now())
	if fault != nil {
		m.cloud.ScriptFunc(func(int, *http.Request) *cloudflaretest.Fault { return &fault.fault })
		bill = nil
	}
	_ = m.eng.newest().sweep(context.Background(), now)
	if fault == nil || fault.class == "" {
		m.book.poll(bill, begins(fetcher.DayOf(time.Now()), billing), fetcher.DayOf(now))
	}
	m.deliver(t)
}

// deliver delivers for some minutes through a Slack that fails now and then.
func (m *machine) deliver(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "Slack fails") == 0 {
		m.slack.Script(rapid.SampledFrom([]slackfake.Fault{
			slackfake.ServerError(503), slackfake.ServerError(500).After(), slackfake.Dropped().After(), slackfake.RateLimited(time.Minute),
		}).Draw(t, "Slack's fault"))
	}
	m.send(t)
}

// send delivers for some minutes.
func (m *machine) send(t *rapid.T) {
	for range 3 {
		if err := m.eng.newest().deliver(context.Background(), time.Now().Add(m.ahead)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
	}
}

// recording is the bill as Cloudflare has it. A row may come in parts.
func (m *machine) recording(parts bool) cloudflaretest.Recording {
	r := cloudflaretest.Recording{AccountID: testAccount, AccountName: "Production Ltd", Currency: "USD", Anchor: billing}
	for c, cents := range m.bill {
		line := cloudflaretest.Line{Day: c.day, Service: cloudflaretest.Service{Name: c.service}, Cost: decimal.New(int64(cents), -2)}
		line.Consumed, line.Billed = decimal.NewFromInt(1), decimal.NewFromInt(1)
		if parts {
			half := line
			half.Part, half.Cost = "half", decimal.New(int64(cents/2), -2)
			line.Cost = line.Cost.Sub(half.Cost)
			r.Lines = append(r.Lines, half)
		}
		r.Lines = append(r.Lines, line)
	}
	return r
}
