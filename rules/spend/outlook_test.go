package spend_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// spent is what the newest billing period of a series has cost, and that
// period, 30 days long.
func spent(s spend.Series) (decimal.Decimal, fetcher.Period) {
	var sum decimal.Decimal
	start := s.Days[len(s.Days)-1].BillingPeriodStart
	for _, use := range s.Days {
		if use.BillingPeriodStart == start {
			sum = sum.Add(use.Cost.Decimal())
		}
	}
	return sum, fetcher.Period{Start: start, End: start + 29}
}

// forecast forecasts the newest billing period of a series.
func forecast(s spend.Series) spend.Forecast {
	sum, p := spent(s)
	return spend.NewOutlook(s).Ahead(p, p.End).Plus(sum)
}

// checkAbout allows a share of the amount in either direction.
func checkAbout(t *testing.T, name string, got decimal.Decimal, want, share string) {
	t.Helper()
	if got.Sub(dec(want)).Abs().GreaterThan(dec(want).Abs().Mul(dec(share))) {
		t.Errorf("%s: got %s, want %s", name, got, want)
	}
}

func TestForecast(t *testing.T) {
	free := terms{"500", "0.01"}
	for _, tt := range []struct {
		name        string
		series      spend.Series
		want, share string // how far off it may be
	}{
		{"nothing used", used("0x10"), "0", "0"},
		{"always the same", used("100x10"), "3", "0"},
		{"the first day", used("2500"), "75", "0"},
		{"the last day", used("100x30"), "3", "0"},
		{"a week and its weekend", used("100x5 30x2 100x5 30x2"), "2.42", "0.03"}, // 22 and 8 days
		{"growth", used("100 102 104 106 108 110 113 115 117 120 122 124 127 129"), "4.06", "0.2"},
		{"free until the allowance is used up", free.billing("120x30 40x10"), "7", "0.02"}, // 1200 in all, 500 free
		{"the allowance will last", free.billing("120x30 10x10"), "0", "0"},
		{"the allowance is used up", free.billing("120x10"), "31", "0"},
		{"billed before, free again", free.billing("120x30 120"), "31", "0"},
		{"a new price", and(free.billing("120x30"), billed(used("120x10"), "1.2x5 2.4x5")), "66", "0"},
		{"one day far over usual that is over", and(used("100x30"), used("100x5 5000 100x4")), "7.9", "0"},
		{"a week far over usual that is over", and(used("100x30"), used("5000x5 100x5")), "27.5", "0"},
		{"another level for good", and(used("100x30"), used("1000x20")), "30", "0.01"},
		{"a tenth of it for good", and(used("1000x30"), used("100x20")), "3", "0.01"},
		{"it stopped", and(used("100x30"), used("0x10")), "0", "0"},
		{"it is new", and(used("0x30"), used("0x10 100x10")), "2", "0"},
		{"now and then", used("0 0 0 700 0 0 0 0 0 0 700 0 0 0 0 0 0 700 0 0 0 0 0 0 700 0 0"), "3.1", "0.04"},
		{"a refund", and(used("100x30"), billed(used("100x10"), "0.1x4 -3 0.1x5")), "-0.1", "0"},
		{"a cost without a quantity", billed(used("0x10"), "0.5x10"), "15", "0"},
		{"cents", cents(terms{"5000", "0.0005"}.billing("16849 17619 17472 18202 17941 17000 17000 17000 17000 17000")), "256", "0.02"},
	} {
		got := forecast(tt.series)
		checkAbout(t, tt.name, got.Total, tt.want, tt.share)
		if got.Lo.GreaterThan(got.Total) || got.Hi.LessThan(got.Total) {
			t.Errorf("%s: %s is not within %s to %s", tt.name, got.Total, got.Lo, got.Hi)
		}
	}
}

// A calendar month may reach over two billing periods: what is included counts
// anew in the second.
func TestForecastOverTheNextBillingPeriod(t *testing.T) {
	s := terms{"500", "0.01"}.billing("120x10")
	_, p := spent(s)
	got := spend.NewOutlook(s).Ahead(p, p.End+10)
	if want := dec("31"); !got.Total.Equal(want) { // twenty days at $1.20, and 700 of 1200 after that
		t.Errorf("got %s, want %s", got.Total, want)
	}
}

