package fetcher_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// model is what a ledger has to be, by the plainest means: the rows of each
// item, and since when an item is in doubt.
type model struct {
	rows   map[fetcher.Item][]fetcher.Charge
	doubts map[fetcher.Item]fetcher.Day
}

func (m model) take(a fetcher.Answer) {
	told, periods := map[fetcher.Item][]fetcher.Charge{}, map[fetcher.Day]bool{}
	for _, c := range a.Charges {
		told[item(c)] = append(told[item(c)], c)
		periods[c.BillingPeriodStart] = true
	}
	for i := range m.rows {
		asked := (a.From.IsZero() || i.Day >= a.From) && (a.To.IsZero() || i.Day <= a.To)
		if told[i] == nil && asked && periods[i.BillingPeriodStart] {
			m.miss(i, fetcher.DayOf(a.FetchedAt))
		}
	}
	for i, rows := range told {
		m.rows[i] = rows
		delete(m.doubts, i)
	}
}

func (m model) miss(i fetcher.Item, today fetcher.Day) {
	since, doubted := m.doubts[i]
	switch {
	case !doubted:
		m.doubts[i] = today
	case since < today:
		delete(m.rows, i)
		delete(m.doubts, i)
	}
}

func (m model) charges() []fetcher.Charge {
	charges := slices.Concat(slices.Collect(maps.Values(m.rows))...)
	fetcher.SortCharges(charges)
	return charges
}

func item(c fetcher.Charge) fetcher.Item {
	return fetcher.Item{
		BillingPeriodStart: c.BillingPeriodStart, Day: c.ChargePeriodStart, Service: c.Service(),
		SubscriptionID: c.SubscriptionID, ZoneID: c.ZoneID,
	}
}

// drawCharge draws from so few services, days and amounts that answers restate
// each other, lose rows and hold twins.
func drawCharge(t *rapid.T) fetcher.Charge {
	c := fetcher.Charge{
		BillingCurrency:    "USD",
		ServiceName:        rapid.SampledFrom([]string{"D1", "D1 (first 5 included)", "KV"}).Draw(t, "service"),
		BillingPeriodStart: day("2026-09-01"),
		ChargePeriodStart:  day("2026-09-14") + fetcher.Day(rapid.IntRange(0, 3).Draw(t, "day")),
		ContractedCost:     fetcher.NewNumber(rapid.Int64Range(-2, 5).Draw(t, "cents"), -2),
		ConsumedQuantity:   fetcher.NewNumber(rapid.Int64Range(0, 2).Draw(t, "quantity"), 0),
	}
	if rapid.Bool().Draw(t, "second subscription") {
		c.SubscriptionID, c.BillingPeriodStart = "b", day("2026-08-16")
	}
	return c
}

// drawAnswers draws what a source says over some days: empty answers and
// ranges too.
func drawAnswers(t *rapid.T) []fetcher.Answer {
	on := day("2026-09-14")
	var answers []fetcher.Answer
	for range rapid.IntRange(1, 7).Draw(t, "answers") {
		on += fetcher.Day(rapid.IntRange(0, 2).Draw(t, "days later"))
		a := fetcher.Answer{FetchedAt: noon(on), Charges: rapid.SliceOfN(rapid.Custom(drawCharge), 0, 8).Draw(t, "rows")}
		if rapid.IntRange(0, 4).Draw(t, "ranged") == 0 {
			a.From, a.To = day("2026-09-15"), day("2026-09-16")
			a.Charges = slices.DeleteFunc(a.Charges, func(c fetcher.Charge) bool {
				return c.ChargePeriodStart < a.From || c.ChargePeriodStart > a.To
			})
		}
		answers = append(answers, a)
	}
	return answers
}

func TestMergeIsTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l fetcher.Ledger
		m := model{rows: map[fetcher.Item][]fetcher.Charge{}, doubts: map[fetcher.Item]fetcher.Day{}}
		for _, a := range drawAnswers(t) {
			before, was, asked := l, copyOf(l), slices.Clone(a.Charges)
			l, _ = l.Merge(a)
			m.take(a)
			if diff := cmp.Diff(was, before); diff != "" {
				t.Fatalf("Merge changed its ledger (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(asked, a.Charges); diff != "" {
				t.Fatalf("Merge changed the answer (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(m.charges(), l.Charges, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("charges (-model +ledger):\n%s", diff)
			}
			if diff := cmp.Diff(m.doubts, doubts(l)); diff != "" {
				t.Fatalf("doubts (-model +ledger):\n%s", diff)
			}
			if _, change := l.Merge(a); len(change.Periods)+len(change.Revisions) > 0 {
				t.Fatalf("the same answer at the same time changed %+v", change)
			}
		}
	})
}

func doubts(l fetcher.Ledger) map[fetcher.Item]fetcher.Day {
	found := map[fetcher.Item]fetcher.Day{}
	for _, d := range l.Doubts {
		found[d.Item] = d.Since
	}
	return found
}

// How an answer cuts its rows and in which order it tells them means nothing.
func TestMergeOfSplitAndShuffledRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var whole, parts fetcher.Ledger
		for _, a := range drawAnswers(t) {
			split := a
			split.Charges = rapid.Permutation(halves(a.Charges)).Draw(t, "order")
			var want, got fetcher.Change
			whole, want = whole.Merge(a)
			parts, got = parts.Merge(split)
			if diff := cmp.Diff(sums(whole), sums(parts)); diff != "" {
				t.Fatalf("sums (-whole +split):\n%s", diff)
			}
			if diff := cmp.Diff(whole.Trust, parts.Trust); diff != "" {
				t.Fatalf("trust (-whole +split):\n%s", diff)
			}
			if diff := cmp.Diff(doubts(whole), doubts(parts)); diff != "" {
				t.Fatalf("doubts (-whole +split):\n%s", diff)
			}
			if diff := cmp.Diff(want.Revisions, got.Revisions); diff != "" {
				t.Fatalf("revisions (-whole +split):\n%s", diff)
			}
		}
	})
}

// halves cuts each row in two that add up to it.
func halves(charges []fetcher.Charge) []fetcher.Charge {
	var cut []fetcher.Charge
	half := dec("0.5")
	for _, c := range charges {
		c.ContractedCost = fetcher.NumberOf(c.ContractedCost.Decimal().Mul(half))
		c.ConsumedQuantity = fetcher.NumberOf(c.ConsumedQuantity.Decimal().Mul(half))
		cut = append(cut, c, c)
	}
	return cut
}

func sums(l fetcher.Ledger) map[fetcher.Item][2]decimal.Decimal {
	found := map[fetcher.Item][2]decimal.Decimal{}
	for _, c := range l.Charges {
		s := found[item(c)]
		found[item(c)] = [2]decimal.Decimal{s[0].Add(c.ContractedCost.Decimal()), s[1].Add(c.ConsumedQuantity.Decimal())}
	}
	return found
}
