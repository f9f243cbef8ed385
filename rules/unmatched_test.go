package rules_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
)

// seen is what is true of the rules' reach after the accounts' bills.
func seen(t *testing.T, written string, productions, stagings fetcher.Ledger) map[string]*rules.Unmatched {
	t.Helper()
	x := rulesOf(t, written).NewReach()
	x.See(production, productions.Bill())
	x.See(staging, stagings.Bill())
	open := map[string]*rules.Unmatched{}
	for _, f := range x.Findings() {
		if f.Open {
			open[f.Rule] = f.Unmatched
		}
	}
	return open
}

func TestRuleThatChoosesNothing(t *testing.T) {
	d1 := bill(line{service: "D1 - Rows Read", from: "09-01", costs: "1x3", family: "D1"})
	kv := bill(line{service: "KV Read", from: "09-01", costs: "1x3", zone: "shop.example.com"}, line{service: "KV Write", from: "09-01", costs: "1x3"})
	short := bill(line{service: "KV Read", from: "09-01", costs: "1x2"})
	for name, tt := range map[string]struct {
		rule                 string
		production, staging_ fetcher.Ledger
		want                 *rules.Unmatched
	}{
		"all services":          {"budget: {amount: 1}", d1, kv, nil},
		"one is there":          {"services: [KV Rid, D1*], spike: ", d1, kv, nil},
		"another account's":     {"services: [KV Read], spike: ", d1, kv, nil},
		"with its allowance":    {"services: ['kv read (first 10 million included)'], spike: ", d1, kv, nil},
		"a slip":                {"services: [KV Raed], spike: ", d1, kv, &rules.Unmatched{Wanted: []string{"KV Raed"}, Near: []string{"KV Read"}}},
		"a slip in a glob":      {"services: ['D2 - *'], spike: ", d1, kv, &rules.Unmatched{Wanted: []string{"D2 - *"}, Near: []string{"D1 - Rows Read"}}},
		"nothing near":          {"services: [Stream], spike: ", d1, kv, &rules.Unmatched{Wanted: []string{"Stream"}, Known: []string{"D1 - Rows Read", "KV Read", "KV Write"}}},
		"a family":              {"families: [D2], spike: ", d1, kv, &rules.Unmatched{Wanted: []string{"D2"}, Near: []string{"D1"}}},
		"a zone":                {"zones: [shop.exmaple.com], spike: ", d1, kv, &rules.Unmatched{Wanted: []string{"shop.exmaple.com"}, Near: []string{"shop.example.com"}}},
		"its own account only":  {"services: [KV Read], accounts: [production], spike: ", d1, kv, &rules.Unmatched{Wanted: []string{"KV Read"}, Known: []string{"D1 - Rows Read"}}},
		"too early to say":      {"services: [D1], accounts: [staging], spike: ", d1, short, nil},
		"an account without it": {"services: [KV Write], spike: ", d1, fetcher.Ledger{}, &rules.Unmatched{Wanted: []string{"KV Write"}, Known: []string{"D1 - Rows Read"}}},
	} {
		got := seen(t, "- {name: r, "+tt.rule+"}", tt.production, tt.staging_)["r"]
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestUnmatchedLife: told once, over when there is something to choose or the
// rule is gone.
func TestUnmatchedLife(t *testing.T) {
	l := newLife(t, "- {name: d1, services: ['D1*'], spike: }\n- {name: r2, services: ['R2*'], spike: }")
	look := func(now string, lines ...line) {
		x := l.rules.NewReach()
		x.See(production, bill(lines...).Bill())
		l.advance(x.Findings(), at(now))
	}
	kv := line{service: "KV Read", from: "09-01", costs: "1x10"}
	look("04 07:00", kv)
	look("04 08:00", kv)
	look("04 09:00") // a sweep that heard of nobody
	l.told("09-04 fired", "09-04 fired")
	look("06 07:00", kv, line{service: "D1 - Rows Read", from: "09-05", costs: "1"})
	l.told("09-06 resolved")
	l.rules = rulesOf(t, "- {name: d1, services: ['D1*'], spike: }")
	look("07 07:00", kv, line{service: "D1 - Rows Read", from: "09-05", costs: "1"})
	l.told("09-07 resolved")
	if a := l.newest(); a.State != rules.Resolved || a.EndedAt.IsZero() {
		t.Errorf("got %+v", a)
	}
}
