package spend_test

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// The newest day names the test that held it back, and is not judged again for
// it.
func TestNewestNamesTheTestThatFailed(t *testing.T) {
	dear := func(fetcher.Day) decimal.Decimal { return dec("1000") }
	for _, tt := range []struct {
		name        string
		record      spend.Record
		series      spend.Series
		want, noRun spend.Test
	}{
		{"flagged", usual, used("2000x20 9000"), spend.NoTest, spend.NoTest},
		{"as usual", usual, used("2000x20 2000"), spend.TestAbove, spend.TestRunOver},
		{"twice usual and no more", usual, used("2000x20 4000"), spend.TestAbove, spend.TestRunOver},
		{"under the biggest day", usual, used("500x10 1000 500x8 1250"), spend.TestBiggest, spend.TestRunOver},
		{"within the spread", usual, used("1000 3000 500 2500 700 3500 900 2800 600 3200 800 2600 1000 3000 500 2500 7000"), spend.TestSpread, spend.TestRunSpread},
		{"on little history", usual, used("2000x5 3900"), spend.TestAbove, spend.TestRunHistory},
		{"cents", usual, used("1x20 900"), spend.TestAmount, spend.NoTest},
		{"little for the account", spend.Record{Above: dec("2"), Floor: dec("1"), Share: dec("2"), AccountUsual: dear}, used("2000x20 9000"), spend.TestShare, spend.NoTest},
		{"never billed", usual, billed(used("10x20 5000"), "0x21"), spend.TestPrice, spend.NoTest},
		{"a run", usual, used("2000x20 3200 3300 3400 3500"), spend.NoTest, spend.NoTest},
		{"a run of cents", usual, used("200x20 320 330 340 350"), spend.TestAmount, spend.NoTest},
		{"two days", usual, used("2000x20 3200 3300"), spend.TestAbove, spend.TestRunOver},
		{"little over usual", usual, used("2000x20 2300 2300 2300 2900"), spend.TestAbove, spend.TestRunTogether},
	} {
		d := tt.record.Newest(tt.series)
		if d.Failed != tt.want || d.NoRun != tt.noRun || d.Flagged != (tt.want == spend.NoTest) {
			t.Errorf("%s: got test %d, of a run %d, flagged %v; want %d and %d", tt.name, d.Failed, d.NoRun, d.Flagged, tt.want, tt.noRun)
		}
	}
}
