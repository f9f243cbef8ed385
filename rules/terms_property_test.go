package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawMetered draws two months of a service with an allowance.
func drawMetered(t *rapid.T) metered {
	days := make([]string, 61)
	for i := range days {
		days[i] = rapid.SampledFrom([]string{"100", "120", "80", "0", "-", "300"}).Draw(t, "used")
	}
	days[0], days[len(days)-1] = "100", "100"
	return metered{
		service: "Vectors", from: "08-01", used: strings.Join(days, " "), price: "0.01",
		included: fmt.Sprint(rapid.IntRange(0, 40).Draw(t, "hundreds included") * 100),
	}
}

// lives is what is said of a ledger, morning after morning.
func lives(t *testing.T, r *rules.Rules, l fetcher.Ledger) []string {
	a := &life{t: t, rules: r}
	a.mornings(l, "08-20", "09-30")
	return a.said
}

// The unit that a service counts in does not matter: a thousand times as many
// at a thousandth of the price are the same alerts on the same days.
func TestScaledUsageScalesAllowances(t *testing.T) {
	t.Parallel()
	r := rulesOf(t, "- {name: allowances, allowance: {used: [50%, 100%], cost: 7.00}}\n- {name: prices, price: }")
	rapid.Check(t, func(rt *rapid.T) {
		l := billOf(drawMetered(rt))
		shift := rapid.Int32Range(-3, 9).Draw(rt, "power of ten")
		want := lives(t, r, l)
		for i := range l.Charges {
			c := &l.Charges[i]
			c.ConsumedQuantity = fetcher.NumberOf(c.ConsumedQuantity.Decimal().Shift(shift))
		}
		got := lives(t, r, l)
		if diff := cmp.Diff(withoutAmounts(want), withoutAmounts(got)); diff != "" {
			rt.Errorf("said (-want +scaled by 1e%d):\n%s", shift, diff)
		}
	})
}

// withoutAmounts cuts what was said after its line.
func withoutAmounts(said []string) []string {
	var cut []string
	for _, s := range said {
		words := strings.Fields(s)
		cut = append(cut, strings.Join(words[:min(4, len(words))], " "))
	}
	return cut
}

// More usage never takes a warning back: the line of 100% comes no later.
func TestMoreUsageKeepsAllowanceAlerts(t *testing.T) {
	t.Parallel()
	r := rulesOf(t, "- {name: allowances, allowance: }")
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetered(t)
		m.service = "Vectors (first 4 thousand included)"
		m.included = "4000"
		l := billOf(m)
		now := morningAfter(day("09-20"))
		was := stepOf(r.Evaluate(production, upTo(l, day("09-20")).Bill(), now))
		m.used = strings.Replace(m.used, "80", "180", rapid.IntRange(0, 9).Draw(t, "more"))
		if is := stepOf(r.Evaluate(production, upTo(billOf(m), day("09-20")).Bill(), now)); is < was {
			t.Errorf("at step %d, and with more usage at %d", was, is)
		}
	})
}

// stepOf is the level of the newest period.
func stepOf(findings []rules.Finding) int { return findings[len(findings)-1].Step }