// A runaway may be fixed now or go on; the band holds both, and the forecast
// says why it is so wide.
func TestForecastOfAnIncident(t *testing.T) {
	s := and(used("100x30"), used("100x9 10000"))
	got := forecast(s)
	if diff := cmp.Diff([]string{"D1"}, got.Incident); diff != "" {
		t.Fatalf("what runs away (-want +got):\n%s", diff)
	}
	fixed, goesOn := dec("12.90"), dec("210.90")
	if got.Lo.GreaterThan(fixed) || got.Hi.LessThan(goesOn) || !got.GoesOn.Equal(goesOn) {
		t.Errorf("got %s (%s to %s), %s if it goes on, want %s to %s at least", got.Total, got.Lo, got.Hi, got.GoesOn, fixed, goesOn)
	}
	over := forecast(and(s, used("100x4")))
	if over.Incident != nil || !over.GoesOn.Equal(over.Total) {
		t.Errorf("after it: got %v, %s if it goes on, want nothing running away", over.Incident, over.GoesOn)
	}
}

// A service that is new may be gone tomorrow, and one at another level may
// return to the one before.
func TestBandHoldsTheLevelBefore(t *testing.T) {
	for name, tt := range map[string]struct {
		days   string
		lo, hi string
	}{
		"new":    {"0x39 100x6", "0.5", "1.5"},
		"higher": {"100x40 1000x5", "6", "15"},
		"lower":  {"1000x40 100x5", "1.5", "10.5"},
	} {
		s := used(tt.days)
		n := len(s.Days)
		p := fetcher.Period{Start: s.Day(n - 5), End: s.Day(n + 9)}
		for i := n - 5; i < n; i++ {
			s.Days[i].BillingPeriodStart = p.Start
		}
		spent := s.Days[n-1].Cost.Decimal().Mul(dec("5"))
		if got := spend.NewOutlook(s).Ahead(p, p.End).Plus(spent); got.Lo.GreaterThan(dec(tt.lo)) || got.Hi.LessThan(dec(tt.hi)) {
			t.Errorf("%s: got %s to %s, want at least %s to %s", name, got.Lo, got.Hi, tt.lo, tt.hi)
		}
	}
}

// Rows that were restated into the next period before it begins count for that
// period, and nothing looks for them where they are not.
func TestDaysOfThePeriodToCome(t *testing.T) {
	s := early(and(terms{"9e9", "0.01"}.billing("100x30"), terms{"500", "0.01"}.billing("120x20")), 3)
	p := fetcher.Period{Start: firstDay + 30, End: firstDay + 59}
	o := spend.NewOutlook(s)
	if got := o.Used(p); !got.Equal(dec("2700")) {
		t.Errorf("used %s, want 300 of the days before, and 2400", got)
	}
	if got := spend.Learn(late(s, 28)); !got.Included.Equal(dec("700")) {
		t.Errorf("got %s included, want 500, and the 200 that the known days before were not billed", got.Included)
	}
	if got := spend.Learn(early(late(terms{"100", "0.01"}.billing("120x30"), 27), 3)); got.Price().IsZero() {
		t.Error("nothing is learned of days that are all early")
	}
}

func TestTogether(t *testing.T) {
	one := spend.Forecast{Total: dec("10"), Lo: dec("6"), Hi: dec("14"), GoesOn: dec("10")}
	runaway := spend.Forecast{Total: dec("100"), Lo: dec("0"), Hi: dec("900"), GoesOn: dec("800"), Incident: []string{"D1"}}
	for _, tt := range []struct {
		name          string
		parts         []spend.Forecast
		total, lo, hi string
		goesOn        string
	}{
		{"none", nil, "0", "0", "0", "0"},
		{"one", []spend.Forecast{one}, "10", "6", "14", "10"},
		{"a runaway counts whole", []spend.Forecast{one, runaway}, "110", "6", "914", "810"},
	} {
		got := spend.Together(tt.parts)
		if !got.Total.Equal(dec(tt.total)) || !got.Lo.Equal(dec(tt.lo)) || !got.Hi.Equal(dec(tt.hi)) || !got.GoesOn.Equal(dec(tt.goesOn)) {
			t.Errorf("%s: got %+v", tt.name, got)
		}
	}
	// Four of width 4: between 8, each for itself, and 16, all at once.
	if got := spend.Together([]spend.Forecast{one, one, one, one}); !got.Total.Equal(dec("40")) ||
		!got.Lo.GreaterThan(dec("24")) || !got.Lo.LessThan(dec("32")) || !got.Hi.Equal(dec("80").Sub(got.Lo)) {
		t.Errorf("four: got %s to %s", got.Lo, got.Hi)
	}
}

