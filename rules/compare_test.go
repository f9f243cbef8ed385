package rules_test

import (
	"slices"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
)

// A budget's largest part says what it used before, and at which price: the
// same days of the period before, or for a day, a usual one.
func TestBudgetCauses(t *testing.T) {
	dearer := billedAt("08-01", "0.001x38 0.002x10")
	for _, tt := range []struct {
		name, rule string
		line       line
		through    string
		usual      string
		how        rules.Comparison
	}{
		{"more in this period", "{amount: 1}", line{service: "D1", from: "08-01", costs: "1x31 3x10"}, "09-10", "10000", rules.WithBefore},
		{"more today", "{amount: 1, period: day}", line{service: "D1", from: "08-01", costs: "1x31 3x1"}, "09-01", "1000", rules.WithBefore},
		{"the period before is not known", "{amount: 1}", line{service: "D1", from: "08-02", costs: "1x30 3x10"}, "09-10", "0", rules.NoBefore},
		{"a longer period before", "{amount: 1, period: month}", line{service: "D1", from: "08-01", costs: "1x31 3x30"}, "09-30", "30000", rules.WithBefore},
		{"a runaway from nothing", "{amount: 1}", line{service: "D1", from: "08-01", costs: "0x31 3x10"}, "09-10", "0", rules.WithBefore},
		{"the first day there is", "{amount: 1, period: day}", line{service: "D1", from: "08-01", costs: "3"}, "08-01", "0", rules.NoBefore},
		{"a zone", "{amount: 1}, per: zone", line{service: "D1", zone: "a.com", from: "08-01", costs: "1x31 3x10"}, "09-10", "10000", rules.WithBefore},
		{"a day of a zone", "{amount: 1, period: day}, per: zone", line{service: "D1", zone: "a.com", from: "08-01", costs: "1x31 3x1"}, "09-01", "1000", rules.WithBefore},
		{"a zone's part", "{amount: 1}, zones: [a.com]", line{service: "D1", zone: "a.com", from: "08-01", costs: "1x31 3x10"}, "09-10", "10000", rules.WithBefore},
		{"a family", "{amount: 1}, families: [D1]", line{service: "D1", family: "D1", from: "08-01", costs: "1x31 3x10"}, "09-10", "10000", rules.WithBefore},
	} {
		other := line{service: "Idle", zone: "b.com", family: "other", from: tt.line.from, costs: "0"}
		if got := toldCause(t, tt.rule, bill(tt.line, other), day(tt.through)); got.Compared != tt.how || got.UsualQuantity.String() != tt.usual || !got.Price.IsZero() {
			t.Errorf("%s: got %s before (%s), at %s, want %s (%s) and no other price", tt.name, got.UsualQuantity, got.Compared, got.Price, tt.usual, tt.how)
		}
	}
	if c := toldCause(t, "{amount: 1}", dearer, day("09-17")); c.Price.String() != "0.002" || c.UsualPrice.String() != "0.001" {
		t.Errorf("dearer: got %s instead of %s, want 0.002 instead of 0.001", c.Price, c.UsualPrice)
	}
}

// Two subscriptions are compared each with its own period before, and every
// large part is.
func TestCausesOfTwoSubscriptions(t *testing.T) {
	r := rulesOf(t, "- {name: b, budget: {amount: 1}}")
	known, now := bill(line{service: "D1", from: "08-01", costs: "1x51", sub: "a"}, line{service: "KV", from: "08-01", costs: "2x51", sub: "b", anchor: 15}).Bill(), morningAfter(day("09-20"))
	findings := r.Evaluate(production, known, now)
	alerts, events := rules.Advance(production.ID, nil, findings, now)
	r.Causes(production, known, alerts, events, now)
	got := events[len(events)-1].Alert.Finding.Causes
	want := map[string]string{"D1": "20000", "KV": "12000"}
	for _, c := range got {
		if c.UsualQuantity.String() != want[c.Service] || c.Compared != rules.WithBefore {
			t.Errorf("%s: got %s before (%s), want %s", c.Service, c.UsualQuantity, c.Compared, want[c.Service])
		}
	}
	if len(got) != 2 {
		t.Errorf("got %d causes, want 2", len(got))
	}
}

// toldCause is the first cause of a budget's alert that fires after a day. What
// is kept and what is told have the same.
func toldCause(t *testing.T, budget string, ledger fetcher.Ledger, after fetcher.Day) rules.Cause {
	t.Helper()
	r, known, now := rulesOf(t, "- {name: b, budget: "+budget+"}"), ledger.Bill(), morningAfter(after)
	alerts, events := rules.Advance(production.ID, nil, r.Evaluate(production, known, now), now)
	r.Causes(production, known, alerts, events, now)
	fired := slices.IndexFunc(events, func(e rules.Event) bool { return e.Alert.Finding.Period.Contains(after) })
	if fired < 0 {
		t.Fatalf("%s: nothing fired", budget)
	}
	told := events[fired].Alert
	kept := slices.IndexFunc(alerts, func(a rules.Alert) bool { return a.ID == told.ID })
	if diff := cmp.Diff(told.Finding.Causes, alerts[kept].Finding.Causes); diff != "" {
		t.Errorf("%s: causes (-told +kept):\n%s", budget, diff)
	}
	return told.Finding.Causes[0]
}

// A spike at a new price says so.
func TestSpikeCauses(t *testing.T) {
	costs := "10x24 20x5 200"
	used := "10000x24 10000x5 100000"
	ledger := bill(line{service: "D1", from: "08-01", costs: costs, quantities: used})
	findings := rulesOf(t, "- {name: s, spike: }").Evaluate(production, ledger.Bill(), morningAfter(day("08-30")))
	if c := findings[0].Causes; len(c) != 1 || c[0].Price.String() != "0.002" || c[0].UsualPrice.String() != "0.001" {
		t.Errorf("got %+v, want 0.002 instead of 0.001", c)
	}
}
