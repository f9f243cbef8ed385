package ruletest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/billbot/billbot/rules/ruletest"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func mustParse(t testing.TB, text string) ruletest.Series {
	t.Helper()
	s, err := ruletest.ParseSeries(text)
	if err != nil {
		t.Fatalf("ParseSeries(%q): %v", text, err)
	}
	return s
}

// days is a series day by day, "_" for one without a row.
func days(s ruletest.Series) string {
	var words []string
	for i := range s.Days() {
		word := "_"
		if n, ok := s.At(i); ok {
			word = n.String()
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func TestParseSeries(t *testing.T) {
	for _, tt := range []struct{ written, want, printed string }{
		{"3.75", "3.75", "3.75"},
		{"0x3 3.75 0.79", "0 0 0 3.75 0.79", "0x3 3.75 0.79"},
		{"1+0.5x4", "1 1.5 2 2.5", "1+0.5x4"},
		{"9-1x3", "9 8 7", "9-1x3"},
		{"-2+1x4", "-2 -1 0 1", "-2+1x4"},
		{"-1-1x2", "-1 -2", "-1-1x2"},
		{"_ 1 _x2", "_ 1 _ _", "_ 1 _x2"},
		{"2.5M 25Bx2 1k+1kx2", "2500000 25000000000 25000000000 1000 2000", "2500000 25000000000x2 1000+1000x2"},
		{" 1\n\t2  3 ", "1 2 3", "1 2 3"},
		{"5+0x2", "5 5", "5x2"},
		{"1+1x1", "1", "1+1x1"},
		{"0.000000000000001", "0.000000000000001", "0.000000000000001"},
	} {
		s := mustParse(t, tt.written)
		if got := days(s); got != tt.want {
			t.Errorf("%q: got days %q, want %q", tt.written, got, tt.want)
		}
		if got := s.String(); got != tt.printed {
			t.Errorf("%q: printed %q, want %q", tt.written, got, tt.printed)
		}
	}
}

func TestParseSeriesMistakes(t *testing.T) {
	for _, tt := range []struct {
		written string
		offset  int
		want    string
	}{
		{"", 0, "an empty series"},
		{"1 2 three", 4, `"three" is no item of a series`},
		{"ä 1", 0, `"ä" is no item`},
		{"1 $2", 2, "without currency, percent or separators"},
		{"1x1000000000", 0, `"1x1000000000": a series has at most 1000 days`},
		{"1x99999999999999999999999", 0, "at most 1000 days"},
		{"0x600 1 0x600", 8, `with "0x600" it has more`},
		{"1x0", 0, "x is followed by a number of days"},
		{"1x", 0, "x is followed by a number of days"},
		{"1x-3", 0, "x is followed by a number of days"},
		{"1 1+2", 2, `"1+2": how many days? write 1+2x10`},
		{"1+-2x3", 0, "no item"},
		{"+1", 0, "no item"},
		{"x5", 0, "no item"},
		{"1e9", 0, "no item"},
		{"01", 0, "no item"},
		{"1_000", 0, "no item"},
		{"999999999999999999T", 0, "no item"},
		{strings.Repeat("9", 1<<20), 0, "999…\" is no item"},
	} {
		_, err := ruletest.ParseSeries(tt.written)
		wrong, ok := errors.AsType[ruletest.SyntaxError](err)
		if !ok || wrong.Offset != tt.offset || !strings.Contains(wrong.Message, tt.want) || len(wrong.Message) > 200 {
			t.Errorf("%.40q: got %+v, want %q at %d", tt.written, err, tt.want, tt.offset)
		}
	}
}

// drawSeries draws any series that can be written.
func drawSeries() *rapid.Generator[ruletest.Series] {
	number := rapid.Custom(func(t *rapid.T) decimal.Decimal {
		return decimal.New(rapid.Int64Range(-1e15, 1e15).Draw(t, "coefficient"), rapid.Int32Range(-15, 2).Draw(t, "exponent"))
	})
	run := rapid.Custom(func(t *rapid.T) ruletest.Run {
		r := ruletest.Run{Days: rapid.IntRange(1, 40).Draw(t, "days"), Missing: rapid.IntRange(0, 3).Draw(t, "kind") == 0}
		if !r.Missing {
			r.From = number.Draw(t, "from")
		}
		if !r.Missing && rapid.Bool().Draw(t, "rises") {
			r.Step = number.Draw(t, "step")
		}
		return r
	})
	return rapid.Custom(func(t *rapid.T) ruletest.Series { return rapid.SliceOfN(run, 1, 20).Draw(t, "runs") })
}

// A series reads as it is printed.
func TestSeriesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawSeries().Draw(t, "series")
		got, err := ruletest.ParseSeries(want.String())
		if err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", want, diff)
		}
	})
}

// FuzzParseSeries checks that no text makes the parser panic or a bomb, and that
// what it accepts prints and reads the same.
func FuzzParseSeries(f *testing.F) {
	for _, seed := range []string{"0x20 3.75 0.79", "1+0.5x10", "_ _x3 -2", "2.5M 25Bx2", "1x1000000000", "9-1x3", "1 $2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ruletest.ParseSeries(text)
		if err != nil {
			if wrong, ok := errors.AsType[ruletest.SyntaxError](err); !ok || wrong.Offset < 0 || wrong.Offset > len(text) || wrong.Message == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		if n := s.Days(); n < 1 || n > ruletest.MaxDays {
			t.Fatalf("%q has %d days", text, n)
		}
		again, err := ruletest.ParseSeries(s.String())
		if err != nil || !cmp.Equal(s, again) {
			t.Fatalf("%q printed %q, which reads %v, %v", text, s, again, err)
		}
	})
}
