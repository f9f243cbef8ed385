package main

import (
	"context"
	"io"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// answers is what the daemon knows, for those who ask in Slack.
type answers struct {
	env    env
	engine *engine
}

// Answer answers from the store alone; nothing is asked of the network.
func (a answers) Answer(ctx context.Context, q slack.Query) (answer report.Answer, err error) {
	a.engine = a.engine.newest()
	now := a.env.now()
	switch q.Ask {
	case slack.AskSpan, slack.AskBy:
		billed, err := a.billed(ctx, now)
		b := report.BreakdownOf(billed, q.Span, partOf(q), now)
		return report.Answer{Breakdown: &b}, err
	case slack.AskExport:
		billed, err := a.billed(ctx, now)
		text, rows := report.CSVOf(billed, now)
		return report.Answer{CSV: text, Rows: rows}, err
	case slack.AskBudgets:
		answer.Budgets, err = a.budgets(ctx, now)
	case slack.AskAlerts:
		answer.Several = len(a.engine.rules.Accounts) > 1
		answer.Alerts, err = a.alerts(ctx)
	case slack.AskWhy:
		return a.why(ctx, q.Name)
	default:
		answer.Spends, err = spendOf(ctx, a.engine.store, &a.engine.desk, "", now)
	}
	return answer, err
}

// partOf is what a query is told by; where it does not say, by service.
func partOf(q slack.Query) report.Part {
	if q.Part == "" {
		return report.PartService
	}
	return q.Part
}

// billed is the accounts' bills, as far back as the longest span reaches.
func (a answers) billed(ctx context.Context, now time.Time) ([]report.Billed, error) {
	accounts, err := chosen(ctx, a.engine.store, "")
	if err != nil {
		return nil, err
	}
	var billed []report.Billed
	for _, account := range accounts {
		view, err := a.engine.store.Bill(ctx, account, new(rules.Rules).Reach(fetcher.DayOf(now)))
		if err != nil {
			return nil, err
		}
		billed = append(billed, report.Billed{Bill: view.Bill, Poll: view.Poll})
	}
	return billed, nil
}

// budgets says where all budgets stand, those across accounts first.
func (a answers) budgets(ctx context.Context, now time.Time) ([]report.BudgetLine, error) {
	var findings []rules.Finding
	if a.engine.rules.HasTotals() {
		together, err := a.engine.measureTotals(ctx, now)
		if err != nil {
			return nil, err
		}
		findings = together
	}
	for _, account := range a.engine.rules.Accounts {
		view, err := a.engine.load(ctx, account, now)
		if err != nil {
			return nil, err
		}
		findings = append(findings, a.engine.rules.Evaluate(account, view.Bill, now)...)
	}
	return report.BudgetLines(findings), nil
}

func (a answers) alerts(ctx context.Context) ([]report.OpenAlert, error) {
	kept, err := a.engine.store.Alerts(ctx)
	if err != nil {
		return nil, err
	}
	alerts := make([]rules.Alert, len(kept))
	for i, k := range kept {
		alerts[i] = k.Alert
	}
	return report.OpenAlerts(alerts), nil
}

// why explains a rule as billbot explain does.
func (a answers) why(ctx context.Context, name string) (report.Answer, error) {
	rule, err := ruleNamed(a.engine.rules, name)
	if err != nil {
		near, _ := rules.Nearest(name, ruleNames(a.engine.rules))
		return report.Answer{Unknown: true, Near: near}, nil
	}
	here := a.env
	here.shared, here.stdout, here.stderr = a.engine, io.Discard, io.Discard
	explained, err := (&explainCmd{Rule: rule.Name}).explained(ctx, here, a.engine.rules, rule)
	return report.Answer{Why: explained}, err
}
