package fetcher_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
)

const september = `
	2026-09-01 D1 3.75
	2026-09-01 KV 0.20
	2026-09-02 D1 0.79`

func TestFirstAnswer(t *testing.T) {
	l, change := fetcher.Ledger{}.Merge(answer("2026-09-03", september))
	checkBill(t, l, september)
	checkVerdict(t, l, fetcher.Trusted)
	want := fetcher.Change{
		Periods: []fetcher.Day{day("2026-09-01")},
		Snapshot: &fetcher.Snapshot{
			FetchedAt: noon(day("2026-09-03")), Hash: "of 2026-09-03", Through: day("2026-09-02"), Rows: 3,
			Totals: []fetcher.SnapshotTotal{
				{day("2026-09-01"), "D1", "USD", dec("4.54")},
				{day("2026-09-01"), "KV", "USD", dec("0.20")},
			},
		},
	}
	if diff := cmp.Diff(want, change); diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
}

func TestSameAnswerTwice(t *testing.T) {
	was := ledger(answer("2026-09-03", september))
	for _, again := range []string{
		september,
		"2026-09-02 D1 0.790 \n 2026-09-01 KV 0.2 \n 2026-09-01 D1 3.7500",
	} {
		is, change := was.Merge(answer("2026-09-04", again))
		checkNothing(t, change)
		if diff := cmp.Diff(was, is); diff != "" {
			t.Errorf("ledger (-before +after):\n%s", diff)
		}
	}
}

func TestRestatedRow(t *testing.T) {
	l, change := ledger(answer("2026-09-03", september)).Merge(answer("2026-09-04", `
		2026-09-01 D1 4.05 quantity=4200
		2026-09-01 KV 0.20
		2026-09-02 D1 0.79`))
	want := []fetcher.Revision{{
		SeenAt: noon(day("2026-09-04")), BillingPeriodStart: day("2026-09-01"), Day: day("2026-09-01"),
		Service: "D1", Currency: "USD",
		OldCost: dec("3.75"), NewCost: dec("4.05"), OldQuantity: dec("3750"), NewQuantity: dec("4200"),
	}}
	if diff := cmp.Diff(want, change.Revisions); diff != "" {
		t.Errorf("revisions (-want +got):\n%s", diff)
	}
	if change.Snapshot == nil || len(change.Periods) != 1 {
		t.Errorf("got snapshot %v, periods %v, want one each", change.Snapshot, change.Periods)
	}
	checkVerdict(t, l, fetcher.Trusted)
}

// What an answer tells is new or a revision of what was told, by the day.
func TestWhatIsARevision(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		revisions    int
		snapshot     bool
	}{
		{"a new day", september + "\n 2026-09-03 D1 1", 0, true},
		{"a late row on the newest day", september + "\n 2026-09-02 KV 0.30", 1, true},
		{"a late row on an old day", september + "\n 2026-09-01 R2 0.30", 1, true},
		{"a new zone on an old day", september + "\n 2026-09-01 KV 0.30 zone=z", 1, true},
		{"a late row of no cost", september + "\n 2026-09-01 R2 0", 1, true},
		{"a new period", september + "\n 2026-10-01 D1 1", 0, true},
		{"an older period", september + "\n 2026-08-31 D1 1", 0, true},
		{"another name, the same service", "2026-09-01 D1(first_5_included) 3.75 \n 2026-09-01 KV 0.20 \n 2026-09-02 D1 0.79", 0, true},
		{"other quantity, same cost", "2026-09-01 D1 3.75 quantity=9 \n 2026-09-01 KV 0.20 \n 2026-09-02 D1 0.79", 1, true},
		{"one row told as two", "2026-09-01 D1 3.00 \n 2026-09-01 D1 0.75 \n 2026-09-01 KV 0.20 \n 2026-09-02 D1 0.79", 0, true},
		{"other order", "2026-09-02 D1 0.79 \n 2026-09-01 KV 0.20 \n 2026-09-01 D1 3.75", 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, change := ledger(answer("2026-09-03", september)).Merge(answer("2026-09-04", tt.answer))
			checkBill(t, l, tt.answer)
			checkVerdict(t, l, fetcher.Trusted)
			if len(change.Revisions) != tt.revisions {
				t.Errorf("got revisions %+v, want %d", change.Revisions, tt.revisions)
			}
			if got := change.Snapshot != nil; got != tt.snapshot {
				t.Errorf("snapshot: got %t, want %t", got, tt.snapshot)
			}
		})
	}
}

// Rows of one service and day add up. Twins are two rows, not one told twice.
func TestRowsAreNeverDeduplicated(t *testing.T) {
	const twins = `
		2026-09-01 D1 1.10
		2026-09-01 D1 1.10
		2026-09-01 D1 -0.20
		2026-09-01 D1(first_5_included) 1.10`
	l, change := fetcher.Ledger{}.Merge(answer("2026-09-02", twins))
	checkBill(t, l, twins)
	if got := change.Snapshot.Totals[0].ContractedCost; !got.Equal(dec("3.10")) {
		t.Errorf("the snapshot's sum: got %s, want 3.10", got)
	}
	_, change = l.Merge(answer("2026-09-02", twins))
	checkNothing(t, change)

	l, change = l.Merge(answer("2026-09-03", "2026-09-01 D1 1.10 \n 2026-09-01 D1 -0.20 \n 2026-09-01 D1 1.10"))
	if len(l.Charges) != 3 || len(change.Revisions) != 1 {
		t.Fatalf("a twin less: got %d rows, revisions %v, want 3 and 1", len(l.Charges), change.Revisions)
	}
	if r := change.Revisions[0]; !r.OldCost.Equal(dec("3.10")) || !r.NewCost.Equal(dec("2.00")) || r.Vanished {
		t.Errorf("a twin less: got %s to %s, vanished %t, want 3.10 to 2.00", r.OldCost, r.NewCost, r.Vanished)
	}
}

