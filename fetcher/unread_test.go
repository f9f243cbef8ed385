package fetcher_test

import (
	"slices"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// Periods that an answer says nothing of need not be read: merging comes to the
// same without them.
func TestMergeBesideUnreadPeriods(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var whole fetcher.Ledger
		for _, a := range drawAnswers(t) {
			part := leave(whole, a)
			got, gotChange := part.Merge(a)
			var wantChange fetcher.Change
			whole, wantChange = whole.Merge(a)
			if diff := cmp.Diff(wantChange, gotChange, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("change (-whole +part):\n%s", diff)
			}
			if diff := cmp.Diff(whole.Trust, got.Trust); diff != "" {
				t.Fatalf("trust (-whole +part):\n%s", diff)
			}
			if diff := cmp.Diff(doubts(whole), doubts(got)); diff != "" {
				t.Fatalf("doubts (-whole +part):\n%s", diff)
			}
			for _, start := range gotChange.Periods {
				if diff := cmp.Diff(whole.InPeriod(start), got.InPeriod(start)); diff != "" {
					t.Fatalf("charges of %s (-whole +part):\n%s", start, diff)
				}
			}
			if diff := cmp.Diff(whole.PeriodStarts(), got.PeriodStarts()); diff != "" {
				t.Fatalf("periods (-whole +part):\n%s", diff)
			}
		}
	})
}

// leave is a ledger without the charges of the periods an answer says nothing of.
func leave(l fetcher.Ledger, a fetcher.Answer) fetcher.Ledger {
	part := l
	part.Charges = nil
	for _, start := range l.PeriodStarts() {
		if a.HasPeriod(start) {
			part.Charges = append(slices.Clip(part.Charges), l.InPeriod(start)...)
		} else {
			part.Unread = append(part.Unread, start)
		}
	}
	return part
}

func TestMergeIntoAnUnreadPeriod(t *testing.T) {
	l := fetcher.Ledger{Unread: []fetcher.Day{day("2026-09-01")}}
	merged, change := l.Merge(answer("2026-09-03", september))
	checkVerdict(t, merged, fetcher.Untrusted)
	checkNothing(t, change)
	if len(merged.Charges) > 0 {
		t.Errorf("%d charges, want none", len(merged.Charges))
	}
}
