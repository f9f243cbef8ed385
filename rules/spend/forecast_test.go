package spend_test

import (
	"testing"

	"github.com/billbot/billbot/rules/spend"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestStraight(t *testing.T) {
	for _, tt := range []struct {
		name, days   string
		total        int
		want, lo, hi string
	}{
		{"no days", "", 30, "0", "0", "0"},
		{"nothing spent", "0x5", 30, "0", "0", "0"},
		{"always the same", "0.1x10", 30, "3", "3", "3"},
		{"the first day", "2.50", 30, "75", "75", "75"},
		{"a dear day and a cheap one", "1 3", 10, "20", "12", "28"},
		{"tenths leave out the extremes", "100 2x9 0", 22, "236", "140", "140"},
		{"the last day", "1 2 3", 3, "6", "6", "6"},
		{"more days than the period has", "1 2 3", 2, "6", "6", "6"},
		{"a refund", "5 -2", 4, "6", "-1", "13"},
		{"thirds", "1 0 0", 6, "2", "1", "4"},
		{"thirds that do not end", "0.1 0 0", 4, "0.133333333333", "0.1", "0.2"},
	} {
		got := spend.Straight(decs(tt.days), tt.total)
		want := spend.Forecast{Total: dec(tt.want), Lo: decimal.Min(dec(tt.lo), dec(tt.want)), Hi: decimal.Max(dec(tt.hi), dec(tt.want))}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestStraightBandHoldsItsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.Custom(drawAmount), 1, 31).Draw(t, "days")
		total := rapid.IntRange(1, 31).Draw(t, "total")
		got := spend.Straight(days, total)
		if got.Lo.GreaterThan(got.Total) || got.Hi.LessThan(got.Total) {
			t.Errorf("total %s is not within %s to %s", got.Total, got.Lo, got.Hi)
		}
		if spent := decimal.Sum(decimal.Zero, days...); got.Lo.LessThan(spent) {
			t.Errorf("at least %s, less than the %s spent", got.Lo, spent)
		}
	})
}