func TestOutlookPeriod(t *testing.T) {
	early, late := fetcher.Period{Start: firstDay, End: firstDay + 29}, fetcher.Period{Start: firstDay + 9, End: firstDay + 38}
	o := spend.NewOutlook(used("100x10"))
	for _, tt := range []struct {
		open []fetcher.Period
		want fetcher.Period
	}{
		{nil, fetcher.Period{}}, {[]fetcher.Period{late}, late}, {[]fetcher.Period{early, late}, early},
	} {
		if got := o.Period(tt.open); got != tt.want {
			t.Errorf("of %v: got %v, want %v", tt.open, got, tt.want)
		}
	}
}

// On which day an allowance is used up, at this pace.
func TestOutlookReaches(t *testing.T) {
	o := spend.NewOutlook(used("100x10"))
	p := fetcher.Period{Start: firstDay, End: firstDay + 29}
	for quantity, want := range map[string]fetcher.Day{
		"900": firstDay + 8, "50": firstDay, "1000": firstDay + 9, "1001": firstDay + 10, "1100": firstDay + 10, "2950": firstDay + 29, "3001": 0,
	} {
		got, reached := o.Reaches(dec(quantity), p)
		if got != want || reached != (want != 0) {
			t.Errorf("%s: got %s, %t, want %s", quantity, got, reached, want)
		}
	}
	if got := o.Used(p); !got.Equal(dec("1000")) {
		t.Errorf("used %s, want 1000", got)
	}
	if _, reached := spend.NewOutlook(used("0x10")).Reaches(dec("1"), p); reached {
		t.Error("what is not used is used up")
	}
}

// A quantity is forecast as money is; what counts nothing uses nothing.
func TestUsesAhead(t *testing.T) {
	for name, tt := range map[string]struct {
		series spend.Series
		want   string
	}{
		"always the same": {used("100x10"), "2000"}, "it stopped": {and(used("100x30"), used("0x10")), "0"},
		"billed without a quantity": {billed(used("0x10"), "0.5x10"), "0"}, "included": {terms{"9e9", "1"}.billing("100x10"), "2000"},
	} {
		o := spend.NewOutlook(tt.series)
		got := o.UsesAhead(tt.series.Day(len(tt.series.Days)-1) + 20)
		if !got.Total.Equal(dec(tt.want)) || got.Lo.GreaterThan(got.Total) || got.Hi.LessThan(got.Total) || got.Total.IsPositive() && !got.Lo.LessThan(got.Hi) {
			t.Errorf("%s: got %s (%s to %s), want %s", name, got.Total, got.Lo, got.Hi, tt.want)
		}
	}
	ill := and(used("100x30"), used("100x9 10000"))
	if got := spend.NewOutlook(ill).UsesAhead(ill.Day(39) + 20); len(got.Incident) != 1 || !got.GoesOn.Equal(dec("200000")) {
		t.Errorf("a runaway: got %s if it goes on, of %v", got.GoesOn, got.Incident)
	}
}

// A name tells what is included before anything is billed.
func TestNameTellsWhatIsIncluded(t *testing.T) {
	s := used("1000x20")
	s.Service, s.Unit = "D1 - Rows Read", "Rows"
	for i := range s.Days {
		s.Days[i].Cost = fetcher.Number{}
	}
	for name, want := range map[string]string{
		"D1 - Rows Read (first 5 million included)": "5e6",
		"D1 - Rows Read":                       "25e9",
		"D1 - Rows Read (first 5000 included)": "0", // refuted: 20,000 were used and not billed
	} {
		s.Name = name
		if got := spend.Learn(s); !got.Included.Equal(dec(want)) {
			t.Errorf("%s: got %s included, want %s", name, got.Included, want)
		}
	}
}

func TestOutlookWithoutDays(t *testing.T) {
	p := fetcher.Period{Start: firstDay, End: firstDay + 29}
	if got := spend.NewOutlook(spend.Series{First: firstDay}).Ahead(p, p.End); !got.Total.IsZero() || !got.Hi.IsZero() {
		t.Errorf("got %+v, want nothing", got)
	}
}
