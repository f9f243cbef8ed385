package slack

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

// points are numbers of a chart.
func points(texts ...string) []decimal.Decimal {
	var all []decimal.Decimal
	for _, text := range texts {
		all = append(all, dec(text))
	}
	return all
}

func charted(t testing.TB, item notifier.Item) notifier.Item {
	item.Content.Chart = &report.Chart{
		Of: "D1 - Rows Read", Currency: "USD", Each: 1,
		Days: fetcher.Period{Start: day(t, "2026-03-21"), End: day(t, "2026-04-03")},
		Series: []report.Series{
			{Name: report.SeriesActual, Points: points("4.6", "3.9", "4.4", "4.8", "4.5", "4.3", "4.7", "4.1", "3.8", "4.4", "4.1", "4.4", "4.2", "41.2")},
			{Name: report.SeriesUsual, Points: slices.Repeat(points("4.4"), 14)},
		},
	}
	return item
}

// layered is a storm's message with the chart of its services.
func layered(t testing.TB, item notifier.Item) notifier.Item {
	item.Content.Chart = layers(t, "2026-03-31", "2026-04-03", 4, 1)
	item.Content.Chart.Series[0].Name = report.SeriesTogether
	return item
}

// detailed is the summary of one account, with a snoozed alert.
func detailed(t testing.TB) *report.Summary {
	s := summary(t)
	s.Accounts = s.Accounts[1:2]
	s.Accounts[0].Open[0].Standing = "snoozed until Sun 5 Apr 06:00 UTC"
	s.Breakdown = breakdown()
	s.Chart = layers(t, "2026-03-31", "2026-04-03", 4, 1)
	return s
}

func breakdown() *report.SpanTable {
	return &report.SpanTable{
		Currency: "USD", More: 12,
		Parts: []report.TablePart{
			{Name: "D1 - Rows Read", Cost: dec("34.1"), Usual: dec("4.4"), ToDate: dec("92.4")},
			{Name: "Workers Standard Requests", Cost: dec("9.1"), Usual: dec("1.1"), ToDate: dec("30")},
			{Name: "R2 Class A Operations", Usual: dec("0.8"), ToDate: dec("8")},
		},
		Rest:  report.TablePart{Cost: dec("0.9"), Usual: dec("0.9"), ToDate: dec("2")},
		Whole: report.TablePart{Cost: dec("44.1"), Usual: dec("7.2"), ToDate: dec("132.4")},
	}
}

// layers is a chart of services; one of the names is as long as names get.
func layers(t testing.TB, from, to string, n, each int) *report.Chart {
	c := &report.Chart{Currency: "USD", Each: each, Layered: true, Days: fetcher.Period{Start: day(t, from), End: day(t, to)}}
	for i, name := range []string{report.SeriesAll, "D1 - Rows Read", "Durable Objects Storage Rows Read", "Durable Objects Storage Rows Written"} {
		s := report.Series{Name: name}
		for k := range n {
			s.Points = append(s.Points, decimal.New(int64(100-20*i+k), -1))
		}
		c.Series = append(c.Series, s)
	}
	return c
}

// broken is the summary of several accounts of one currency.
func broken(t testing.TB) *report.Summary {
	s := summary(t)
	s.Accounts = s.Accounts[1:]
	s.Breakdown = &report.SpanTable{
		Accounts: true, Currency: "USD",
		Parts: []report.TablePart{
			{Name: "production", Cost: dec("44.1"), Usual: dec("6.2"), ToDate: dec("132.4")},
			{Name: "staging", Cost: dec("1"), Usual: dec("1"), ToDate: dec("12")},
		},
		Whole: report.TablePart{Cost: dec("45.1"), Usual: dec("7.2"), ToDate: dec("144.4")},
	}
	s.Chart = layers(t, "2026-03-31", "2026-04-03", 4, 1)
	return s
}

func week(t testing.TB) *report.Summary {
	s := detailed(t)
	span := fetcher.Period{Start: day(t, "2026-03-30"), End: day(t, "2026-04-05")}
	s.Date, s.Every, s.Span = "2026-04-06", rules.EveryWeek, &span
	a := &s.Accounts[0]
	a.Day, a.Span, a.Cost, a.Usual = span.End, &span, dec("61.2"), dec("44.1")
	return s
}

