package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/rules/ruletest"
	"github.com/shopspring/decimal"
)

// readmeCase is an example of the rules reference, with a bill on which it says
// what stands beside it.
type readmeCase struct {
	name     string // the rule's
	rule     string // as the tables have it, between backticks
	also     string // what a rule has besides
	services string // a test's, from 15 March 2026 on
	kind     rules.Kind
}

func readmeCases() []readmeCase {
	return []readmeCase{
		{"whole-account", "budget: {amount: 25, actual: [50%, 80%, 100%]}", "", "{D1 - Rows Read: 2x12 8.02}", rules.KindBudget},
		{"whole-account", "budget: {amount: 25, forecast: [100%]}", "", "{D1 - Rows Read: 1x8}", rules.KindForecast},
		{"runaway", "spike: {}", "", "{D1 - Rows Read: 4.40x19 41.20}", rules.KindSpike},
		{"runaway", "spike:", "", "{D1 - Rows Read: 2x17 3.2 3.3 3.4}", rules.KindSpike},
		{"allowances", "allowance: {used: [80%, 100%]}", "", "{D1 - Rows Read: {quantity: 1.025Bx20, price: 0.001, per: 1M, included: 25B, unit: rows}}", rules.KindAllowance},
		{"allowances", "allowance: {cost: 5.00}", "", "{D1 - Rows Read: {quantity: 1.4Bx19, price: 0.001, per: 1M, included: 25B, unit: rows}}", rules.KindAllowance},
		{"prices", "price: {change: 10%}", "", "{D1 - Rows Read: {quantity: 1Bx20, cost: 1x18 1.5x2, unit: rows}}", rules.KindPrice},
		{"whole-account", "amount: 25", "", "{D1 - Rows Read: 2x12 8.02}", rules.KindBudget},
		{"season", "amount: [20, 20, 20, 25, 25, 30, 30, 30, 25, 20, 60, 80]", "period: month", "{D1 - Rows Read: 0x17 2x11 4.20}", rules.KindBudget},
		{"grows", "amount: {of: previous_period, times: 1.25}", "", "{D1 - Rows Read: 1x31 2x20}", rules.KindBudget},
		{"busy-day", "amount: {of: mean, periods: 7, times: 3}", "period: day", "{D1 - Rows Read: 2x8 7.50}", rules.KindBudget},
		{"request-quota", "quantity: 9000000", "services", "{Workers Standard Requests: {quantity: 0.7Mx13, cost: 0x13}}", rules.KindBudget},
		{"d1", "actual: [100%, 30.00]", "amount: 20.50, period: day", "{D1 - Rows Read: 4x10 31.20}", rules.KindBudget},
		{"each-service", "per: service", "budget: {amount: 10, period: week}", "{D1 - Rows Read: 2.20x6}", rules.KindBudget},
		{"shop-zones", "per: zone", "budget: {amount: 5, period: day}", "{Argo: {cost: 1x6 5.40, zone: shop.example.com}}", rules.KindBudget},
		{"all-clients", "per: total", "budget: {amount: 200, period: month}", "{D1 - Rows Read: 0x17 21x10}", rules.KindBudget},
	}
}

// text is the rule as a rules file has it.
func (c readmeCase) text() string {
	body := c.rule
	switch {
	case strings.HasPrefix(c.rule, "per:"):
		body += ", " + c.also
	case strings.HasPrefix(c.rule, "actual:") || strings.HasPrefix(c.also, "period:"):
		body = "budget: {" + strings.Trim(c.also+", "+c.rule, ", ") + "}"
	case c.also == "services":
		body = "services: [Workers Standard Requests], budget: {" + c.rule + "}"
	case strings.HasPrefix(c.rule, "amount:"):
		body = "budget: {" + c.rule + "}"
	}
	return "{name: " + c.name + ", " + body + "}"
}

