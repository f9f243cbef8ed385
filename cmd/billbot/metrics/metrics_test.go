package metrics_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/cmd/billbot/metrics"
	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

var now = time.Date(2026, time.April, 5, 6, 30, 0, 0, time.UTC)

func d(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func newMetrics(t *testing.T, accounts ...string) *metrics.Metrics {
	t.Helper()
	m, err := metrics.New("v1.2.3", accounts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// service is what a service costs: in the period, in all, on the newest day and
// usually.
func service(name, period, ahead, newest, usual string) report.ServiceSpend {
	return report.ServiceSpend{Service: name, Period: d(period), Ahead: d(ahead), Newest: d(newest), Usual: d(usual)}
}

// full has something of everything there is.
func full(t *testing.T) (*metrics.Metrics, metrics.State) {
	m := newMetrics(t, "production", "staging")
	m.KeepSpends("production", []report.Spend{{
		Account: "production", Currency: "USD", Through: fetcher.NewDay(2026, time.April, 4),
		Forecast: &report.Forecast{Total: d("30.5"), Lo: d("28"), Hi: d("33")},
		Services: []report.ServiceSpend{
			service("D1 - Rows Read", "10.10", "20", "1.5", "1.25"), service("R2 - Class A", "5", "10.5", "0.5", "0.5"),
		},
	}})
	m.KeepBudgets("production", []report.BudgetLine{
		{Rule: "whole", Spent: d("15.1"), Limit: d("25"), Currency: "USD", Kind: rules.ByBillingPeriod, Ahead: &report.Forecast{Total: d("30.5")}},
		{Rule: "requests", Spent: d("9100000"), Limit: d("9000000"), Quantity: true, Unit: "Requests", Kind: rules.ByMonth},
	})
	m.KeepBudgets(metrics.AllAccounts, []report.BudgetLine{{Rule: "all-clients", Spent: d("15.1"), Unjudged: rules.NoEarlier, Currency: "USD", Kind: rules.ByMonth}})
	m.Polled("production", fetcher.PollState{Trust: fetcher.Trust{Verdict: fetcher.Trusted}})
	m.Polled("staging", fetcher.PollState{Trust: fetcher.Trust{Verdict: fetcher.Trusted}, Failure: "403", Fault: fetcher.FaultToken})
	m.Polled("staging", fetcher.PollState{Failure: "odd"})
	m.Polled("staging", fetcher.PollState{Trust: fetcher.Trust{Verdict: fetcher.Untrusted}})
	m.Lost("staging")
	m.Job("poll")
	m.Failed("poll")
	m.Sent(notifier.Outcome{Class: notifier.Sent})
	m.Looked(notifier.Outcome{Class: notifier.Missing})
	m.Answered(40 * time.Millisecond)
	up := true
	return m, metrics.State{
		Now: now, Turned: now, Bytes: 4096, Connected: &up, Panics: map[string]int{"deliver": 2},
		Accounts: []metrics.Account{{Name: "production", Poll: fetcher.PollState{LastTrusted: now, LastAttempt: now}}, {Name: "staging"}},
		Outbox: []notifier.Item{
			{State: notifier.Pending, CreatedAt: now.Add(-time.Minute)}, {State: notifier.Sending, CreatedAt: now.Add(-2 * time.Hour)},
			{State: notifier.Dead, CreatedAt: now.Add(-72 * time.Hour)},
		},
	}
}

// scrape is what Prometheus reads.
func scrape(t *testing.T, m *metrics.Metrics, state metrics.State) string {
	t.Helper()
	answer := httptest.NewRecorder()
	handler := m.Handler(func(context.Context) metrics.State { return state }, slog.New(slog.NewTextHandler(testWriter{t}, nil)))
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if got := answer.Header().Get("Content-Type"); answer.Code != http.StatusOK || !strings.HasPrefix(got, "text/plain; version=0.0.4") {
		t.Fatalf("got %d %s", answer.Code, got)
	}
	return answer.Body.String()
}

// testWriter fails the test when something is logged.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(line []byte) (int, error) {
	w.t.Errorf("logged: %s", bytes.TrimSpace(line))
	return len(line), nil
}

// wantLines wants series with their values.
func wantLines(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("no %s", line)
		}
	}
	if t.Failed() {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "billbot") {
				t.Log(strings.TrimSpace(line))
			}
		}
	}
}

