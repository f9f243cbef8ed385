package fetcher_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
)

func dec(digits string) decimal.Decimal { return decimal.RequireFromString(digits) }

// day reads 2026-09-01; "" is no day.
func day(s string) fetcher.Day {
	var d fetcher.Day
	if err := d.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return d
}

func noon(d fetcher.Day) time.Time { return d.Time().Add(12 * time.Hour) }

// bill reads charges, one a line: day, service, cost, and what differs from a
// bill of one subscription whose periods are the calendar's months. A quantity
// is 1000 a dollar unless it is given.
//
//	2026-09-01 D1 3.75 period=2026-08-12 sub=s1 zone=z1 currency=EUR quantity=5 unit=rows
func bill(lines string) []fetcher.Charge {
	var charges []fetcher.Charge
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		charges = append(charges, charge(words[0], words[1], words[2], words[3:]))
	}
	return charges
}

func charge(on, service, cost string, rest []string) fetcher.Charge {
	c := fetcher.Charge{
		BillingCurrency: "USD", ServiceName: service,
		BillingPeriodStart: day(on[:len("2026-09-")] + "01"), ChargePeriodStart: day(on),
		ContractedCost: fetcher.NumberOf(dec(cost)), ConsumedQuantity: fetcher.NumberOf(dec(cost).Shift(3)),
	}
	for _, word := range rest {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "period":
			c.BillingPeriodStart = day(value)
		case "sub":
			c.SubscriptionID = value
		case "zone":
			c.ZoneID = value
		case "currency":
			c.BillingCurrency = value
		case "quantity":
			c.ConsumedQuantity = fetcher.NumberOf(dec(value))
		case "unit":
			c.ConsumedUnit = value
		default:
			panic("no such word: " + word)
		}
	}
	return c
}

// answer is what the source said at noon of a day.
func answer(on, lines string) fetcher.Answer {
	return fetcher.Answer{FetchedAt: noon(day(on)), Hash: "of " + on, Charges: bill(lines)}
}

// ledger is what a list of answers adds up to.
func ledger(answers ...fetcher.Answer) fetcher.Ledger {
	var l fetcher.Ledger
	for _, a := range answers {
		l, _ = l.Merge(a)
	}
	return l
}

// checkBill compares a ledger's charges with a bill.
func checkBill(t *testing.T, l fetcher.Ledger, lines string) {
	t.Helper()
	want := bill(lines)
	fetcher.SortCharges(want)
	if diff := cmp.Diff(want, l.Charges, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("charges (-want +got):\n%s", diff)
	}
}

func checkVerdict(t *testing.T, l fetcher.Ledger, want fetcher.Verdict) {
	t.Helper()
	if got := l.Trust.Verdict; got != want {
		t.Errorf("verdict: got %s (%s), want %s", got, l.Trust.Reason, want)
	}
	if told := l.Trust.Reason != ""; told == (want == fetcher.Trusted) {
		t.Errorf("reason of %s: got %q", want, l.Trust.Reason)
	}
}

// checkNothing says that an answer told nothing new.
func checkNothing(t *testing.T, got fetcher.Change) {
	t.Helper()
	if diff := cmp.Diff(fetcher.Change{}, got); diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
}

// copyOf shares nothing with its ledger.
func copyOf(l fetcher.Ledger) fetcher.Ledger {
	l.Charges = slices.Clone(l.Charges)
	l.Doubts = slices.Clone(l.Doubts)
	l.Terms.Anchors = slices.Clone(l.Terms.Anchors)
	return l
}
