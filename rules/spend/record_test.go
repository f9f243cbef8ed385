package spend_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// guardian is a real feed of Workers AI: neurons inside the daily allowance,
// 519,109 on 1 September, then a tail of cents. 1 September is day 20.
func guardian() spend.Series {
	return billed(
		used("8000 11000 9000 10000 8500x5 9500x5 10500x6 519109 9000x2 82000 9500x2 135000 11000 10500x10"),
		"0x20 3.75 0x2 0.79 0x2 1.38 0.011 0.022x10")
}

func TestRealFeedFiresOnItsDay(t *testing.T) {
	for floor, want := range map[string][]int{"1": {20, 26}, "3": {20}, "6": nil} {
		checkFlagged(t, spend.Record{Above: dec("2"), Floor: dec(floor)}, guardian(), want...)
	}
	got := usual.Judge(guardian())[20]
	if !got.Cost.Equal(dec("3.75")) || !got.Usual.IsZero() || got.Valued || !got.Ordinary.Equal(dec("9500")) || got.History != 20 {
		t.Errorf("1 September: got %+v, want $3.75, usually $0.00 for 9500 neurons", got)
	}
	episode, _ := spend.LastEpisode(usual.Judge(guardian()))
	if episode.Days != 2 || episode.Start != firstDay+20 || !episode.Extra.Equal(dec("5.13")) || episode.Open {
		t.Errorf("got episode %+v, want two days from the 1st, $5.13, over", episode)
	}
}

func TestRecord(t *testing.T) {
	for _, tt := range []struct {
		name   string
		series spend.Series
		want   []int
	}{
		{"nothing at all", used("0x30"), nil},
		{"always the same", used("500x40"), nil},
		{"a loop from nothing", used("0x20 4400123 5100000 4900000 0x3"), []int{20, 21, 22}},
		{"twice usual and no more", used("2000x20 4000"), nil},
		{"over twice usual", used("2000x20 4001"), []int{20}},
		{"a rise of a dollar", used("500x20 1500"), []int{20}},
		{"a rise of less", used("500x20 1499"), nil},
		{"cents", used("1x20 900"), nil},
		{"no record: 1.5 times the rise before", used("500x10 500 1000 500x8 1250"), nil},
		{"a record", used("500x10 500 1000 500x8 1501"), []int{20}},
		{"growth of 3% a day", growth(60), nil},
		{"dollars a day from the first day on", used("5000x30"), nil},
		{"down", used("5000x20 100 0"), nil},
		{"missing days are days of nothing", used("0 0 2000 0x17 9000"), []int{20}},
		{"the second month of a monthly job", used("100x15 8000 100x29 8000 100x5"), []int{15}},
		{"a third time within five weeks is how it is", used("100x12 5000 100x9 5000 100x9 5000 100x2 5000 100x3"), []int{12, 22, 32}},
	} {
		t.Run(tt.name, func(t *testing.T) { checkFlagged(t, usual, tt.series, tt.want...) })
	}
}

// growth rises by 3% a day from $1.
func growth(days int) spend.Series {
	s := used("1000x" + decimal.NewFromInt(int64(days)).String())
	for i := 1; i < days; i++ {
		s.Days[i].Quantity = number(s.Days[i-1].Quantity.Decimal().Mul(dec("1.03")).Round(0))
		s.Days[i].Cost = number(s.Days[i].Quantity.Decimal().Shift(-3))
	}
	return s
}

// After the first weeks, in which it has still to be learnt, a weekly pattern
// is usual.
func TestWeeklyPattern(t *testing.T) {
	s := used("9000 500x6 9000 500x6 9000 500x6 9000 500x6 9000 500x6 9000 500x6 9000 500x6 9000 500x6")
	for _, i := range flagged(usual, s) {
		if i >= 28 {
			t.Errorf("day %d is flagged: a Monday like the others", i)
		}
	}
	s = used("500x5 6000x2 500x5 6000x2 500x5 6000x2 500x5 6000x2 500x5 6000x2 500x2 20000")
	if got := flagged(usual, s); got[len(got)-1] != 37 {
		t.Errorf("flagged days: got %v, want the Wednesday 37 last", got)
	}
}

func TestAllowance(t *testing.T) {
	// 10,000 a month are included: used up on day 20, and nothing has changed.
	exhausted := billed(used("500x40"), "0x20 0.5x20")
	checkFlagged(t, usual, exhausted)

	// Nobody knows a price before the first cost.
	unknown := billed(used("100x20 90000 100"), "0x22")
	checkFlagged(t, usual, unknown)

	// The first period was billed at the end: what the allowance of the second
	// hides has a worth.
	hidden := billed(used("500x20 500x5 90000"), "0x10 0.5x10 0x6")
	checkFlagged(t, usual, hidden, 25)
	got := usual.Judge(hidden)[25]
	if !got.Valued || !got.Cost.Equal(dec("90")) || !got.Usual.Equal(dec("0.5")) {
		t.Errorf("got %+v, want a worth of $90.00, usually $0.50", got)
	}
}