func TestScrape(t *testing.T) {
	m, state := full(t)
	text := scrape(t, m, state)
	wantLines(t, text,
		`billbot_period_spend{account="production",currency="USD",service="D1 - Rows Read"} 10.1`,
		`billbot_period_forecast{account="production",currency="USD",service="R2 - Class A"} 10.5`,
		`billbot_period_forecast_low{account="production",currency="USD"} 28`,
		`billbot_period_forecast_high{account="production",currency="USD"} 33`,
		`billbot_day_spend{account="production",currency="USD",service="D1 - Rows Read"} 1.5`,
		`billbot_usual_day_spend{account="production",currency="USD",service="D1 - Rows Read"} 1.25`,
		`billbot_budget_spend{account="production",currency="USD",period="billing_period",rule="whole",service="",zone=""} 15.1`,
		`billbot_budget_limit{account="production",currency="USD",period="billing_period",rule="whole",service="",zone=""} 25`,
		`billbot_budget_forecast{account="production",currency="USD",period="billing_period",rule="whole",service="",zone=""} 30.5`,
		`billbot_budget_quantity_used{account="production",period="month",rule="requests",service="",unit="Requests",zone=""} 9.1e+06`,
		`billbot_budget_quantity_limit{account="production",period="month",rule="requests",service="",unit="Requests",zone=""} 9e+06`,
		`billbot_budget_spend{account="*",currency="USD",period="month",rule="all-clients",service="",zone=""} 15.1`,
		`billbot_data_through_timestamp_seconds{account="production"} 1.7753472e+09`,
		`billbot_last_trusted_poll_timestamp_seconds{account="staging"} 0`,
		`billbot_polls_total{account="production",result="trusted"} 1`,
		`billbot_polls_total{account="staging",result="failed"} 2`,
		`billbot_polls_total{account="staging",result="untrusted"} 1`,
		`billbot_polls_total{account="staging",result="lost"} 1`,
		`billbot_polls_total{account="production",result="no_data"} 0`,
		`billbot_errors_total{kind="token"} 1`, `billbot_errors_total{kind="other"} 1`,
		`billbot_errors_total{kind="untrusted"} 1`, `billbot_errors_total{kind="database"} 1`, `billbot_errors_total{kind="network"} 0`,
		`billbot_job_errors_total{job="poll"} 1`, `billbot_panics_total{job="deliver"} 2`,
		`billbot_delivery_attempts_total{outcome="sent"} 1`, `billbot_delivery_attempts_total{outcome="closed"} 0`,
		`billbot_delivery_looks_total{outcome="missing"} 1`,
		`billbot_outbox_messages{state="waiting"} 2`, `billbot_outbox_messages{state="given_up"} 1`,
		`billbot_outbox_oldest_message_age_seconds 7200`,
		`billbot_slash_command_duration_seconds_bucket{le="0.05"} 1`, `billbot_slash_command_duration_seconds_bucket{le="0.025"} 0`,
		`billbot_slack_socket_connected 1`, `billbot_database_readable 1`, `billbot_database_size_bytes 4096`,
	)
	for _, absent := range []string{`billbot_budget_limit{account="*"`, `billbot_data_through_timestamp_seconds{account="staging"`} {
		if strings.Contains(text, absent) {
			t.Errorf("there is %s, of which nothing is known", absent)
		}
	}
	if !strings.Contains(text, `billbot_build_info{goversion="go1.`) || !strings.Contains(text, "\ngo_goroutines ") {
		t.Error("no build, or no word of the process")
	}
}

// What cannot be read takes nothing else away.
// TestWatch: an account that the rules do not name any more is told no more, one
// that they name now is, and counts of those that stay go on.
func TestWatch(t *testing.T) {
	m, state := full(t)
	m.Watch([]string{"staging", "third"})
	state.Accounts = []metrics.Account{{Name: "staging"}, {Name: "third"}}
	text := scrape(t, m, state)
	wantLines(t, text,
		`billbot_polls_total{account="staging",result="untrusted"} 1`,
		`billbot_polls_total{account="third",result="trusted"} 0`)
	if strings.Contains(text, `account="production"`) {
		t.Error("what was forgotten is told still")
	}
	if m.Watch([]string{"production"}); m.Knows("production") {
		t.Error("what an account cost is known after it was forgotten")
	}
}

func TestScrapeOfAnUnreadableDatabase(t *testing.T) {
	m, _ := full(t)
	text := scrape(t, m, metrics.State{Now: now, Unread: errors.New("damaged")})
	wantLines(t, text, `billbot_database_readable 0`, `billbot_delivery_attempts_total{outcome="sent"} 1`,
		`billbot_period_spend{account="production",currency="USD",service="R2 - Class A"} 5`)
	if strings.Contains(text, "billbot_slack_socket_connected ") || strings.Contains(text, "billbot_database_size_bytes ") {
		t.Error("a socket that there is not, or a size that is not known")
	}
}

// TestConventions has promlint judge every name, type, unit and help.
func TestConventions(t *testing.T) {
	m, state := full(t)
	all, err := m.Gatherer(state)
	if err != nil {
		t.Fatal(err)
	}
	problems, err := testutil.GatherAndLint(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// TestNothingGlobal: two billbots in a process are two sets of metrics.
func TestNothingGlobal(t *testing.T) {
	one, two := newMetrics(t, "a"), newMetrics(t, "a")
	one.Sent(notifier.Outcome{Class: notifier.Sent})
	wantLines(t, scrape(t, two, metrics.State{Now: now}), `billbot_delivery_attempts_total{outcome="sent"} 0`)
}
