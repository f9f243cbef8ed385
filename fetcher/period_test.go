package fetcher_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
)

// periods is a ledger with one row in each of the periods that start on the
// days.
func periods(starts ...string) fetcher.Ledger {
	var l fetcher.Ledger
	for _, start := range starts {
		l.Charges = append(l.Charges, bill(start+" D1 1 period="+start)...)
	}
	return l
}

func TestPeriodsThroughFebruary(t *testing.T) {
	for _, tt := range []struct{ anchor, january, february, march, april string }{
		{"1", "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"},
		{"12", "2026-01-12", "2026-02-12", "2026-03-12", "2026-04-12"},
		{"28", "2026-01-28", "2026-02-28", "2026-03-28", "2026-04-28"},
		{"29", "2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29"},
		{"30", "2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"},
		{"31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"},
		{"28 leap", "2028-01-28", "2028-02-28", "2028-03-28", "2028-04-28"},
		{"29 leap", "2028-01-29", "2028-02-29", "2028-03-29", "2028-04-29"},
		{"30 leap", "2028-01-30", "2028-02-29", "2028-03-30", "2028-04-30"},
		{"31 leap", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"},
	} {
		t.Run(tt.anchor, func(t *testing.T) {
			l := periods(tt.january, tt.february, tt.march)
			checkPeriod(t, l, tt.january, tt.february)
			checkPeriod(t, l, tt.february, tt.march)
			checkPeriod(t, l, tt.march, tt.april)
		})
	}
}

// checkPeriod says that the period which starts on start ends before next, and
// that it comes before next's.
func checkPeriod(t *testing.T, l fetcher.Ledger, start, next string) {
	t.Helper()
	want := fetcher.Period{Start: day(start), End: day(next) - 1, EndEstimated: true}
	if got := l.Period(day(start)); got != want {
		t.Errorf("period from %s: got %s to %s, want to %s", start, got.Start, got.End, want.End)
	}
	if got := l.PreviousPeriod(day(next)); got.Start != want.Start || got.End != want.End {
		t.Errorf("period before %s: got %s to %s, want %s to %s", next, got.Start, got.End, want.Start, want.End)
	}
}

// A period that starts on 28 February may be that of an anchor on the 28th to
// the 31st.
func TestClampedStarts(t *testing.T) {
	alone := periods("2026-02-28")
	anchored, due := alone, alone
	anchored.Terms.Anchors = []fetcher.Day{day("2025-05-31")}
	due.Terms.NextBillDate = day("2026-03-30")
	other := alone
	other.Terms.Anchors = []fetcher.Day{day("2025-05-12")}
	for _, tt := range []struct {
		name      string
		ledger    fetcher.Ledger
		end       string
		estimated bool
	}{
		{"nothing known", alone, "2026-03-27", true},
		{"a period before", periods("2026-01-31", "2026-02-28"), "2026-03-30", true},
		{"a period after", periods("2026-02-28", "2026-03-29"), "2026-03-28", true},
		{"the anchor", anchored, "2026-03-30", true},
		{"another subscription's anchor", other, "2026-03-27", true},
		{"the next bill date", due, "2026-03-29", false},
	} {
		want := fetcher.Period{Start: day("2026-02-28"), End: day(tt.end), EndEstimated: tt.estimated}
		if diff := cmp.Diff(want, tt.ledger.Period(day("2026-02-28"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestNextBillDateOfAnotherPeriod(t *testing.T) {
	l := periods("2026-08-12", "2026-09-12")
	for next, want := range map[string]string{
		"2026-10-12": "2026-10-11", "2026-10-11": "2026-10-10", // days drift
		"2026-10-30": "2026-10-11", "2026-09-30": "2026-10-11", "2026-09-12": "2026-10-11",
	} {
		l.Terms.NextBillDate = day(next)
		if got := l.Period(day("2026-09-12")); got.End.String() != want {
			t.Errorf("next bill on %s: the period ends on %s, want %s", next, got.End, want)
		}
		if got := l.Period(day("2026-08-12")); next != "2026-09-12" && !got.EndEstimated {
			t.Errorf("next bill on %s tells the end of August's period, %s", next, got.End)
		}
	}
}

func TestPeriodsOpenTogether(t *testing.T) {
	l := periods("2026-08-12", "2026-09-01", "2026-09-12")
	for on, want := range map[string][]string{
		"2026-08-11": nil,
		"2026-08-31": {"2026-08-12"},
		"2026-09-11": {"2026-08-12", "2026-09-01"},
		"2026-09-12": {"2026-09-01", "2026-09-12"},
		"2026-10-01": {"2026-09-12"},
		"2026-10-12": nil,
	} {
		var got []string
		for _, p := range l.OpenPeriods(day(on)) {
			got = append(got, p.Start.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("open on %s (-want +got):\n%s", on, diff)
		}
	}
	if got := l.Period(day("2026-09-12")).Days(); got != 30 {
		t.Errorf("the period from 12 September has %d days, want 30", got)
	}
	if got := l.Through(); got != day("2026-09-12") {
		t.Errorf("through %s, want 2026-09-12", got)
	}
	if got := l.InPeriod(day("2026-09-01")); len(got) != 1 || got[0].ChargePeriodStart != day("2026-09-01") {
		t.Errorf("rows in September: got %v, want one of the 1st", got)
	}
}