func TestSeveralPeriodsInOneAnswer(t *testing.T) {
	was := ledger(answer("2026-08-31", "2026-08-30 D1 7"), answer("2026-09-02", "2026-08-30 D1 7 \n 2026-09-01 D1 1"))
	l, change := was.Merge(answer("2026-09-03", "2026-08-30 D1 7 \n 2026-09-01 D1 2"))
	if diff := cmp.Diff([]fetcher.Day{day("2026-09-01")}, change.Periods); diff != "" {
		t.Errorf("changed periods (-want +got):\n%s", diff)
	}
	checkBill(t, l, "2026-08-30 D1 7 \n 2026-09-01 D1 2")
}

// An answer about the present is no word on a period that is over.
func TestEndedPeriodStays(t *testing.T) {
	l, change := ledger(answer("2026-08-31", "2026-08-30 D1 7")).Merge(answer("2026-09-02", "2026-09-01 D1 1"))
	checkBill(t, l, "2026-08-30 D1 7 \n 2026-09-01 D1 1")
	checkVerdict(t, l, fetcher.Trusted)
	if change.Doubts || len(change.Revisions) > 0 {
		t.Errorf("got doubts %v, revisions %v, want none", l.Doubts, change.Revisions)
	}
}

func TestRangedAnswerTouchesItsDaysOnly(t *testing.T) {
	was := ledger(answer("2026-09-05", "2026-09-01 D1 1 \n 2026-09-02 D1 2 \n 2026-09-03 D1 3"))
	ranged := answer("2026-09-06", "2026-09-02 D1 5")
	ranged.From, ranged.To = day("2026-09-02"), day("2026-09-02")
	l, change := was.Merge(ranged)
	checkBill(t, l, "2026-09-01 D1 1 \n 2026-09-02 D1 5 \n 2026-09-03 D1 3")
	checkVerdict(t, l, fetcher.Trusted)
	if len(change.Revisions) != 1 || change.Doubts {
		t.Errorf("got revisions %v, doubts %v, want one and none", change.Revisions, l.Doubts)
	}
	ranged.From = 0 // from the beginning
	if l, _ := was.Merge(ranged); len(l.Doubts) != 1 || l.Doubts[0].Item.Day != day("2026-09-01") {
		t.Errorf("asked up to the 2nd: got doubts %v, want the 1st", l.Doubts)
	}
	ranged.From, ranged.To = day("2026-09-02"), 0 // to the end
	if l, _ := was.Merge(ranged); len(l.Doubts) != 1 || l.Doubts[0].Item.Day != day("2026-09-03") {
		t.Errorf("asked from the 2nd: got doubts %v, want the 3rd", l.Doubts)
	}
}

func TestCurrencyChangeInsideAPeriod(t *testing.T) {
	was := ledger(answer("2026-09-02", "2026-09-01 D1 1"))
	const both = "2026-09-01 D1 1 \n 2026-09-02 D1 2 currency=EUR"
	l, change := was.Merge(answer("2026-09-03", both))
	checkBill(t, l, both)
	want := []string{"the billing period from 2026-09-01 is charged in USD and EUR: sums are kept apart"}
	if diff := cmp.Diff(want, change.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	if got := len(change.Snapshot.Totals); got != 2 {
		t.Errorf("got %d totals, want one for each currency", got)
	}
	if _, change = l.Merge(answer("2026-09-04", both+"\n 2026-09-03 D1 3 currency=EUR")); len(change.Notes) > 0 {
		t.Errorf("told again: %q", change.Notes)
	}
}

func TestRefunds(t *testing.T) {
	l, change := ledger(answer("2026-09-02", "2026-09-01 D1 5")).Merge(answer("2026-09-03", "2026-09-01 D1 -2.50"))
	checkBill(t, l, "2026-09-01 D1 -2.50")
	checkVerdict(t, l, fetcher.Trusted)
	if r := change.Revisions; len(r) != 1 || !r[0].NewCost.Equal(dec("-2.50")) {
		t.Errorf("got revisions %v, want one to -2.50", r)
	}
}

func TestTerms(t *testing.T) {
	yes := true
	told := answer("2026-09-02", september)
	told.Terms = fetcher.Terms{Covered: &yes, Anchors: []fetcher.Day{day("2025-05-12")}, NextBillDate: day("2026-10-12")}
	l, change := fetcher.Ledger{}.Merge(told)
	if diff := cmp.Diff(told.Terms, l.Terms); diff != "" || !change.Terms {
		t.Errorf("changed %t, terms (-want +got):\n%s", change.Terms, diff)
	}
	also := true // another pointer to the same word
	told.Terms.Covered = &also
	if _, change = l.Merge(told); change.Terms {
		t.Error("the same terms changed")
	}
	l, change = l.Merge(answer("2026-09-02", september)) // knows none
	if diff := cmp.Diff(told.Terms, l.Terms); diff != "" || change.Terms {
		t.Errorf("changed %t, terms that were not told again (-want +got):\n%s", change.Terms, diff)
	}
	empty := fetcher.Answer{FetchedAt: told.FetchedAt, Terms: fetcher.Terms{NextBillDate: day("2026-11-12")}}
	if l, change = l.Merge(empty); l.Terms.NextBillDate != day("2026-11-12") || !change.Terms {
		t.Errorf("an answer without rows: got next bill date %s, want 2026-11-12", l.Terms.NextBillDate)
	}
}
