package fetcher_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
)

// TestCalendarNotes: dates that contradict each other are told once, and again
// only where they change.
func TestCalendarNotes(t *testing.T) {
	const rows = "2026-09-01 D1 1"
	const stray = "the next bill date is 2026-09-20, when no known billing period ends: ends are estimated"
	const off = "charges are of a billing period from 2026-09-01, when no subscription's cycle starts"
	for _, tt := range []struct {
		name  string
		terms fetcher.Terms
		want  []string
	}{
		{"nothing told", fetcher.Terms{}, nil},
		{"they fit", fetcher.Terms{NextBillDate: day("2026-10-01"), Anchors: []fetcher.Day{day("2026-01-01")}}, nil},
		{"a bill date within the period", fetcher.Terms{NextBillDate: day("2026-09-20")}, []string{stray}},
		{"another anchor", fetcher.Terms{Anchors: []fetcher.Day{day("2026-01-12")}}, []string{off}},
		{"both", fetcher.Terms{NextBillDate: day("2026-09-20"), Anchors: []fetcher.Day{day("2026-01-12")}}, []string{stray, off}},
	} {
		a := answer("2026-09-02", rows)
		a.Terms = tt.terms
		empty := fetcher.Answer{FetchedAt: a.FetchedAt, Terms: tt.terms}
		l, change := ledger(empty).Merge(a)
		if diff := cmp.Diff(tt.want, change.Notes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		for _, again := range []fetcher.Answer{answer("2026-09-03", rows+"\n2026-09-02 D1 1"), empty} {
			again.Terms = tt.terms
			if _, change := l.Merge(again); len(change.Notes) > 0 {
				t.Errorf("%s: told again: %q", tt.name, change.Notes)
			}
		}
		_, change = ledger(answer("2026-09-02", rows)).Merge(empty)
		if diff := cmp.Diff(tt.want, change.Notes); diff != "" {
			t.Errorf("%s: by an answer without rows (-want +got):\n%s", tt.name, diff)
		}
	}
}
