package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestBars(t *testing.T) {
	t.Parallel()
	s := report.Spend{Account: "production", Currency: "USD", Period: fetcher.Period{Start: fetcher.NewDay(2026, 3, 15)}}
	for name, cost := range map[string]string{"D1": "10", "KV": "5", "R2": "0.001", "Queues": "0", "Credit": "-3"} {
		s.Services = append(s.Services, report.ServiceSpend{Service: name, Period: decimal.RequireFromString(cost)})
	}
	got := bars(s, 40)
	lines := map[string]bool{}
	for line := range strings.Lines(got) {
		lines[strings.Join(strings.Fields(line), " ")] = true
	}
	for _, want := range []string{
		"production, billing period from 2026-03-15:",
		"D1 " + strings.Repeat("█", 23) + " $10.00", "KV " + strings.Repeat("█", 11) + " $5.00", "R2 ▏ $0.0010", "Credit -$3.00",
	} {
		if !lines[want] {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "Queues") {
		t.Errorf("has what costs nothing:\n%s", got)
	}
	if got := bars(s, 20); got != "" {
		t.Errorf("without room: %q", got)
	}
	if got := bars(report.Spend{}, 80); got != "" {
		t.Errorf("without services: %q", got)
	}
}

// No line is wider than the screen.
func TestBarsFit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := report.Spend{Currency: "EUR"}
		for range rapid.IntRange(0, 30).Draw(t, "services") {
			s.Services = append(s.Services, report.ServiceSpend{
				Service: rapid.String().Draw(t, "name"), Period: decimal.New(rapid.Int64().Draw(t, "cents"), -2),
			})
		}
		width := rapid.IntRange(0, 200).Draw(t, "width")
		for i, line := range strings.Split(bars(s, width), "\n") {
			if n := utf8.RuneCountInString(line); i > 0 && n > width {
				t.Fatalf("%d characters of %d: %q", n, width, line)
			}
		}
	})
}
