package slack

import (
	"cmp"
	"context"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// sunday is when the answers here are asked for: two days of data are missing.
var sunday = time.Date(2026, 4, 5, 9, 0, 0, 0, time.UTC)

// answerOf is what is known of a query: the account of spends.
func answerOf(t testing.TB, q Query) report.Answer {
	a := report.Answer{Spends: spends(t)}
	switch q.Ask {
	case AskSpan, AskBy:
		b := report.BreakdownOf(billed(t), q.Span, cmp.Or(q.Part, report.PartService), sunday)
		a.Breakdown = &b
	case AskBudgets:
		a.Budgets = budgetLines(t)
	case AskAlerts:
		a.Alerts = report.OpenAlerts([]rules.Alert{spikeAlert(t)})
	case AskWhy:
		if a.Unknown = q.Name != "runaway"; a.Unknown {
			a.Near = "runaway"
			break
		}
		a.Why = explanations(t)
	case AskExport:
		a.CSV, a.Rows = report.CSVOf(billed(t), sunday)
	}
	return a
}

// billed is two accounts' bills: April of production, and staging, which could
// not be read lately.
func billed(t testing.TB) []report.Billed {
	var charges []fetcher.Charge
	add := func(service, zone, cost string, days int) {
		for i := range days {
			charges = append(charges, fetcher.Charge{
				ServiceName: service, ZoneName: zone, BillingCurrency: "USD",
				BillingPeriodStart: day(t, "2026-04-01"), ChargePeriodStart: day(t, "2026-04-01") + fetcher.Day(i),
				ContractedCost: fetcher.NumberOf(dec(cost)), ConsumedQuantity: fetcher.NumberOf(dec("1")),
			})
		}
	}
	add("Durable-Objects", "", "2.05", 3)
	add("Argo", "example.com", "0.40", 3)
	add("Argo", "example.org", "0.10", 2)
	add("Images", "", "0", 3)
	fetcher.SortCharges(charges)
	good := fetcher.Ledger{Account: fetcher.Account{Name: "production", ID: "p1"}, Charges: charges}
	poll := fetcher.PollState{Trust: fetcher.Trust{Verdict: fetcher.Trusted}, LastTrusted: sunday}
	failed := fetcher.PollState{Failure: "cloudflare: GET /billable-usage: 403 Forbidden"}
	return []report.Billed{{Bill: good.Bill(), Poll: poll}, {Bill: fetcher.Bill{Account: fetcher.Account{Name: "staging"}}, Poll: failed}}
}

func budgetLines(t testing.TB) []report.BudgetLine {
	return []report.BudgetLine{
		{Rule: "whole-account", Subject: rules.Subject{Account: "production"}, Spent: dec("132.4"), Limit: dec("100"),
			Currency: "USD", Kind: rules.ByBillingPeriod, Period: billingPeriod(t)},
		{Rule: "d1", Subject: rules.Subject{Account: "production", Service: "D1"}, Spent: dec("18.2"), Limit: dec("25"),
			Currency: "USD", Kind: rules.ByBillingPeriod, Period: billingPeriod(t)},
	}
}

func explanations(t testing.TB) []report.Explanation {
	x := report.Explanation{
		Rule: "runaway", Kind: rules.KindSpike, Account: "production", Service: "Durable-Objects", Day: day(t, "2026-04-03"),
		Over: true, Said: rules.Fired, Level: rules.Critical, Alert: "k3v7qd2a",
		Inputs: []report.Input{{Name: "usage", Value: "41", Text: "41 GB-seconds on Fri 3 Apr"}, {Name: "usual", Value: "4", Text: "4 GB-seconds a day"}},
	}
	y := x
	y.Service, y.Over, y.Said, y.Alert = "KV", false, "", ""
	y.Held = []string{"a rise is worth $0.10, less than at_least $1.00"}
	return []report.Explanation{x, y}
}

// answers are the messages that answer queries.
func answers(t testing.TB) map[string]Message {
	found := map[string]Message{}
	for name, text := range map[string]string{
		"answer_today": "today", "answer_week": "week", "answer_services": "by service", "answer_zones": "by zone month",
		"answer_accounts": "by account", "answer_service": "Durable-Objects", "answer_guess": "producton", "answer_top": "top", "answer_budgets": "budgets",
		"answer_alerts": "alerts", "answer_forecast": "forecast", "answer_why": "why runaway", "answer_export": "export",
		"answer_help": "help", "answer_unknown": "mnoth", "answer_wrong": "snooze k3v7qd2a soon",
	} {
		c := &Commands{config: CommandsConfig{Answers: knowing(func(_ context.Context, q Query) (report.Answer, error) { return answerOf(t, q), nil })}}
		found[name], _ = c.to(t.Context(), ParseQuery(text), Person{})
	}
	return found
}
