package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

func dec(digits string) decimal.Decimal { return decimal.RequireFromString(digits) }

// day is a day of 2026.
func day(month time.Month, d int) fetcher.Day { return fetcher.NewDay(2026, month, d) }

// row is a charge of a period that starts on the given day.
func row(service string, on, period fetcher.Day, cost, currency string) fetcher.Charge {
	return fetcher.Charge{
		ServiceName: service, BillingCurrency: currency, BillingPeriodStart: period, ChargePeriodStart: on,
		ContractedCost: fetcher.NumberOf(dec(cost)), ConsumedQuantity: fetcher.NumberOf(dec(cost).Shift(3)),
	}
}

// run is a service's days from first on, in dollars: "2 2 2", in calendar
// months; "-" is a day without a row.
func run(service string, first fetcher.Day, costs string) []fetcher.Charge {
	var charges []fetcher.Charge
	for i, cost := range strings.Fields(costs) {
		d := first + fetcher.Day(i)
		if cost == "-" {
			continue
		}
		charges = append(charges, row(service, d, d-fetcher.Day(d.Time().Day()-1), cost, "USD"))
	}
	return charges
}

// ledger is the trusted ledger of production.
func ledger(runs ...[]fetcher.Charge) fetcher.Ledger {
	l := fetcher.Ledger{Account: fetcher.Account{Name: "production", ID: "p1"}, Trust: trusted}
	for _, charges := range runs {
		l.Charges = append(l.Charges, charges...)
	}
	fetcher.SortCharges(l.Charges)
	return l
}

var (
	trusted    = fetcher.Trust{Verdict: fetcher.Trusted}
	production = rules.Account{Name: "production", ID: "p1"}
)

func times(n int, cost string) string { return strings.Repeat(cost+" ", n) }

func rulesOf(t *testing.T, written string) *rules.Rules {
	t.Helper()
	r, err := rules.Load("rules.yaml", []byte("rules:\n"+written))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// watched is production, polled well, in September.
func watched(runs ...[]fetcher.Charge) report.Watched {
	return report.Watched{Account: production, Bill: ledger(runs...).Bill(), Poll: fetcher.PollState{Trust: trusted}}
}

// noon is when the reports here are asked for.
func noon(d fetcher.Day) time.Time { return d.Time().Add(12 * time.Hour) }
