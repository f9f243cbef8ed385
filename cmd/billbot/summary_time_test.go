package main

import (
	"archive/zip"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/billbot/billbot/rules"
	"pgregory.net/rapid"
)

// zones returns every zone of the database that Go comes with.
func zones(t *testing.T) []*time.Location {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no go command: ", err)
	}
	archive, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skip("no zones: ", err)
	}
	defer archive.Close()
	var found []*time.Location
	for _, file := range archive.File {
		if zone, err := time.LoadLocation(file.Name); err == nil && !strings.HasSuffix(file.Name, "/") {
			found = append(found, zone)
		}
	}
	return found
}

// changes returns when a zone's clocks are changed within some years.
func changes(zone *time.Location, from, to int) []time.Time {
	var found []time.Time
	at := time.Date(from, time.January, 1, 0, 0, 0, 0, time.UTC)
	for {
		_, end := at.In(zone).ZoneBounds()
		if end.IsZero() || end.Year() > to {
			return found
		}
		found = append(found, end)
		at = end
	}
}

// TestSummaryOncePerLocalDate asks each minute around every change of clocks,
// in every zone, 2024 to 2030, and where a day was left out altogether.
func TestSummaryOncePerLocalDate(t *testing.T) {
	t.Parallel()
	walked, all := 0, zones(t)
	for _, zone := range all {
		found := changes(zone, 2024, 2030)
		found = append(found, time.Date(2028, time.February, 29, 12, 0, 0, 0, zone))
		if zone.String() == "Pacific/Apia" {
			found = append(found, changes(zone, 2011, 2011)...)
		}
		for _, change := range found {
			walked++
			for _, at := range []time.Duration{0, 2*time.Hour + 30*time.Minute, 9 * time.Hour, 22 * time.Hour} {
				oncePerDate(t, rules.Summary{At: at}, zone, change)
			}
		}
	}
	if walked < 1000 {
		t.Errorf("%d changes of clocks, want them all", walked)
	}
	t.Attr("score", fmt.Sprintf("9 zones=%d changes=%d", len(all), walked))
}

// TestSummaryThroughRestarts lets billbot start anew again and again throughout
// a day on which the clocks change.
func TestSummaryThroughRestarts(t *testing.T) { // not beside those that start processes, which hold its lock for a moment
	w := newWorld(t, strings.Replace(loopRules, "accounts:", "timezone: Europe/Berlin\naccounts:", 1), twoMonths())
	start := time.Date(2000, time.March, 25, 23, 0, 0, 0, time.UTC) // the 26th in Berlin
	w.cloud.SetNow(start)
	step, restarts := sized(10, 1, 1), 0
	for minute := 0; minute < 23*60; minute += step {
		eng := w.open(t)
		now := start.Add(time.Duration(minute) * time.Minute)
		if minute == 0 {
			if err := eng.sweep(t.Context(), now); err != nil {
				t.Fatal(err)
			}
		}
		if err := eng.summarize(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		if err := eng.store.Close(); err != nil {
			t.Fatal(err)
		}
		restarts++
	}
	eng := w.open(t)
	defer eng.store.Close()
	items, err := eng.store.Undelivered(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	summaries := 0
	for _, item := range items {
		if item.Content.Summary != nil {
			summaries++
		}
	}
	if summaries != 1 {
		t.Errorf("%d summaries of one day", summaries)
	}
	t.Attr("score", fmt.Sprintf("9 restarts=%d summaries=%d", restarts, summaries))
}

// oncePerDate walks three days in steps of ten minutes.
func oncePerDate(t *testing.T, s rules.Summary, zone *time.Location, change time.Time) {
	sent := map[string]time.Time{}
	dates := map[string]bool{} // that had the time of day, or a later one
	for now := change.Add(-36 * time.Hour); now.Before(change.Add(36 * time.Hour)); now = now.Add(10 * time.Minute) {
		local := now.In(zone)
		midnight := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
		if midnight >= s.At {
			dates[local.Format(time.DateOnly)] = true
		}
		d, due := dueSummary(s, zone, now)
		date := d.date
		if _, done := sent[date]; due && !done {
			sent[date] = local
			missed := len(sent) == 1 && d.late && !dates[date] // before the walk began
			if !missed && (date != local.Format(time.DateOnly) || midnight < s.At) {
				t.Errorf("%s: the summary of %s, due at %s, goes out at %s", zone, date, s.At, local)
			}
		}
	}
	for date := range dates {
		if sent[date].IsZero() {
			t.Errorf("%s: no summary of %s, due at %s", zone, date, s.At)
		}
	}
}

// TestSummaryThroughJumpsAndRestarts lets the clock jump, billbot restart, and
// two ask at once: no date has two summaries, and each on which somebody asked
// in time has one.
func TestSummaryThroughJumpsAndRestarts(t *testing.T) { // not beside those that start processes, which hold its lock for a moment
	jumps := 0
	defer func() { t.Attr("score", fmt.Sprintf("9 jumps=%d", jumps)) }()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, strings.Replace(loopRules, "accounts:", "timezone: Europe/Berlin\naccounts:", 1), twoMonths())
		eng := w.open(t)
		defer func() { eng.store.Close() }()
		now := time.Date(2000, time.March, 25, 12, 0, 0, 0, time.UTC) // clocks change on the 26th
		w.cloud.SetNow(now)
		if err := eng.sweep(t.Context(), now); err != nil {
			rt.Fatal(err)
		}
		want := map[string]bool{"2000-03-25": true} // by the sweep
		for range rapid.IntRange(5, 40).Draw(rt, "ticks") {
			switch rapid.IntRange(0, 9).Draw(rt, "what") {
			case 0:
				jumps++
				now = now.Add(time.Duration(rapid.IntRange(-26*60, 26*60).Draw(rt, "jump")) * time.Minute)
			case 1:
				eng.store.Close()
				eng = w.open(t)
			default:
				now = now.Add(time.Duration(rapid.IntRange(1, 300).Draw(rt, "minutes")) * time.Minute)
			}
			askTwice(rt, eng, now)
			if d, due := dueSummary(eng.rules.Summaries[0], eng.rules.Timezone, now); due && (!d.late || anyBefore(want, d.date)) {
				want[d.date] = true
			}
		}
		if got := summariesIn(rt, eng); len(got) != len(want) {
			rt.Fatalf("summaries: got %v, want one for each of %v", got, want)
		}
	})
}

func anyBefore(dates map[string]bool, date string) bool {
	for d := range dates {
		if d < date {
			return true
		}
	}
	return false
}

func askTwice(t *rapid.T, eng *engine, now time.Time) {
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := eng.summarize(context.Background(), now); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
}

// summariesIn counts the summaries in the outbox by their key, each once.
func summariesIn(t *rapid.T, eng *engine) map[string]bool {
	items, err := eng.store.Undelivered(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, item := range items {
		if item.Content.Summary == nil {
			continue
		}
		if found[item.Key] || item.Version != 1 {
			t.Fatalf("summary %s twice", item.Key)
		}
		found[item.Key] = true
	}
	return found
}
