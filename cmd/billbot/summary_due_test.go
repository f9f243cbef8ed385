package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/rules"
)

// Which summary is due is a matter of the local date and clock.
func TestDueSummary(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		every rules.Every
		at    time.Duration
		local string
		key   string // "" when none is due
	}{
		{rules.EveryDay, 9 * time.Hour, "2026-04-06 00:00", "2026-04-05"},
		{rules.EveryDay, 9 * time.Hour, "2026-04-06 08:59", "2026-04-05"},
		{rules.EveryDay, 9 * time.Hour, "2026-04-06 09:00", "2026-04-06"},
		{rules.EveryDay, 9 * time.Hour, "2026-04-06 23:59", "2026-04-06"},
		{rules.EveryWeek, 9 * time.Hour, "2026-04-06 08:59", ""},
		{rules.EveryWeek, 9 * time.Hour, "2026-04-06 09:00", "week-2026-04-06"},
		{rules.EveryWeek, 9 * time.Hour, "2026-04-07 00:00", "week-2026-04-06"},
		{rules.EveryWeek, 9 * time.Hour, "2026-04-08 23:59", "week-2026-04-06"},
		{rules.EveryWeek, 9 * time.Hour, "2026-04-09 00:00", ""},
		{rules.EveryWeek, 9 * time.Hour, "2026-04-12 12:00", ""}, // a Sunday
		{rules.EveryMonth, 9 * time.Hour, "2026-04-01 08:59", ""},
		{rules.EveryMonth, 9 * time.Hour, "2026-04-01 09:00", "month-2026-04-01"},
		{rules.EveryMonth, 9 * time.Hour, "2026-04-07 00:00", "month-2026-04-01"},
		{rules.EveryMonth, 9 * time.Hour, "2026-04-08 00:00", ""},
		{rules.EveryBillingPeriod, 0, "2026-04-06 12:00", ""},
		// The clock goes from 02:00 to 03:00 on 29 March, and from 03:00 back
		// to 02:00 on 25 October, a Sunday each.
		{rules.EveryDay, 2*time.Hour + 30*time.Minute, "2026-03-29 01:59", "2026-03-28"},
		{rules.EveryDay, 2*time.Hour + 30*time.Minute, "2026-03-29 03:00", "2026-03-29"},
		{rules.EveryDay, 2*time.Hour + 30*time.Minute, "2026-10-25 02:30", "2026-10-25"},
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", tt.local, berlin)
		if err != nil {
			t.Fatal(err)
		}
		d, isDue := dueSummary(rules.Summary{Every: tt.every, At: tt.at}, berlin, now.UTC())
		if isDue != (tt.key != "") || isDue && d.key != tt.key {
			t.Errorf("%s at %s: got %q, %t, want %q", tt.every, tt.local, d.key, isDue, tt.key)
		}
	}
}

func TestSpansOfSummaries(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) // a Monday
	week, _ := dueSummary(rules.Summary{Every: rules.EveryWeek}, time.UTC, now)
	month, _ := dueSummary(rules.Summary{Every: rules.EveryMonth}, time.UTC, now)
	if week.span.Start.String() != "2026-02-23" || week.span.End.String() != "2026-03-01" {
		t.Errorf("week: got %v", week.span)
	}
	if month.span.Start.String() != "2026-02-01" || month.span.End.String() != "2026-02-28" {
		t.Errorf("month: got %v", month.span)
	}
}

const rhythmRules = `
timezone: Europe/Berlin
accounts:
  - {name: production, id: 0123456789abcdef0123456789abcdef}
slack: {channel: "#cloud-spend"}
summaries:
  - {every: week, at: "10:00"}
  - {every: month}
  - {every: billing_period, at: "11:00"}
rules:
  - name: whole-account
    budget: {amount: 100, actual: [100%]}
`

// TestRhythms lives two months with every rhythm but the day's, and is off for
// the Monday on 31 January and the day after: each summary comes once, that one
// late.
func TestRhythms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, rhythmRules, twoMonths())
		eng := w.open(t)
		w.live(t, eng, 30)
		eng.store.Close()
		time.Sleep(2 * 24 * time.Hour)
		eng = w.open(t)
		defer eng.store.Close()
		w.live(t, eng, 27)
		var got []string
		for _, m := range w.slack.posted("billbot_summary") {
			line, _, _ := strings.Cut(m.Text, ". ")
			got = append(got, line)
		}
		want := []string{
			"Month 1 Dec to 31 Dec: nothing unusual",
			"Week 27 Dec to 2 Jan: nothing unusual",
			"Week 3 Jan to 9 Jan: nothing unusual",
			"Week 10 Jan to 16 Jan: nothing unusual",
			"Week 17 Jan to 23 Jan: nothing unusual",
			"Week 24 Jan to 30 Jan: nothing unusual", // on the Wednesday
			"Month 1 Jan to 31 Jan: nothing unusual",
			"Week 31 Jan to 6 Feb: 1 alert open",
			"Week 7 Feb to 13 Feb: 1 unusual service",
			"production: 12 Jan to 11 Feb closed at $163.80",
			"Week 14 Feb to 20 Feb: nothing unusual",
			"Week 21 Feb to 27 Feb: nothing unusual",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("summaries (-want +got):\n%s", diff)
		}
	})
}
