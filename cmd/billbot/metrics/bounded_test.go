package metrics_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"pgregory.net/rapid"

	"github.com/billbot/billbot/cmd/billbot/metrics"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// series counts those of a metric.
func series(text, metric string) int { return strings.Count(text, "\n"+metric+"{") }

// sum adds up the series of a metric.
func sum(t testing.TB, text, metric string) float64 {
	total := 0.0
	for _, found := range regexp.MustCompile(`(?m)^`+metric+`\{.*\} (\S+)$`).FindAllStringSubmatch(text, -1) {
		value, err := strconv.ParseFloat(found[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		total += value
	}
	return total
}

// TestManyServices: the dearest keep their names, and nothing is lost.
func TestManyServices(t *testing.T) {
	spend := report.Spend{Currency: "USD", Through: 20000, Forecast: &report.Forecast{Total: d("2000")}}
	for i := range 500 {
		spend.Services = append(spend.Services, service(fmt.Sprintf("service %d", i), "1", "3", "2", "0.5"))
	}
	m := newMetrics(t, "production")
	m.KeepSpends("production", []report.Spend{spend})
	text := scrape(t, m, metrics.State{Now: now})
	for metric, want := range map[string]float64{
		"billbot_period_spend": 500, "billbot_period_forecast": 2000, "billbot_day_spend": 1000, "billbot_usual_day_spend": 250,
	} {
		if got, n := sum(t, text, metric), series(text, metric); got != want || n != 31 {
			t.Errorf("%s: %d series that add up to %v, want 31 and %v", metric, n, got, want)
		}
	}
	wantLines(t, text, `billbot_period_spend{account="production",currency="USD",service="service 29"} 1`,
		`billbot_period_spend{account="production",currency="USD",service="other"} 470`)
}

// TestManyAccounts: a thousand accounts share the room there is.
func TestManyAccounts(t *testing.T) {
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprintf("client %d", i))
	}
	m := newMetrics(t, names...)
	for _, name := range names {
		spend := report.Spend{Currency: "USD", Through: 20000}
		for i := range 30 {
			spend.Services = append(spend.Services, service(fmt.Sprint(i), "1", "0", "0", "0"))
		}
		m.KeepSpends(name, []report.Spend{spend})
	}
	text := scrape(t, m, metrics.State{Now: now})
	if got, n := sum(t, text, "billbot_period_spend"), series(text, "billbot_period_spend"); got != 30000 || n != 3000 {
		t.Errorf("%d series that add up to %v, want 3000 and 30000", n, got)
	}
}

// TestManyBudgets: those that are used most keep their names, the others are
// summed by rule, and a budget of a whole account is never one of them.
func TestManyBudgets(t *testing.T) {
	var lines []report.BudgetLine
	for i := range 100 {
		lines = append(lines, report.BudgetLine{Rule: "zones", Subject: rules.Subject{Zone: fmt.Sprintf("z%d.example.com", i)}, Spent: d("1"), Limit: d("10"), Currency: "USD", Kind: rules.ByDay})
	}
	lines[77].Spent = d("11")
	lines = append(lines, report.BudgetLine{Rule: "whole", Spent: d("0.1"), Limit: d("100"), Currency: "USD", Kind: rules.ByDay})
	lines = append(lines, report.BudgetLine{Rule: "euros", Billed: "USD", Limit: d("1"), Currency: "EUR", Kind: rules.ByDay})
	m := newMetrics(t, "production")
	m.KeepBudgets("production", lines)
	text := scrape(t, m, metrics.State{Now: now})
	wantLines(t, text,
		`billbot_budget_spend{account="production",currency="USD",period="day",rule="zones",service="",zone="z77.example.com"} 11`,
		`billbot_budget_spend{account="production",currency="USD",period="day",rule="zones",service="",zone="other"} 70`,
		`billbot_budget_limit{account="production",currency="USD",period="day",rule="zones",service="",zone="other"} 700`,
		`billbot_budget_spend{account="production",currency="USD",period="day",rule="whole",service="",zone=""} 0.1`)
	if n := series(text, "billbot_budget_spend"); n != 32 {
		t.Errorf("%d budgets, want 30, the others and the whole account", n)
	}
}

// TestHostileNames: whatever a bill calls its services, a scrape is well formed,
// adds up, and has no name that breaks a line.
func TestHostileNames(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m, err := metrics.New("v1", []string{"production"})
		if err != nil {
			rt.Fatal(err)
		}
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`other|[a\x00-\x1f"\\{}]{0,6}|a{100,200}`),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
		spend := report.Spend{Currency: name.Draw(rt, "currency"), Through: 20000}
		names := rapid.SliceOfN(name, 1, 60).Draw(rt, "names")
		var budgets []report.BudgetLine
		for _, name := range names {
			spend.Services = append(spend.Services, service(name, "1", "0", "0", "0"))
			budgets = append(budgets, report.BudgetLine{Rule: "r", Subject: rules.Subject{Service: name, Zone: name}, Spent: d("1"), Limit: d("2"), Currency: name, Kind: rules.ByDay})
		}
		m.KeepSpends("production", []report.Spend{spend})
		m.KeepBudgets("production", budgets)
		text := scrape(t, m, metrics.State{Now: now})
		parser := expfmt.NewTextParser(model.UTF8Validation)
		if _, err := parser.TextToMetricFamilies(strings.NewReader(text)); err != nil {
			rt.Fatal(err)
		}
		if got := sum(t, text, "billbot_period_spend"); got != float64(len(names)) {
			rt.Fatalf("%d services that cost 1 each come to %v", len(names), got)
		}
		if got := sum(t, text, "billbot_budget_spend"); got != float64(len(names)) {
			rt.Fatalf("%d budgets of which 1 each is used come to %v", len(names), got)
		}
	})
}
