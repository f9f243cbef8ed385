package slack

import (
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
)

func spendsOf(t testing.TB, change func(*report.Spend)) []report.Spend {
	all := spends(t)
	change(&all[0])
	return all
}

func failedSpend(s *report.Spend) {
	s.LastTrusted = time.Date(2026, 3, 31, 6, 30, 0, 0, time.UTC)
	s.Failure = "cloudflare: GET /billable-usage: 401 Unauthorized: the token is not valid"
}

func zeroSpend(s *report.Spend) {
	s.Total, s.Forecast, s.Services = dec("0"), &report.Forecast{}, s.Services[7:]
}

func endedSpend(s *report.Spend) { s.Through = s.Period.End }

func spends(t testing.TB) []report.Spend {
	s := report.Spend{
		Account: "production", Currency: "USD", Through: day(t, "2026-04-03"), Period: billingPeriod(t), Total: dec("132.4"),
		Forecast: &report.Forecast{Total: dec("610"), Lo: dec("540.2"), Hi: dec("702")},
		Trust:    fetcher.Trust{Verdict: fetcher.Trusted},
	}
	for _, name := range strings.Fields("Durable-Objects D1 R2 KV Queues Images Stream") {
		s.Services = append(s.Services, report.ServiceSpend{Service: name, Yesterday: ptr("2.05"), Newest: dec("2.05"), Period: dec("18.2"), Usual: dec("0.4")})
	}
	for _, name := range strings.Fields("Argo Pages") {
		s.Services = append(s.Services, report.ServiceSpend{Service: name, Yesterday: ptr("0")})
	}
	return []report.Spend{s}
}

// fuzzAmount reads a decimal as long as no bill has; the reader of bills
// refuses exponents beyond that.
