package fetcher_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
)

// TestEndedLately says which periods have to be asked for besides the present.
func TestEndedLately(t *testing.T) {
	for _, tt := range []struct {
		name, known, on, told string
		anchors               []fetcher.Day
		want                  []string
	}{
		{"in the middle of a period", "2026-09-01 D1 1", "2026-09-14", "2026-09-01 D1 1", nil, nil},
		{"just after a period, nothing told of it", "2026-09-01 D1 1", "2026-10-02", "", nil, []string{"2026-09-01 to 2026-09-30"}},
		{"its last chance", "2026-09-01 D1 1", "2026-10-05", "", nil, []string{"2026-09-01 to 2026-09-30"}},
		{"too late", "2026-09-01 D1 1", "2026-10-06", "", nil, nil},
		{"told already", "2026-09-01 D1 1", "2026-10-02", "2026-09-01 D1 1", nil, nil},
		{"first seen just after an anchor", "", "2026-09-03", "2026-09-01 D1 1", nil, []string{"2026-08-01 to 2026-08-31"}},
		{"first seen before the new period has rows", "", "2026-09-14", "", []fetcher.Day{day("2026-01-12")}, []string{"2026-08-12 to 2026-09-11"}},
		{"first seen late in a cycle", "", "2026-09-11", "", []fetcher.Day{day("2026-01-12")}, nil},
		{"bought today", "", "2026-09-12", "", []fetcher.Day{day("2026-09-12")}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var l fetcher.Ledger
			if tt.known != "" {
				l = ledger(answer("2026-09-14", tt.known))
			}
			a := answer(tt.on, tt.told)
			a.Terms.Anchors = tt.anchors
			var got []string
			for _, p := range l.EndedLately(a) {
				got = append(got, p.Start.String()+" to "+p.End.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("periods to ask for (-want +got):\n%s", diff)
			}
		})
	}
}

// TestColumnThatComesOrGoes: rows told by zone, and then not, are the same rows
// told otherwise. They are never counted twice.
func TestColumnThatComesOrGoes(t *testing.T) {
	plain := answer("2026-09-03", "2026-09-01 D1 3\n2026-09-02 D1 4")
	zoned := answer("2026-09-03", "2026-09-01 D1 3\n2026-09-02 D1 4")
	for i := range zoned.Charges {
		zoned.Charges[i].ZoneID = "z1"
	}
	for _, tt := range []struct {
		name      string
		was, then fetcher.Answer
	}{{"comes", plain, zoned}, {"goes", zoned, plain}} {
		l, change := ledger(tt.was).Merge(tt.then)
		if got := len(l.Charges); got != 2 || !l.Trust.OK() || len(change.Revisions) > 0 {
			t.Errorf("the column %s: %d rows, %v, %d revisions; want 2 trusted rows and no revision", tt.name, got, l.Trust, len(change.Revisions))
		}
	}
}
