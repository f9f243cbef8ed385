package slack

import (
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/rules/report"
	"github.com/google/go-cmp/cmp"
)

func TestParseQuery(t *testing.T) {
	named := func(name string) Query { return Query{Ask: AskNamed, Name: name} }
	tests := []struct {
		text string
		want Query
	}{
		{"", Query{}},
		{" \t\u00a0\u200b ", Query{}},
		{"now", Query{}},
		{"Today", Query{Ask: AskSpan, Span: report.SpanToday}},
		{"this  week", Query{Ask: AskSpan, Span: report.SpanWeek}},
		{"PERIOD", Query{Ask: AskSpan, Span: report.SpanPeriod}},
		{"by service", Query{Ask: AskBy, Part: report.PartService, Span: report.SpanPeriod}},
		{"By Zones yesterday", Query{Ask: AskBy, Part: report.PartZone, Span: report.SpanYesterday}},
		{"by family week", Query{Ask: AskBy, Part: report.PartFamily, Span: report.SpanWeek}},
		{"families", Query{Ask: AskBy, Part: report.PartFamily, Span: report.SpanPeriod}},
		{"month by account", Query{Ask: AskBy, Part: report.PartAccount, Span: report.SpanMonth}},
		{"accounts", Query{Ask: AskBy, Part: report.PartAccount, Span: report.SpanPeriod}},
		{"by colour", named("by colour")},
		{"by service of mine", named("by service of mine")},
		{"movers", Query{Ask: AskTop}},
		{"—help", Query{Ask: AskHelp}},
		{"--help", Query{Ask: AskHelp}},
		{"?", Query{Ask: AskHelp}},
		{"-", Query{Ask: AskHelp}},
		{"“”", Query{Ask: AskHelp}},
		{"help me", named("help me")},
		{"“today”", named("today")},
		{"`D1 – Rows Read`", named("D1 - Rows Read")},
		{"D1 — Rows\u2003Read", named("D1 - Rows Read")},
		{"R&amp;D", named("R&D")},
		{"<http://example.com|example.com>", named("example.com")},
		{"&lt;!channel&gt;", named("<!channel>")},
		{"why “Whole Account”", Query{Ask: AskWhy, Name: "Whole Account"}},
		{"explain runaway", Query{Ask: AskWhy, Name: "runaway"}},
		{"ack [K3V7QD2A]", Query{Ask: AskAck, Name: "k3v7qd2a"}},
		{"snooze k3v7qd2a", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: 24 * time.Hour}},
		{"snooze k3v7qd2a for 7 days", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: 7 * 24 * time.Hour}},
		{"snooze k3v7qd2a 90M", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: 90 * time.Minute}},
		{"snooze k3v7qd2a 1w", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: 7 * 24 * time.Hour}},
		{"snooze k3v7qd2a for a week", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: 7 * 24 * time.Hour}},
		{"snooze k3v7qd2a an hour", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: time.Hour}},
		{"snooze k3v7qd2a day", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: 24 * time.Hour}},
		{"snooze k3v7qd2a 36 hrs", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: 36 * time.Hour}},
		{"snooze k3v7qd2a 1d12h", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: 36 * time.Hour}},
		{"snooze k3v7qd2a 1 month", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: 30 * 24 * time.Hour}},
		{"snooze k3v7qd2a period", Query{Ask: AskSnooze, Name: "k3v7qd2a", Period: true}},
		{"snooze k3v7qd2a until the billing period ends", Query{Ask: AskSnooze, Name: "k3v7qd2a", Period: true}},
		{"snooze k3v7qd2a to the end of this period", Query{Ask: AskSnooze, Name: "k3v7qd2a", Period: true}},
		{"snooze k3v7qd2a 90d", Query{Ask: AskSnooze, Name: "k3v7qd2a", For: 90 * 24 * time.Hour}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, ParseQuery(tt.text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestParseQueryThatIsWrong(t *testing.T) {
	for text, want := range map[string]struct{ wrong, near string }{
		"why": {"Which rule", "budgets"}, "why “”": {"Which rule", "budgets"},
		"ack": {"Which alert", "alerts"}, "ack everything": {"Which alert", "alerts"}, "ack k3v7qd2": {"Which alert", "ack k3v7qd2a"},
		"snooze everything soon": {"Which alert", "alerts"}, "by": {"By what", "by service"},
		"snooze k3v7qd2a soon": {"How long", "snooze k3v7qd2a 24h"}, "snooze k3v7qd2a for ever": {"How long", "snooze k3v7qd2a 24h"},
		"snooze k3v7qd2a 0h": {"a minute at least", "snooze k3v7qd2a 24h"}, "snooze k3v7qd2a 7": {"How long", "snooze k3v7qd2a 7d"},
		"snooze k3v7qd2a 36": {"How long", "snooze k3v7qd2a 36h"}, "snooze k3v7qd2a peroid": {"How long", "snooze k3v7qd2a period"},
		"snooze k3v7qd2a 91d": {"90 days", "snooze k3v7qd2a 90d"}, "snooze k3v7qd2a 89d2d": {"90 days", "snooze k3v7qd2a 89h"},
		"snooze k3v7qd2a 99999999999999999999h": {"How long", "snooze k3v7qd2a 90d"}, "snooze k3v7qd2a -1h": {"How long", "snooze k3v7qd2a 24h"},
	} {
		q := ParseQuery(text)
		said := wrong(q, []string{"k3v7qd2a", "zzzz4444"})
		if !strings.Contains(q.Wrong, want.wrong) || !strings.HasPrefix(said[0], quoted(normal(text))+": ") ||
			!strings.HasSuffix(said[0], "Did you mean "+quoted(want.near)+"?") || len(said) != 5 {
			t.Errorf("%q: got %q, want %q, %q and three examples", text, said, want.wrong, want.near)
		}
		if near := ParseQuery(want.near); near.Wrong != "" {
			t.Errorf("%q: what is offered, %q, is wrong too: %s", text, want.near, near.Wrong)
		}
	}
	if said := wrong(ParseQuery("ack everything"), []string{"zzzz4444"}); !strings.Contains(said[0], "“ack zzzz4444”") {
		t.Errorf("got %q, want the only alert offered", said)
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, text := range []string{
		"", "by zone week", "snooze k3v7qd2a 7d", "why “a – b”", hostile, "—-‐", "\xff’\u200d", "this this", "\"'`a`'\"b",
		strings.Repeat("“", 400), "why " + strings.Repeat("x ", 400), "&amp;lt;", "<http://a|b>", "İ by SERVICE",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := normal(text)
		if twice := normal(once); twice != once {
			t.Errorf("normal twice of %q: %q, then %q", text, once, twice)
		}
		q := ParseQuery(text)
		if q.Wrong != "" {
			return
		}
		if diff := cmp.Diff(q, readQuery(q.String())); diff != "" {
			t.Errorf("%q is not read from what it is written as, %q (-want +got):\n%s", text, q.String(), diff)
		}
		m := say(unknown(q, q.Name)...)
		checkLimits(t, m)
		checkHarmless(t, m)
	})
}
