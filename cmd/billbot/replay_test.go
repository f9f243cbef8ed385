package main

import (
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

const replayRules = `
rules:
  - {name: whole-account, budget: {amount: 25, actual: [50%, 80%, 100%]}}
  - {name: runaway, spike: {}}
  - {name: all, per: total, budget: {amount: 900, period: month}}
`

func replayedRules(t testing.TB) *rules.Rules {
	t.Helper()
	r, err := rules.Load("rules.yaml", []byte(replayRules))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// writtenWalk is an account of some services over some days, one of which runs
// away on the 200th. Subscriptions begin their periods on different days.
func writtenWalk(n, services, days int, anchors ...int) *walk {
	id := fmt.Sprintf("account-%d", n)
	return newWalk(rules.Account{Name: id, ID: id}, fetcher.Terms{}, writtenCharges(n, services, days, anchors...))
}

func writtenCharges(n, services, days int, anchors ...int) []fetcher.Charge {
	first := fetcher.NewDay(2025, 1, 1)
	var charges []fetcher.Charge
	for i := range days {
		day := first + fetcher.Day(i)
		for s := range services {
			cost := decimal.New(int64(10+(i*7+s*3+n)%9), -2)
			if i == 200 && s == 0 {
				cost = decimal.NewFromInt(60)
			}
			anchor := anchors[s%len(anchors)]
			date := day.Time()
			start := fetcher.NewDay(date.Year(), date.Month(), anchor)
			if start > day {
				start = fetcher.NewDay(date.Year(), date.Month()-1, anchor)
			}
			charges = append(charges, fetcher.Charge{
				BillingCurrency: "USD", ServiceName: fmt.Sprintf("Service %d", s), SubscriptionID: fmt.Sprint(anchor),
				BillingPeriodStart: start, ChargePeriodStart: day,
				ContractedCost: fetcher.NumberOf(cost), ConsumedQuantity: fetcher.NumberOf(cost.Shift(3)),
			})
		}
	}
	return charges
}

// The bill of a morning is that of the rows of its days, with one subscription
// and with several.
func TestWalkUpTo(t *testing.T) {
	r := replayedRules(t)
	for _, anchors := range [][]int{{12}, {1, 12, 28}} {
		w, charges := writtenWalk(0, len(anchors)+1, 300, anchors...), writtenCharges(0, len(anchors)+1, 300, anchors...)
		first, last := span([]*walk{w})
		for day := first - 1; day <= last+200; day += 13 {
			since := r.Reach(day + 1)
			var want fetcher.Sum
			for _, c := range charges {
				if c.ChargePeriodStart >= since && c.ChargePeriodStart <= day {
					want.Add(c.ContractedCost)
				}
			}
			bill, _ := w.upTo(r, day)
			var got fetcher.Sum
			for _, line := range bill.Lines {
				line.Cost(&got, since, last)
			}
			if !got.Decimal().Equal(want.Decimal()) || bill.Through() > day {
				t.Errorf("%s: got %s through %s, want %s", day, got.Decimal(), bill.Through(), want.Decimal())
			}
		}
	}
}

// What is said does not depend on how many accounts are lived at a time, and is
// in the order of days and accounts.
func TestReplayIsInOrder(t *testing.T) {
	var walks []*walk
	for n := range 3 {
		walks = append(walks, writtenWalk(n, 2, 205, 12))
	}
	said := func() []string {
		mornings, err := replay{rules: replayedRules(t)}.run(t.Context(), walks)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, m := range mornings {
			for _, e := range m.events {
				lines = append(lines, fmt.Sprint(m.day, " ", e.Type, " ", e.Alert.Finding.Rule, " ", e.Alert.Finding.Subject.Account))
			}
		}
		return lines
	}
	first := said()
	if len(first) < 6 || !slices.IsSortedFunc(first, func(a, b string) int { return compareDays(a, b) }) {
		t.Errorf("got %d events, not in order of days", len(first))
	}
	if diff := cmp.Diff(first, said()); diff != "" {
		t.Errorf("a second time (-first +second):\n%s", diff)
	}
}

// Rules per total say of accounts kept together what they say of ledgers put
// together each day.
func TestReplayTotals(t *testing.T) {
	r := replayedRules(t)
	walks := []*walk{writtenWalk(0, 2, 90, 12), writtenWalk(1, 3, 90, 1, 28)}
	whole := replay{rules: r}.together(walks)[0]
	first, last := span(walks)
	for day := first; day <= last; day += 3 {
		var watched []rules.Watched
		for _, w := range walks {
			bill, _ := w.upTo(r, day)
			watched = append(watched, rules.Watched{Account: w.account, Bill: bill})
		}
		bill, _ := whole.walk.upTo(r, day)
		want, got := r.EvaluateTotals(watched, morningAfter(day)), whole.rule.EvaluateTogether(bill, morningAfter(day))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", day, diff)
		}
	}
}

// A panic is an error that says whose day it was; the other accounts are lived.
func TestReplayThatPanics(t *testing.T) {
	walks := []*walk{writtenWalk(0, 2, 40, 12), writtenWalk(1, 2, 40, 12)}
	first, _ := span(walks)
	seen := make([]int, len(walks))
	r := replay{rules: replayedRules(t), look: func(account int, bill fetcher.Bill) {
		if seen[account]++; account == 1 && bill.Through() == first+9 {
			panic("a bill that nobody thought of")
		}
	}}
	_, err := r.run(t.Context(), walks)
	want := walks[1].account.Name + " on " + (first + 9).String() + ": billbot failed inside: a bill that nobody thought of"
	if err == nil || err.Error() != want || tellError(env{stderr: io.Discard}, err) != exitFail {
		t.Errorf("got %v, want %s", err, want)
	}
	if diff := cmp.Diff([]int{40, 10}, seen); diff != "" {
		t.Errorf("mornings lived (-want +got):\n%s", diff)
	}
}

func compareDays(a, b string) int {
	const day = len("2026-01-31")
	return slices.Compare([]byte(a[:day]), []byte(b[:day]))
}

// BenchmarkReplay is a backtest of 100 accounts of ten services over 400 days.
// -short has a tenth of the accounts.
func BenchmarkReplay(b *testing.B) {
	accounts := 100
	if testing.Short() {
		accounts = 10
	}
	var walks []*walk
	for n := range accounts {
		walks = append(walks, writtenWalk(n, 10, 400, 12))
	}
	r := replayedRules(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (replay{rules: r}).run(b.Context(), walks); err != nil {
			b.Fatal(err)
		}
	}
}