// With little history the bar is higher: ten times the floor under three days,
// three times under ten.
func TestLittleHistory(t *testing.T) {
	for series, want := range map[string][]int{
		"9999":        nil,
		"10000":       nil, // nothing before it: not a jump
		"0 9999":      nil,
		"0x2 10000":   {2},
		"0x3 2999":    nil,
		"0x3 3000":    {3},
		"0x9 2999":    nil,
		"0x9 3000":    {9},
		"0x10 999":    nil,
		"0x10 1000":   {10},
		"500x9 3500":  {9},
		"500x10 1500": {10},
	} {
		t.Run(series, func(t *testing.T) { checkFlagged(t, usual, used(series), want...) })
	}
}

// Flagged days are no history, so a spike does not become usual in a week, and
// one that comes back is one. Ten in a row are how things are now.
func TestFlaggedDaysAreHidden(t *testing.T) {
	checkFlagged(t, usual, used("100x20 9000x3 100x6 9000"), 20, 21, 22, 29)
	checkFlagged(t, usual, used("100x20 9000x9"), 20, 21, 22, 23, 24, 25, 26, 27, 28)
	checkFlagged(t, usual, used("100x20 9000x14"), 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)
	last := usual.Judge(used("100x20 9000x5"))[24]
	if !last.Usual.Equal(dec("0.1")) || !last.Ordinary.Equal(dec("100")) {
		t.Errorf("the fifth day: usual %s for %s, want 0.1 for 100", last.Usual, last.Ordinary)
	}
}

// A share is part of what the account usually costs a day.
func TestShareOfTheAccount(t *testing.T) {
	s := used("500x20 3500")
	for share, want := range map[string][]int{"0": {20}, "3": {20}, "3.01": nil} {
		checkFlagged(t, spend.Record{Above: dec("2"), Floor: dec("1"), Share: dec(share), AccountUsual: always("100")}, s, want...)
	}
}

// always is an account that costs the same every day.
func always(usual string) func(fetcher.Day) decimal.Decimal {
	return func(fetcher.Day) decimal.Decimal { return dec(usual) }
}

// The unit of money means nothing: cents judge as dollars do.
func TestRecordOfScaledMoney(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		r := spend.Record{Above: dec("2"), Floor: dec("1"), Share: dec("5"), AccountUsual: always("12.5")}
		want := flagged(r, s)
		shift := rapid.Int32Range(-6, 6).Draw(t, "power of ten")
		r.Floor, r.AccountUsual = r.Floor.Shift(shift), always(dec("12.5").Shift(shift).String())
		for i := range s.Days {
			s.Days[i].Cost = number(s.Days[i].Cost.Decimal().Shift(shift))
		}
		if diff := cmp.Diff(want, flagged(r, s)); diff != "" {
			t.Errorf("flagged days (-dollars +scaled):\n%s", diff)
		}
	})
}

// A day is judged by the days before it alone.
func TestRecordKnowsNoFuture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		all := usual.Judge(s)
		n := rapid.IntRange(0, len(s.Days)).Draw(t, "days")
		s.Days = s.Days[:n]
		if diff := cmp.Diff(all[:n], usual.Judge(s)); diff != "" {
			t.Errorf("the first %d days (-with the rest +alone):\n%s", n, diff)
		}
	})
}

// drawSeries draws quiet days with bursts among them, and an allowance.
func drawSeries(t *rapid.T) spend.Series {
	s := used("0")
	s.Days = nil
	included := decimal.NewFromInt(rapid.Int64Range(0, 30_000).Draw(t, "included"))
	for range rapid.IntRange(1, 70).Draw(t, "days") {
		quantity := decimal.NewFromInt(rapid.SampledFrom([]int64{0, 400, 500, 600, 1200, 5000, 80_000}).Draw(t, "quantity"))
		over := decimal.Max(decimal.Zero, quantity.Sub(included))
		included = decimal.Max(decimal.Zero, included.Sub(quantity))
		s.Days = append(s.Days, spend.Use{Quantity: number(quantity), Cost: number(over.Shift(-3)), BillingPeriodStart: firstDay})
	}
	return s
}

// The order in which rows come says nothing.
func TestOrderOfRowsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := drawSeries(t)
		var rows []fetcher.Charge
		for i, use := range drawn.Days {
			half := use.Quantity.Decimal().Div(decimal.NewFromInt(2))
			row := fetcher.Charge{
				ServiceName: "D1", BillingCurrency: "USD", BillingPeriodStart: firstDay, ChargePeriodStart: drawn.Day(i),
				ContractedCost: use.Cost, ConsumedQuantity: number(use.Quantity.Decimal().Sub(half)),
			}
			rest := row
			rest.ContractedCost, rest.ConsumedQuantity = fetcher.Number{}, fetcher.NumberOf(half)
			rows = append(rows, row, rest)
		}
		want := flagged(usual, drawn)
		shuffled := spend.AllSeries(billOf(rapid.Permutation(rows).Draw(t, "rows")), 0, all)[0]
		if diff := cmp.Diff(want, flagged(usual, shuffled)); diff != "" {
			t.Errorf("flagged days (-in order, whole +shuffled, in halves):\n%s", diff)
		}
	})
}