func quietWeek(t testing.TB) *report.Summary {
	s := week(t)
	s.Short = true
	a := &s.Accounts[0]
	a.Open, a.Movers, a.Quiet, a.Usual = nil, nil, true, dec("60.9")
	return s
}

func closed(t testing.TB) report.Close {
	before := dec("112.3")
	return report.Close{
		Account: "production", Currency: "USD", Period: billingPeriod(t), Total: dec("132.4"), Before: &before,
		Budgets: []report.BudgetLine{{Rule: "whole-account", Spent: dec("132.4"), Limit: dec("150"), Currency: "USD",
			Kind: rules.ByBillingPeriod, Period: billingPeriod(t)}},
		Alerts: 3, Open: []report.OpenAlert{spikeOpen()},
		Foretold: []report.Foretold{
			{Day: day(t, "2026-03-17"), Total: dec("98"), Lo: dec("90"), Hi: dec("110")},
			{Day: day(t, "2026-03-28"), Total: dec("132.4"), Lo: dec("130"), Hi: dec("135")},
			{Day: day(t, "2026-04-11"), Total: dec("140"), Lo: dec("131"), Hi: dec("151")},
		},
		Breakdown: breakdown(), Chart: layers(t, "2026-03-15", "2026-04-14", 16, 2), Through: day(t, "2026-04-19"),
	}
}

// firstClosed is the close of the first period that is known, without alerts.
func firstClosed(t testing.TB) report.Close {
	c := closed(t)
	c.Before, c.Alerts, c.Open, c.Foretold, c.Budgets, c.Chart = nil, 0, nil, nil, nil, nil
	return c
}

// TestSummariesOfManyServicesKeepToTheLimits renders what an account of a
// thousand services with the worst names has to say.
func TestSummariesOfManyServicesKeepToTheLimits(t *testing.T) {
	bill := fetcher.Ledger{Account: fetcher.Account{Name: hostile}}
	first := day(t, "2026-02-15")
	for d := range fetcher.Day(55) {
		for i := range 1000 {
			bill.Charges = append(bill.Charges, fetcher.Charge{
				ServiceName: fmt.Sprintf("%s %d", hostile, i), BillingCurrency: "USD", ConsumedUnit: hostile,
				BillingPeriodStart: first + d/28*28, ChargePeriodStart: first + d,
				ContractedCost: fetcher.NewNumber(int64(i)*int64(d+1), -3), ConsumedQuantity: fetcher.NewNumber(int64(i), 0),
			})
		}
	}
	fetcher.SortCharges(bill.Charges)
	now := (first + 55).Time().Add(9 * time.Hour)
	w := report.Watched{Account: rules.Account{Name: hostile}, Bill: bill.Bill()}
	s := report.SummaryOf(&rules.Rules{}, []report.Watched{w}, report.Totals{}, "2026-04-11", now)
	s.Short = false
	span := fetcher.Period{Start: first + 28, End: first + 54}
	contents := map[string]notifier.Content{}
	day, month := report.Detail(s, []report.Watched{w}), report.Detail(unshort(report.OverSpan(s, rules.EveryMonth, span, []report.Watched{w})), []report.Watched{w})
	contents["day"], contents["month"] = notifier.Content{Summary: &day}, notifier.Content{Summary: &month}
	contents["close"] = notifier.Content{Closes: report.CloseOf(w.Bill, fetcher.Period{Start: first, End: first + 27}, nil, nil)}
	a := spikeAlert(t)
	a.Finding.Subject.Service = ""
	contents["alert"] = notifier.Content{Alert: &a, Chart: report.AlertChart(w.Bill, rules.Rule{}, a.Finding)}
	var together []rules.Alert
	for i := range 40 {
		b := spikeAlert(t)
		b.Finding.Subject.Service, b.Finding.Subject.Account = bill.Charges[i*len(bill.Charges)/40].ServiceName, hostile
		together = append(together, b)
	}
	contents["storm"] = notifier.Content{Storm: together, Chart: report.StormChart(w.Bill, together)}
	for name, content := range contents {
		m := Render(notifier.Item{Key: name, Content: content})
		checkLimits(t, m)
		checkHarmless(t, m)
		if charts := chartsOf(m); charts != 1 {
			t.Errorf("%s: got %d charts, want one", name, charts)
		}
	}
}

func unshort(s report.Summary) report.Summary {
	s.Short = false
	return s
}
