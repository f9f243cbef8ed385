package fetcher_test

import (
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
)

// No rows are no proof of no cost: what was told stays, and the verdict says
// how odd it is.
func TestEmptyAnswer(t *testing.T) {
	for _, tt := range []struct {
		name, before, on string
		want             fetcher.Verdict
	}{
		{"new account", "", "2026-09-03", fetcher.NoData},
		{"rows before", september, "2026-09-03", fetcher.Untrusted},
		{"on the period's last day", september, "2026-09-30", fetcher.Untrusted},
		{"on the anchor", september, "2026-10-01", fetcher.NoData},
		{"days after the anchor", september, "2026-10-04", fetcher.NoData},
		{"long after the anchor", september, "2026-10-05", fetcher.Untrusted},
		{"just after a clamped anchor", "2026-02-28 D1 1 period=2026-01-31 \n 2026-02-28 D1 1 period=2026-02-28", "2026-04-01", fetcher.NoData},
		{"two subscriptions, one open", "2026-09-01 D1 1 \n 2026-09-12 D1 1 period=2026-09-12", "2026-10-02", fetcher.Untrusted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			was := fetcher.Ledger{Charges: bill(tt.before)}
			l, change := was.Merge(answer(tt.on, ""))
			checkVerdict(t, l, tt.want)
			checkBill(t, l, tt.before)
			checkNothing(t, change)
		})
	}
}

func TestEmptyAnswerKeepsDoubts(t *testing.T) {
	was := ledger(answer("2026-09-03", september), answer("2026-09-04", withoutKV))
	l, _ := was.Merge(answer("2026-09-05", ""))
	checkBill(t, l, september)
	checkVerdict(t, l, fetcher.Untrusted)
	if diff := cmp.Diff(was.Doubts, l.Doubts); diff != "" {
		t.Errorf("doubts (-before +after):\n%s", diff)
	}
}

// One subscription's rows are there, another's period is missing.
func TestMissingPeriod(t *testing.T) {
	was := ledger(answer("2026-09-13", `
		2026-09-11 D1 1
		2026-09-12 KV 2 period=2026-09-12 sub=b`))
	l, change := was.Merge(answer("2026-09-14", "2026-09-11 D1 1 \n 2026-09-13 D1 5"))
	checkVerdict(t, l, fetcher.Untrusted)
	checkBill(t, l, `
		2026-09-11 D1 1
		2026-09-13 D1 5
		2026-09-12 KV 2 period=2026-09-12 sub=b`)
	if diff := cmp.Diff([]fetcher.Day{day("2026-09-01")}, change.Periods); diff != "" || len(l.Doubts) > 0 {
		t.Errorf("doubts %v, changed periods (-want +got):\n%s", l.Doubts, diff)
	}
	l, _ = l.Merge(answer("2026-10-12", "2026-10-11 D1 1")) // both are over
	checkVerdict(t, l, fetcher.Trusted)
}

// A look at days that were asked for says nothing about the present.
func TestRangedAnswerLeavesTheVerdict(t *testing.T) {
	untrusted := ledger(answer("2026-09-03", september), answer("2026-09-04", ""))
	for _, lines := range []string{"", "2026-08-31 D1 1"} {
		ranged := answer("2026-09-04", lines)
		ranged.From, ranged.To = day("2026-08-01"), day("2026-08-31")
		l, _ := untrusted.Merge(ranged)
		checkVerdict(t, l, fetcher.Untrusted)
		l, _ = ledger(answer("2026-09-03", september)).Merge(ranged)
		checkVerdict(t, l, fetcher.Trusted)
	}
}

func TestTermsAreToldOnce(t *testing.T) {
	no := false
	answer := fetcher.Answer{FetchedAt: fetcher.NewDay(2026, 9, 3).Time(), Terms: fetcher.Terms{Covered: &no}}
	ledger, change := fetcher.Ledger{}.Merge(answer)
	if ledger.Trust.Verdict != fetcher.NoData || len(change.Notes) != 1 || !change.Terms {
		t.Errorf("an account that is not covered: got %v, notes %q", ledger.Trust, change.Notes)
	}
	if _, change = ledger.Merge(answer); len(change.Notes) != 0 || change.Terms {
		t.Errorf("the same again: notes %q", change.Notes)
	}
}

func TestColumnThatDisappearsIsToldOnce(t *testing.T) {
	row := fetcher.Charge{
		ServiceName: "KV Read", ServiceFamilyName: "Workers", BillingCurrency: "USD",
		BillingPeriodStart: fetcher.NewDay(2026, 9, 1), ChargePeriodStart: fetcher.NewDay(2026, 9, 1),
	}
	answer := fetcher.Answer{FetchedAt: fetcher.NewDay(2026, 9, 3).Time(), Charges: []fetcher.Charge{row}, Missing: []string{"ZoneId"}}
	ledger, change := fetcher.Ledger{}.Merge(answer)
	if len(change.Notes) != 0 {
		t.Errorf("columns that never were there: notes %q", change.Notes)
	}
	row.ServiceFamilyName = ""
	answer.Charges, answer.Missing = []fetcher.Charge{row}, []string{"ChargeDescription", "ServiceFamilyName", "ZoneId"}
	ledger, change = ledger.Merge(answer)
	want := []string{"the column ServiceFamilyName disappeared from the answer"}
	if diff := cmp.Diff(want, change.Notes); diff != "" {
		t.Errorf("a column that disappeared (-want +got):\n%s", diff)
	}
	gone := []fetcher.GoneColumn{{Name: "ServiceFamilyName", Since: fetcher.NewDay(2026, 9, 3)}}
	if diff := cmp.Diff(gone, ledger.Terms.Gone); diff != "" {
		t.Errorf("columns that are gone (-want +got):\n%s", diff)
	}
	answer.FetchedAt = answer.FetchedAt.Add(24 * time.Hour)
	if ledger, change = ledger.Merge(answer); len(change.Notes) != 0 || change.Terms {
		t.Errorf("the same again: notes %q, gone %v", change.Notes, ledger.Terms.Gone)
	}
	answer.Missing = []string{"ChargeDescription", "ZoneId"}
	if ledger, change = ledger.Merge(answer); len(ledger.Terms.Gone) != 0 || !change.Terms {
		t.Errorf("it is back: gone %v", ledger.Terms.Gone)
	}
}
