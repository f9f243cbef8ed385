package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
)

// TestMachine lives random lives of billbot, from Cloudflare's answers to what
// stands in Slack, and holds what is known, what is on and what was told against
// a book that is kept by the plainest means.
func TestMachine(t *testing.T) {
	want := map[string]int{"": 200, "short": 20_000, "long": 1_000_000}[os.Getenv("BILLBOT_SCORE")]
	var steps atomic.Int64
	diverged := !t.Run("lives", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				for int(steps.Load()) < want {
					rapid.Check(t, func(rt *rapid.T) {
						if int(steps.Load()) < want {
							inBubble(t, func(t *testing.T) { live(t, rt, &steps) })
						}
					})
				}
			})
		}
	})
	t.Attr("score", fmt.Sprintf("7 steps=%d divergences=%d", steps.Load(), map[bool]int{true: 1}[diverged]))
}

// inBubble runs f in time of its own, and hands on what rapid ends a life with.
func inBubble(t *testing.T, f func(*testing.T)) {
	t.Helper()
	var end any
	synctest.Test(t, func(t *testing.T) {
		defer func() { end = recover() }()
		f(t)
	})
	if end != nil {
		panic(end)
	}
}

func live(t *testing.T, rt *rapid.T, steps *atomic.Int64) {
	m := newMachine(t, steps)
	defer func() { m.eng.store.Close() }()
	m.poll(rt, nil)
	rt.Repeat(map[string]func(*rapid.T){
		"": m.check, "Days": m.Days, "Days again": m.Days, "Days once more": m.Days, "Away": m.Away,
		"Restate": m.Restate, "Restate again": m.Restate, "Lose": m.Lose, "Lose a period": m.LosePeriod,
		"Again": m.Again, "Break": m.Break, "Budget": m.Budget, "Mistake": m.Mistake,
		"Restart": m.Restart, "Clock": m.Clock,
	})
	m.ahead = 0
	m.slack.Heal()
	for range 2 {
		time.Sleep(30 * time.Hour)
		m.send(rt)
	}
	m.check(rt)
	if left, err := m.eng.store.Undelivered(t.Context()); err != nil || len(left) > 0 {
		rt.Fatalf("left in the outbox: %+v, %v", left, err)
	}
}

// check is asked after each step.
func (m *machine) check(t *rapid.T) {
	if diff := cmp.Diff(m.book.rows, m.believed(), cmp.AllowUnexported(serviceDay{})); diff != "" {
		t.Fatalf("what is owed (-book +billbot):\n%s", diff)
	}
	alerts, err := m.eng.store.Alerts(m.t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ids := map[subject]string{}
	on := map[subject]string{}
	for _, a := range alerts {
		if f := a.Alert.Finding; f.OfBudget() {
			s := subject{f.Rule, f.Subject.Service, f.Episode}
			ids[s] = a.Alert.MessageKey()
			on[s] = standing(a.Alert.On(), a.Alert.Ended, f.Step, int(f.Amount.Shift(2).IntPart()))
		}
	}
	want := map[subject]string{}
	for s, f := range m.book.told {
		want[s] = standing(f.on, f.ended, f.step, f.cents)
	}
	if diff := cmp.Diff(want, on, cmp.AllowUnexported(subject{})); diff != "" {
		t.Fatalf("on %s, alerts (-book +billbot):\n%s", fetcher.DayOf(time.Now()), diff)
	}
	m.checkSlack(t, ids)
}

func standing(on bool, ended rules.Ending, step, cents int) string {
	if !on {
		step = 0 // what it reached once is not told any more
	}
	return fmt.Sprint("on ", on, " ", ended, " at line ", step, " with ", cents)
}

// believed is the ledger, by day and service.
func (m *machine) believed() map[serviceDay]int {
	sums := map[serviceDay]*fetcher.Sum{}
	bill := m.known(m.t, m.eng).Bill
	for _, line := range bill.Lines {
		for i := range line.Costs.Len() {
			c := serviceDay{line.First + fetcher.Day(i), line.Service}
			if sums[c] == nil {
				sums[c] = &fetcher.Sum{}
			}
			sums[c].Add(line.Costs.At(i))
		}
	}
	cents := map[serviceDay]int{}
	for c, sum := range sums {
		cents[c] = int(sum.Decimal().Shift(2).IntPart())
	}
	return cents
}

// checkSlack: no message is there twice, and once nothing waits, each alert is
// told by one: its own, or one that it shares with others and that names it.
func (m *machine) checkSlack(t *rapid.T, keys map[subject]string) {
	left, err := m.eng.store.Undelivered(m.t.Context())
	if err != nil {
		t.Fatal(err)
	}
	own, shared := map[string]string{}, ""
	for _, message := range m.slack.posted("billbot_alert") {
		if own[message.Key] != "" {
			t.Fatalf("%s is there twice: %s", message.Key, m.allTexts())
		}
		own[message.Key] = message.Text
		if strings.HasPrefix(message.Key, notifier.DigestPrefix) {
			shared += message.Blocks
		}
	}
	for s, alert := range m.book.told {
		key := keys[s]
		text, itself := own[key]
		switch {
		case len(left) > 0:
		case strings.HasPrefix(key, notifier.StormPrefix):
			itself = itself || strings.Contains(shared, key)
		case itself:
			itself = alert.isToldBy(text)
		default:
			itself = strings.Contains(shared, "["+key+"]")
		}
		if !itself && len(left) == 0 && !strings.Contains(shared, " more: billbot alerts lists them") {
			t.Fatalf("%v, %s, is %+v, and Slack says %q of %s", s, key, *alert, text, m.allTexts())
		}
	}
}

// isToldBy reports whether a message says what is true: how it stands, and with
// how much.
func (f *toldAlert) isToldBy(text string) bool {
	verdict := map[rules.Ending]string{
		rules.EndedBack: "Back under budget: ", rules.EndedRaised: "Back under budget: ",
		rules.EndedPeriod: "Period ended: ", rules.EndedRemoved: "No longer watched: ",
	}[f.ended]
	amount := fmt.Sprintf("$%d.%02d", f.cents/100, f.cents%100)
	switch {
	case f.cents < 0 || f.ended == rules.EndedRemoved:
		amount = ""
	case f.on && f.cents >= f.budget:
		verdict = "Over budget: "
	case f.on:
		verdict = "% of budget "
	}
	return strings.Contains(text, verdict) && strings.Contains(strings.ReplaceAll(text, ",", ""), amount)
}

func (m *machine) allTexts() string {
	var b strings.Builder
	for _, message := range m.slack.posted("") {
		fmt.Fprintln(&b, message.EventType, message.Key, message.Text, message.TS, message.Metadata)
	}
	return b.String()
}
