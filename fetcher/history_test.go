package fetcher_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
)

// TestWalks says where asking for history begins, of each anchor, and where it
// goes on.
func TestWalks(t *testing.T) {
	feb, argo := day("2026-02-28"), day("2026-01-15")
	for _, tt := range []struct {
		name  string
		known []fetcher.Day
		terms fetcher.Terms
		want  []fetcher.Walk
	}{
		{"nothing known", nil, fetcher.Terms{Anchors: []fetcher.Day{argo}}, nil},
		{"one anchor", []fetcher.Day{day("2026-08-01"), day("2026-09-01")}, fetcher.Terms{},
			[]fetcher.Walk{{Anchor: 1, From: day("2026-08-01")}}},
		{"a gap is asked for", []fetcher.Day{day("2026-06-01"), day("2026-09-01")}, fetcher.Terms{},
			[]fetcher.Walk{{Anchor: 1, From: day("2026-09-01")}}},
		{"the end of February is the 31st's", []fetcher.Day{day("2026-01-31"), feb}, fetcher.Terms{},
			[]fetcher.Walk{{Anchor: 31, From: day("2026-01-31")}}},
		{"a subscription without rows lately", []fetcher.Day{day("2026-09-01")}, fetcher.Terms{Anchors: []fetcher.Day{argo}},
			[]fetcher.Walk{{Anchor: 1, From: day("2026-09-01")}, {Anchor: 15, From: day("2026-09-15")}}},
		{"an anchor told a day off", []fetcher.Day{day("2026-09-01")}, fetcher.Terms{Anchors: []fetcher.Day{day("2026-01-02")}},
			[]fetcher.Walk{{Anchor: 1, From: day("2026-09-01")}}},
		{"under way, and a period that is known", []fetcher.Day{day("2026-05-01"), day("2026-09-01")},
			fetcher.Terms{Walks: []fetcher.Walk{{Anchor: 1, From: day("2026-06-01"), Empty: 3}}},
			[]fetcher.Walk{{Anchor: 1, From: day("2026-05-01")}}},
		{"whole by a count that stopped too early", []fetcher.Day{day("2026-09-01")}, fetcher.Terms{Reaches: day("2026-08-01"), Whole: true},
			[]fetcher.Walk{{Anchor: 1, From: day("2026-09-01")}}},
	} {
		l := fetcher.Ledger{Unread: tt.known, Terms: tt.terms}
		if diff := cmp.Diff(tt.want, l.Walks(day("2026-09-20"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestWalked goes back: rows of an anchor that nobody knew of begin a walk, and
// six periods without a row end one.
func TestWalked(t *testing.T) {
	walks := []fetcher.Walk{{Anchor: 1, From: day("2026-09-01")}}
	told := answer("2026-09-20", "2026-08-20 Argo 1 period=2026-08-15").Charges
	terms := fetcher.Terms{}.Walked(walks, 0, told)
	want := []fetcher.Walk{{Anchor: 1, From: day("2026-08-01"), Empty: 1}, {Anchor: 15, From: day("2026-09-15")}}
	if diff := cmp.Diff(want, terms.Walks); diff != "" || terms.Reaches != day("2026-09-15") || terms.Whole {
		t.Errorf("reaches %s, whole %v (-want +got):\n%s", terms.Reaches, terms.Whole, diff)
	}
	rounds := 0
	for i, more := fetcher.Ahead(terms.Walks); more; i, more = fetcher.Ahead(terms.Walks) {
		terms, rounds = terms.Walked(terms.Walks, i, nil), rounds+1
	}
	if rounds != 5+6 || !terms.Whole || terms.Reaches != day("2026-03-01") {
		t.Errorf("after %d more: reaches %s, whole %v; want 11, 2026-03-01 and true", rounds, terms.Reaches, terms.Whole)
	}
}
