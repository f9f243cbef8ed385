package fetcher_test

import (
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
)

// The row of KV is not in the answer any more.
const withoutKV = `
	2026-09-01 D1 3.75
	2026-09-02 D1 0.79`

func TestVanishedRowWaitsForAnotherDay(t *testing.T) {
	l, change := ledger(answer("2026-09-03", september)).Merge(answer("2026-09-04", withoutKV))
	checkBill(t, l, september)
	checkVerdict(t, l, fetcher.Untrusted)
	if !change.Doubts || change.Snapshot != nil || len(change.Periods)+len(change.Revisions) > 0 {
		t.Errorf("got %+v, want doubts only", change)
	}
	want := []fetcher.Doubt{{
		Item:  fetcher.Item{BillingPeriodStart: day("2026-09-01"), Day: day("2026-09-01"), Service: "KV"},
		Since: day("2026-09-04"),
	}}
	if diff := cmp.Diff(want, l.Doubts); diff != "" {
		t.Errorf("doubts (-want +got):\n%s", diff)
	}

	evening := answer("2026-09-04", withoutKV)
	evening.FetchedAt = evening.FetchedAt.Add(11 * time.Hour)
	l, change = l.Merge(evening)
	checkBill(t, l, september)
	checkVerdict(t, l, fetcher.Untrusted)
	checkNothing(t, change)

	l, change = l.Merge(answer("2026-09-05", withoutKV))
	checkBill(t, l, withoutKV)
	checkVerdict(t, l, fetcher.Trusted)
	if len(l.Doubts) > 0 || !change.Doubts || change.Snapshot == nil || len(change.Periods) != 1 {
		t.Errorf("got %+v, doubts %v, want a snapshot, a period and no doubts", change, l.Doubts)
	}
	gone := []fetcher.Revision{{
		SeenAt: noon(day("2026-09-05")), BillingPeriodStart: day("2026-09-01"), Day: day("2026-09-01"),
		Service: "KV", Currency: "USD", OldCost: dec("0.20"), OldQuantity: dec("200"), Vanished: true,
	}}
	if diff := cmp.Diff(gone, change.Revisions); diff != "" {
		t.Errorf("revisions (-want +got):\n%s", diff)
	}
}

func TestRowThatComesBackDropsTheDoubt(t *testing.T) {
	was := ledger(answer("2026-09-03", september), answer("2026-09-04", withoutKV))
	l, change := was.Merge(answer("2026-09-05", september))
	checkBill(t, l, september)
	checkVerdict(t, l, fetcher.Trusted)
	if len(l.Doubts) > 0 || !change.Doubts || len(change.Revisions) > 0 {
		t.Errorf("got doubts %v, revisions %v, want none", l.Doubts, change.Revisions)
	}
	l, _ = l.Merge(answer("2026-09-06", withoutKV))
	checkBill(t, l, september) // the doubt begins anew
	checkVerdict(t, l, fetcher.Untrusted)
}

// A clock that was set back is not another day.
func TestAnEarlierDayDoesNotAgree(t *testing.T) {
	l := ledger(answer("2026-09-03", september), answer("2026-09-05", withoutKV), answer("2026-09-04", withoutKV))
	checkBill(t, l, september)
	checkVerdict(t, l, fetcher.Untrusted)
	l, _ = l.Merge(answer("2026-09-05", withoutKV))
	checkBill(t, l, withoutKV) // a day later by the clock that is right
	checkVerdict(t, l, fetcher.Trusted)
}

// The reason names what is missing from this answer, whatever else is in doubt
// and was not asked for.
func TestReasonOfDoubt(t *testing.T) {
	const both = "2026-08-30 R2 1 \n 2026-08-30 D1 1 \n 2026-09-01 D1 3 \n 2026-09-01 KV 1 \n 2026-09-02 D1 1"
	l := ledger(answer("2026-09-03", both), answer("2026-09-03", "2026-08-30 D1 1 \n 2026-09-01 D1 3 \n 2026-09-01 KV 1 \n 2026-09-02 D1 1"))
	if want := "1 item told before is missing (R2 on 2026-08-30)"; !strings.HasPrefix(l.Trust.Reason, want) {
		t.Errorf("reason: got %q, want %q first", l.Trust.Reason, want)
	}
	l, _ = l.Merge(answer("2026-09-03", "2026-09-02 D1 1"))
	if want := "2 items told before are missing (D1 on 2026-09-01 the first)"; !strings.HasPrefix(l.Trust.Reason, want) {
		t.Errorf("reason: got %q, want %q first", l.Trust.Reason, want)
	}
	if len(l.Doubts) != 3 {
		t.Errorf("got doubts %v, want that of August kept", l.Doubts)
	}
}

// The last days of a period that ended are asked for by themselves: a doubt
// about them is settled there and nowhere else.
func TestDoubtInAnEndedPeriod(t *testing.T) {
	ended := func(on, lines string) fetcher.Answer {
		a := answer(on, lines)
		a.From, a.To = day("2026-08-01"), day("2026-08-31")
		return a
	}
	const present = "2026-09-01 D1 1"
	l := ledger(answer("2026-08-31", "2026-08-29 D1 5 \n 2026-08-30 KV 1"),
		answer("2026-09-02", present), ended("2026-09-02", "2026-08-29 D1 5"))
	checkVerdict(t, l, fetcher.Untrusted)
	l, change := l.Merge(answer("2026-09-03", present))
	checkVerdict(t, l, fetcher.Trusted)
	checkNothing(t, change)
	l, change = l.Merge(ended("2026-09-03", "2026-08-29 D1 5"))
	checkBill(t, l, "2026-08-29 D1 5 \n 2026-09-01 D1 1")
	checkVerdict(t, l, fetcher.Trusted)
	if len(change.Revisions) != 1 || !change.Revisions[0].Vanished {
		t.Errorf("got revisions %v, want the row of KV as vanished", change.Revisions)
	}
}
