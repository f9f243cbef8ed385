package spend_test

import (
	"testing"

	"github.com/billbot/billbot/rules/spend"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestMedian(t *testing.T) {
	for amounts, want := range map[string]string{
		"":                               "0",
		"3.75":                           "3.75",
		"1 2":                            "1.5",
		"9 1 2":                          "2",
		"0.1 0.2":                        "0.15",
		"0.01 0.02":                      "0.015",
		"-1 -3 5":                        "-1",
		"0.000257 0.000258":              "0.0002575",
		"9007199254740993 0 1e30":        "9007199254740993",
		"0.123456789123456789 0 0 1 1e9": "0.123456789123456789",
	} {
		if got := spend.Median(decs(amounts)); !got.Equal(dec(want)) {
			t.Errorf("Median(%s) = %s, want %s", amounts, got, want)
		}
	}
}

func TestMedianLeavesItsArgument(t *testing.T) {
	amounts := decs("3 1 2")
	spend.Median(amounts)
	if diff := cmp.Diff(decs("3 1 2"), amounts); diff != "" {
		t.Errorf("amounts (-before +after):\n%s", diff)
	}
}

// As many amounts lie above the median as below it, by at most one half.
func TestMedianIsInTheMiddle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Custom(drawAmount), 1, 30).Draw(t, "amounts")
		median := spend.Median(amounts)
		var below, above int
		for _, a := range amounts {
			switch a.Cmp(median) {
			case -1:
				below++
			case 1:
				above++
			}
		}
		if below > len(amounts)/2 || above > len(amounts)/2 {
			t.Errorf("median %s has %d below and %d above of %d", median, below, above, len(amounts))
		}
	})
}

func drawAmount(t *rapid.T) decimal.Decimal {
	return decimal.New(rapid.Int64Range(0, 100_000).Draw(t, "units"), rapid.Int32Range(-6, 2).Draw(t, "exponent"))
}
