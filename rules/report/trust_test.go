package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// doubtful is an account whose alerts are about its data.
func doubtful(kinds ...rules.Kind) report.Watched {
	w := watched(steady())
	for _, kind := range kinds {
		w.Alerts = append(w.Alerts, rules.Alert{ID: string(kind), State: rules.Unknown, Finding: rules.Finding{
			Kind: kind, Severity: rules.Info, Subject: rules.Subject{Account: "production"}, Currency: "USD",
		}})
	}
	return w
}

// TestDoubtsInASummary: that figures may be off is counted and makes no long
// summary; that data does not come is said once, by the account's own line.
func TestDoubtsInASummary(t *testing.T) {
	summary := func(w report.Watched) report.Summary {
		return report.SummaryOf(&rules.Rules{}, []report.Watched{w}, report.Totals{}, "2026-09-11", noon(day(9, 11)))
	}
	if s := summary(doubtful(rules.KindMismatch)); !s.Short || !strings.Contains(report.SummaryLine(s), "1 alert open") {
		t.Errorf("figures in doubt: short %t, %q", s.Short, report.SummaryLine(s))
	}
	if s := summary(doubtful(rules.KindStale)); s.Short || len(s.Accounts[0].Open) != 1 {
		t.Errorf("a stale alert alone: short %t, open %v", s.Short, s.Accounts[0].Open)
	}
	dark := doubtful(rules.KindStale)
	dark.Poll = fetcher.PollState{Failure: "403", LastTrusted: noon(day(9, 10))}
	if s := summary(dark); s.Short || len(s.Accounts[0].Open) != 0 || !strings.Contains(report.SummaryTitle(s), "could not be read") {
		t.Errorf("an account that is not read: short %t, open %v, %q", s.Short, s.Accounts[0].Open, report.SummaryTitle(s))
	}
	unmatched := []rules.Alert{{ID: "u", State: rules.Unknown, Finding: rules.Finding{Kind: rules.KindUnmatched}}}
	if got := report.TotalsOf(nil, unmatched).Open; len(got) != 0 {
		t.Errorf("a rule that chooses nothing is told every day: %v", got)
	}
}

func TestDoubtsInAWelcome(t *testing.T) {
	w := doubtful(rules.KindStale, rules.KindMismatch)
	got := report.WelcomeOf(&rules.Rules{}, production, w.Bill, w.Alerts, noon(day(9, 11)))
	if title := report.WelcomeTitle(got); title != "billbot now watches production: 2 doubts are open" {
		t.Errorf("title: %q", title)
	}
	if lines := report.WelcomeLines(got); len(lines) == 0 || !strings.HasPrefix(lines[0].Lines[0], "⚪ ") {
		t.Errorf("lines: %v", lines)
	}
}

func TestHowLongItWasDark(t *testing.T) {
	since := noon(day(9, 1))
	for wait, want := range map[time.Duration]string{
		20 * time.Minute: "Data is back after less than an hour (production)",
		time.Hour:        "Data is back after 1 hour (production)",
		47 * time.Hour:   "Data is back after 47 hours (production)",
		60 * time.Hour:   "Data is back after 3 days (production)",
	} {
		a := rules.Alert{State: rules.Resolved, Ended: rules.EndedBack, EndedAt: since.Add(wait), Finding: rules.Finding{
			Kind: rules.KindStale, Subject: rules.Subject{Account: "production"}, Dark: &rules.Dark{Cause: rules.DarkFailed, Since: since},
		}}
		if got, _ := report.Title(a, 150); got != want {
			t.Errorf("%s: got %q, want %q", wait, got, want)
		}
	}
}

// TestDarkFiles: nothing that is said of an account that is read from files
// speaks of Cloudflare.
func TestDarkFiles(t *testing.T) {
	for cause, want := range map[rules.DarkCause][2]string{
		rules.DarkQuiet:     {"Unknown: no charges after Thu 10 Sep, though the files can be read", "exports the files is late"},
		rules.DarkFailed:    {"no trusted data since Fri 11 Sep 12:00 UTC, the files cannot be read", "the files are there and whole"},
		rules.DarkUntrusted: {"the answers contradict what was told", "compare the files with the bill"},
	} {
		a := rules.Alert{ID: "x", State: rules.Unknown, Finding: rules.Finding{
			Kind: rules.KindStale, Subject: rules.Subject{Account: "production"}, Through: day(9, 10),
			Dark: &rules.Dark{Files: true, Cause: cause, Since: noon(day(9, 11)), Trusted: noon(day(9, 11))},
		}}
		got := report.Headline(a) + "\n" + report.Cause(a)
		if !strings.Contains(got, want[0]) || !strings.Contains(got, want[1]) || strings.Contains(got, "Cloudflare") {
			t.Errorf("%s: %s", cause, got)
		}
	}
}