// Each kind of rule stands in the README and in the reference, and each way to
// write one in the reference, with the sentence that the code makes of it.
func TestReadmeSentences(t *testing.T) {
	tables := referenceTables(t)
	for _, c := range readmeCases() {
		said := livedOn(t, c.text(), c.services)
		if len(said) == 0 {
			t.Errorf("%s: nothing was said", c.text())
			continue
		}
		where := tables
		if !strings.ContainsAny(c.rule, "{") && c.rule != "spike:" || strings.HasPrefix(c.rule, "amount:") { // a way to write a budget
			where = map[string][]string{"docs/rules.md": tables["docs/rules.md"]}
		}
		wantRow(t, where, c.rule, c.kind, said[len(said)-1])
	}
	account := rules.Account{Name: "production", ID: "production"}
	r := mustRules(t, "{name: stale, stale: {after: 72h}}, {name: d1, services: [D1 - Row Read], spike: {}}")
	now := fetcher.NewDay(2026, time.April, 3).Time().Add(16 * time.Hour)
	watched := rules.Watched{Account: account, Poll: fetcher.PollState{
		LastAttempt: now, LastTrusted: now.Add(-6 * time.Hour), Failure: "403", Fault: fetcher.FaultToken, FailingSince: now.Add(-6 * time.Hour),
	}}
	wantRow(t, tables, "stale: {after: 72h}", rules.KindStale, r.EvaluateTrust(watched, now)[0])
	wantRow(t, tables, "`mismatch`", rules.KindMismatch, rules.Finding{Kind: rules.KindMismatch, Open: true, Mismatch: &rules.Mismatch{
		Sums: []fetcher.Disagreement{{Service: "D1 - Rows Read", Currency: "USD", Charges: decimal.RequireFromString("41.20"), Told: decimal.RequireFromString("44.20")}},
	}})
	reach := r.NewReach()
	reach.See(account, fetcher.Ledger{Charges: billOf(t, r, "{D1 - Rows Read: 1x5}").Charges}.Bill())
	wantRow(t, tables, `services: ["D1 - Row Read"]`, rules.KindUnmatched, reach.Findings()[0])
}

// wantRow wants a row in each document that has an example and what Slack shows of
// it.
func wantRow(t *testing.T, tables map[string][]string, example string, kind rules.Kind, f rules.Finding) {
	t.Helper()
	state := rules.Firing
	if f.IsUnknown() {
		state = rules.Unknown
	}
	headline := report.Headline(rules.Alert{Finding: f, State: state})
	if f.Kind != kind {
		t.Errorf("%s: got kind %s, want %s", example, f.Kind, kind)
	}
	for file, rows := range tables {
		if !slices.ContainsFunc(rows, func(row string) bool {
			return strings.Contains(row, example) && strings.Contains(row, "| "+headline+" |")
		}) {
			t.Errorf("%s has no row with %s and: %s", file, example, headline)
		}
	}
}

// referenceTables is the rows of the tables of rules, by document.
func referenceTables(t *testing.T) map[string][]string {
	t.Helper()
	tables := map[string][]string{}
	for _, file := range []string{"README.md", "docs/rules.md"} {
		for line := range strings.Lines(document(t, file)) {
			if strings.HasPrefix(line, "| `") {
				tables[file] = append(tables[file], line)
			}
		}
	}
	return tables
}

func mustRules(t *testing.T, written string) *rules.Rules {
	t.Helper()
	r, err := rules.Load("rules.md", []byte("rules: ["+written+"]"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func billOf(t *testing.T, r *rules.Rules, services string) ruletest.Bill {
	t.Helper()
	file, err := ruletest.Load("rules.md", []byte("tests: [{name: t, start: 2026-03-15, services: "+services+"}]"), r)
	if err != nil {
		t.Fatal(err)
	}
	return file.Tests[0].Bills()[0]
}

// livedOn is what fired, or escalated, as one rule lived a bill's days.
func livedOn(t *testing.T, rule, services string) []rules.Finding {
	t.Helper()
	r := mustRules(t, rule)
	bill := billOf(t, r, services)
	w := newWalk(bill.Account, bill.Terms, bill.Charges)
	if r.Rules[0].Per == rules.PerTotal {
		w = totalOf(r.Rules[0], []*walk{w}).walk
	}
	first, last := span([]*walk{w})
	var alerts []rules.Alert
	var said []rules.Finding
	for day := first; day <= last; day++ {
		known, _ := w.upTo(r, day)
		changed, events := rules.Advance(w.account.ID, alerts, findingsOf(r.Rules[0], w, known, day), morningAfter(day))
		alerts = replaceAlerts(alerts, changed)
		for _, e := range events {
			if e.Type == rules.Fired || e.Type == rules.Escalated {
				said = append(said, e.Alert.Finding)
			}
		}
	}
	return said
}

// The explanation that is shown is what the code says.
func TestExplanationShown(t *testing.T) {
	r := mustRules(t, "{name: runaway, spike: {}}")
	bill := billOf(t, r, "{D1 - Rows Read: {quantity: 1Mx20 2.05M, price: 0.40, per: 1M, unit: rows, account: production}, KV Reads: {cost: 1x21, account: production}}")
	w := newWalk(bill.Account, bill.Terms, bill.Charges)
	c := explainCmd{Usage: []string{"-"}, Service: "D1 - Rows Read"}
	var all []report.Explanation
	for _, x := range c.live(t.Context(), r.Rules[0], w, time.Time{}) {
		all = append(all, report.ExplanationOf(x))
	}
	all, err := c.about(all)
	if err != nil {
		t.Fatal(err)
	}
	if text := report.Explanations(all); !strings.Contains(document(t, "docs/checking.md"), "```\n"+text+"```\n") {
		t.Errorf("docs/checking.md lacks\n%s", text)
	}
}
