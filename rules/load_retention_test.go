package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
)

func TestLoadRetention(t *testing.T) {
	byDefault := Retention{Charges: Forever, Snapshots: 400, Revisions: 400}
	for _, tc := range []struct {
		data string
		want Retention
	}{
		{"{}", byDefault},
		{"{charges: forever, snapshots: 400d, revisions: 400d}", byDefault},
		{"{charges: 400d}", Retention{Charges: 400, Snapshots: 400, Revisions: 400}},
		{"{charges: 36500d, snapshots: 30d, revisions: forever}", Retention{Charges: 36500, Snapshots: 30, Revisions: Forever}},
		{`{snapshots: "90d"}`, Retention{Charges: Forever, Snapshots: 90, Revisions: 400}},
	} {
		if got := mustLoad(t, "retention: "+tc.data).Retention; got != tc.want {
			t.Errorf("retention: %s: got %v, want %v", tc.data, got, tc.want)
		}
	}
}

func TestLoadRetentionBad(t *testing.T) {
	for _, tc := range []struct{ data, want string }{
		{"{charges: 399d}", `1:22: "charges" is "399d", below 400d: rules look months back, and years are compared`},
		{"{charges: 0d}", `1:22: "charges" is "0d", below 400d`},
		{"{snapshots: 29d}", `1:24: "snapshots" is "29d", below 30d`},
		{"{revisions: 0d}", `1:24: "revisions" is "0d", below 30d`},
		{"{snapshots: 36501d}", `"snapshots" is "36501d", more than 36500d: write forever`},
		{"{snapshots: 999999999d}", "more than 36500d: write forever"},
		{"{snapshots: 9999999999d}", `"snapshots" must be whole days such as 400d, or forever, not "9999999999d"`},
		{"{snapshots: 400}", `not "400": did you mean 400d?`},
		{"{snapshots: 400 days}", `not "400 days": did you mean 400d?`},
		{"{snapshots: 400D}", `not "400D": did you mean 400d?`},
		{"{snapshots: Forever}", `not "Forever": did you mean forever?`},
		{"{snapshots: forevr}", `not "forevr": did you mean forever?`},
		{"{snapshots: never}", `not "never": did you mean forever?`},
		{"{snapshots: 9600h}", `"snapshots" must be whole days such as 400d, or forever, not "9600h"`},
		{"{snapshots: 13mo}", "must be whole days"},
		{"{snapshots: 1.5d}", "must be whole days"},
		{"{snapshots: -400d}", "must be whole days"},
		{"{snapshots: +400d}", "must be whole days"},
		{"{snapshots: 0400d}", "must be whole days"},
		{"{snapshots: 4_00d}", "must be whole days"},
		{"{snapshots: }", `"snapshots" is empty`},
		{"{snapshots: [400d]}", `"snapshots" must be a single value, not a list`},
		{"{snapshot: 400d}", `1:13: unknown key "snapshot": did you mean "snapshots"?`},
		{"{alerts: 400d}", `unknown key "alerts": retention has charges, snapshots, revisions`},
		{"400d", `1:12: retention must be a mapping of keys and values, not "400d"`},
		{"", `1:11: "retention" is empty`},
	} {
		got := mistakes(t, "f", []byte("retention: "+tc.data))
		if !strings.HasPrefix(got, "f:1:") || !strings.Contains(got, tc.want) || strings.Count(got, "\n") != 1 {
			t.Errorf("retention: %s: got %q, want %q", tc.data, got, tc.want)
		}
	}
}

// A rule that looks back for years needs the charges of years.
func TestLoadRetentionIsLongEnoughForTheRules(t *testing.T) {
	for _, tc := range []struct{ budget, least string }{
		{"{amount: {of: previous_period, times: 1.25}, period: year}", "773d"},
		{"{amount: {of: mean, periods: 12}, period: month}", "439d"},
		{"{amount: {of: mean, periods: 12}, period: billing_period}", "446d"},
		{"{amount: 10, period: year}", ""},
	} {
		written := "\nrules: [{name: grows, budget: " + tc.budget + "}]"
		kept := "400d"
		if tc.least != "" {
			got := mistakes(t, "f", []byte("retention: {charges: 400d}"+written))
			want := "f:1:22: \"charges\" is 400d, but rule \"grows\" looks further back: write " + tc.least + " or more, or forever\n"
			if got != want {
				t.Errorf("%s: got %q, want %q", tc.budget, got, want)
				continue
			}
			kept = tc.least
		}
		r := mustLoad(t, "retention: {charges: "+kept+"}"+written)
		for day := fetcher.NewDay(2027, time.January, 1); day < fetcher.NewDay(2033, time.January, 1); day++ {
			if reach, since := r.Reach(day), r.Retention.Charges.Since(day); reach < since {
				t.Fatalf("%s on %s: it reaches back to %s, charges are kept since %s", tc.budget, day, reach, since)
			}
		}
	}
	mustLoad(t, "retention: {charges: forever}\nrules: [{name: grows, budget: {amount: {of: previous_period}, period: year}}]")
}

func TestKeepSince(t *testing.T) {
	today := fetcher.NewDay(2026, time.July, 10)
	for _, tc := range []struct {
		keep Keep
		want fetcher.Day
	}{
		{Forever, 0},
		{30, fetcher.NewDay(2026, time.June, 10)},
		{400, fetcher.NewDay(2025, time.June, 5)},
	} {
		if got := tc.keep.Since(today); got != tc.want {
			t.Errorf("%s since: got %s, want %s", tc.keep, got, tc.want)
		}
	}
}
