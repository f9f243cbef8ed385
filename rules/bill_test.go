package rules_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

func dec(digits string) decimal.Decimal { return decimal.RequireFromString(digits) }

// day reads 2026-09-01, or 09-01 of 2026.
func day(s string) fetcher.Day {
	if len(s) == len("09-01") {
		s = "2026-" + s
	}
	d, err := fetcher.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// morningAfter is when a day's rows are looked at.
func morningAfter(d fetcher.Day) time.Time { return (d + 1).Time().Add(6 * time.Hour) }

// rulesOf reads a rules file's rules: `- {name: …, budget: {…}}`.
func rulesOf(t testing.TB, written string) *rules.Rules {
	t.Helper()
	r, err := rules.Load("rules.yaml", []byte("accounts: [{name: production, id: p1, tags: [client-a]}, {name: staging, id: s1, tags: [client-b]}]\nrules:\n"+written))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var production = rules.Account{Name: "production", ID: "p1", Tags: []string{"client-a"}}

// line is a service's days: what each cost, "0x20 3.75 - 0.79" being twenty
// days of nothing, a day, one without a row, and another. Quantities are 1000
// a dollar unless they are given the same way.
type line struct {
	service string
	from    string // first day
	costs   string

	quantities string
	anchor     int    // day of the month on which billing periods start; 1 by default
	currency   string // USD by default
	sub        string
	zone       string
	family     string
	early      fetcher.Day // how many of a period's last days are the next one's
}

// bill is a trusted ledger of the lines.
func bill(lines ...line) fetcher.Ledger {
	l := fetcher.Ledger{Trust: fetcher.Trust{Verdict: fetcher.Trusted}}
	for _, line := range lines {
		l.Charges = append(l.Charges, line.charges()...)
	}
	fetcher.SortCharges(l.Charges)
	return l
}

func (l line) charges() []fetcher.Charge {
	var charges []fetcher.Charge
	quantities := words(l.quantities)
	for i, cost := range words(l.costs) {
		if cost == "-" {
			continue
		}
		d := day(l.from) + fetcher.Day(i)
		c := fetcher.Charge{
			ServiceName: l.service, ServiceFamilyName: l.family, BillingCurrency: "USD", SubscriptionID: l.sub, ZoneName: l.zone,
			BillingPeriodStart: periodStart(d+l.early, max(l.anchor, 1)), ChargePeriodStart: d,
			ContractedCost: fetcher.NumberOf(dec(cost)), ConsumedQuantity: fetcher.NumberOf(dec(cost).Shift(3)),
		}
		if l.currency != "" {
			c.BillingCurrency = l.currency
		}
		if len(quantities) > 0 {
			c.ConsumedQuantity = fetcher.NumberOf(dec(quantities[i]))
		}
		charges = append(charges, c)
	}
	return charges
}

// words reads "a bx3" as a b b b.
func words(written string) []string {
	var all []string
	for _, word := range strings.Fields(written) {
		word, times, repeated := strings.Cut(word, "x")
		n := 1
		if repeated {
			n, _ = strconv.Atoi(times)
		}
		for range n {
			all = append(all, word)
		}
	}
	return all
}

func periodStart(d fetcher.Day, anchor int) fetcher.Day {
	t := d.Time()
	if start := fetcher.NewDay(t.Year(), t.Month(), anchor); start <= d {
		return start
	}
	return fetcher.NewDay(t.Year(), t.Month()-1, anchor)
}

// upTo is what was known of a ledger on the morning after a day.
func upTo(l fetcher.Ledger, d fetcher.Day) fetcher.Ledger {
	var known []fetcher.Charge
	for _, c := range l.Charges {
		if c.ChargePeriodStart <= d {
			known = append(known, c)
		}
	}
	l.Charges = known
	return l
}
