package slack

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

func TestCommandsOnAlerts(t *testing.T) {
	var done []string
	c := newCommands(t, func(c *CommandsConfig) {
		c.Interactor = handling{act: func(what string, who Person, id string, until time.Time) Message {
			done = append(done, fmt.Sprint(what, " ", id, " ", who.User, " ", who.Channel, " ", time.Until(until).Round(time.Hour)))
			return say("Done.")
		}}
	})
	for _, text := range []string{"ack k3v7qd2a", "snooze [K3V7QD2A] 7d", "ack everything"} {
		if got, _ := ask(t, c, text); strings.Contains(got, "Done.") == (text == "ack everything") || strings.Contains(got, ShareAction) {
			t.Errorf("%s: got %s", text, got)
		}
	}
	want := "ack k3v7qd2a U012AB3CD C0CLOUD 0s, snooze k3v7qd2a U012AB3CD C0CLOUD 168h0m0s"
	if all := strings.Join(done, ", "); all != want {
		t.Errorf("done: %s, want %s", all, want)
	}
}

// With several accounts an open alert names its own, also where no other has one.
func TestAlertsNameTheirAccounts(t *testing.T) {
	for _, several := range []bool{false, true} {
		c := newCommands(t, func(c *CommandsConfig) {
			c.Answers = knowing(func(_ context.Context, q Query) (report.Answer, error) {
				a := answerOf(t, q)
				a.Several = several
				return a, nil
			})
		})
		if got, _ := ask(t, c, "alerts"); strings.Contains(got, "(production) [k7q2m4xa]") != several {
			t.Errorf("several accounts: %t, got %s", several, got)
		}
	}
}

// Whatever is called what, answers keep to Slack's limits and say nothing but
// words.
func FuzzAnswers(f *testing.F) {
	f.Add(hostile, "41.2", "USD")
	f.Add(strings.Repeat("&", 400), "1e17", "€€")
	f.Add("<!channel> <@U1> <http://x|y> *b* `c` :tada:", "-3", "USD")
	f.Add("```\n=cmd()", "0.000001", "")
	f.Fuzz(func(t *testing.T, name, number, currency string) {
		amount, err := fuzzAmount(number)
		if err != nil {
			t.Skip()
		}
		all := hostileAnswer(t, name, currency, fetcher.NumberOf(amount))
		c := &Commands{config: CommandsConfig{Answers: knowing(func(context.Context, Query) (report.Answer, error) { return all, nil })}}
		for _, q := range []Query{
			{}, {Ask: AskBy}, {Ask: AskTop}, {Ask: AskBudgets}, {Ask: AskAlerts}, {Ask: AskForecast}, {Ask: AskWhy, Name: name},
			{Ask: AskExport}, {Ask: AskNamed, Name: name}, {Ask: AskNamed, Name: "prod" + name},
		} {
			m, _ := c.to(t.Context(), q, Person{})
			checkLimits(t, m)
			if q.Ask == AskExport {
				m = unfenced(m)
			}
			checkHarmless(t, m)
		}
	})
}

// hostileAnswer is an answer to everything in which all has one name.
func hostileAnswer(t *testing.T, name, currency string, amount fetcher.Number) report.Answer {
	l := fetcher.Ledger{Account: fetcher.Account{Name: name}}
	for i := range 40 {
		l.Charges = append(l.Charges, fetcher.Charge{
			ServiceName: fmt.Sprint(name, i), BillingCurrency: currency, ContractedCost: amount,
			BillingPeriodStart: day(t, "2026-04-01"), ChargePeriodStart: day(t, "2026-04-03"),
		})
	}
	fetcher.SortCharges(l.Charges)
	billed := []report.Billed{{Bill: l.Bill(), Poll: fetcher.PollState{Failure: name}}}
	b := report.BreakdownOf(billed, report.SpanPeriod, report.PartService, sunday)
	why := explanations(t)
	why[0].Rule, why[0].Service, why[0].Account, why[0].Held = name, name, name, []string{name}
	a := report.Answer{
		Spends:    spendsOf(t, func(s *report.Spend) { s.Account, s.Currency, s.Services[0].Service = name, currency, name }),
		Breakdown: &b, Why: append(why, why...), Near: name,
		Budgets: []report.BudgetLine{{Rule: name, Subject: rules.Subject{Account: name, Service: name}, Spent: amount.Decimal(), Currency: currency}},
		Alerts:  []report.OpenAlert{{ID: name, Text: name}},
	}
	a.CSV, a.Rows = report.CSVOf(billed, sunday)
	return a
}

// unfenced is a message without the fences around what is to be copied.
func unfenced(m Message) Message {
	for _, b := range m.Blocks {
		for _, text := range texts(b) {
			text.Text = strings.TrimSuffix(strings.TrimPrefix(text.Text, "```\n"), "\n```")
			text.Text = strings.NewReplacer("*", "", "~", "").Replace(text.Text) // nothing formats inside a fence
		}
	}
	return m
}
