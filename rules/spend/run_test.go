package spend_test

import (
	"strings"
	"testing"

	"github.com/billbot/billbot/rules/spend"
)

// What creeps up never beats by much what its own days before set; four days
// together do, held against the four days before the creeping began.
func TestRuns(t *testing.T) {
	steady := "10000 10500 9800 10200 9900 10000 10300 10000 10500 9800 10200 9900 10000 10300 10000 10500 9800 10200 9900 10000 10300 "
	for _, tt := range []struct {
		name, days string
		first      int // the first flagged day, -1 for none
	}{
		{"10% a day", steady + "11000 12100 13300 14600 16100 17700 19500", 26},
		{"20% a day", steady + "12000 14400 17300 20700", 24},
		{"1.8 times, and stays", steady + "18000 18300 17800 18100 18000", 23},
		{"1.3 times, and stays", steady + "13000 13300 12800 13100 13000 13100x5", -1},
		{"3% a day", steady + "10300 10600 10900 11300 11600 11900 12300 12700 13000 13400", -1},
		{"two days", steady + "19800x2 9900x3", -1},
		{"no more than the service swings", strings.Repeat("7000 10000 13000 ", 10) + "17000x4", -1},
		{"one day", steady + "16000 10000 10000 10000", -1},
		{"a rise worth less than a dollar", "500x21 550 605 665 732 805 886 974 1072", -1},
		{"under a week of history", "10000x3 14500 15000 15500 16000", -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			days := flagged(usual, used(tt.days))
			switch {
			case tt.first < 0 && len(days) > 0:
				t.Errorf("flagged days: got %v, want none", days)
			case tt.first >= 0 && (len(days) == 0 || days[0] != tt.first):
				t.Errorf("flagged days: got %v, want %d first", days, tt.first)
			}
		})
	}
}

// A run's day says that it is one, what is usual, and by which day it is held.
func TestRunSaysWhatItIs(t *testing.T) {
	days := usual.Judge(used("10000x21 12000 14400 17300 20700 49800"))
	run, far := days[24], days[25]
	if !run.Run || !run.Usual.Equal(dec("10")) || !run.Ordinary.Equal(dec("10000")) || !run.Biggest.Equal(dec("17300")) {
		t.Errorf("the fourth day: got %+v, want a run, usually $10.00", run)
	}
	if !far.Flagged || far.Run {
		t.Errorf("a day of five times usual: got %+v, want no mere run", far)
	}
}

// Above rules runs too, by its square root.
func TestAboveOfRuns(t *testing.T) {
	s := used("10000x21 15000x4")
	checkFlagged(t, usual, s, 24)
	checkFlagged(t, spend.Record{Above: dec("3"), Floor: dec("1")}, s)
}

// What a day was held against is there for asking, flagged or not.
func TestNewestDay(t *testing.T) {
	for days, flagged := range map[string]bool{"1000x20 1500 1000x5 1900": false, "1000x20 1500 1000x5 9000": true} {
		d := usual.Newest(used(days))
		if d.Flagged != flagged || !d.Ordinary.Equal(dec("1000")) || !d.Biggest.Equal(dec("1500")) || !d.Usual.Equal(dec("1")) {
			t.Errorf("%s: got %+v, want usually 1000 and at most 1500, flagged %t", days, d, flagged)
		}
	}
	if d := usual.Newest(used("9000")); d.Flagged || !d.Quantity.Equal(dec("9000")) {
		t.Errorf("one day: got %+v", d)
	}
	if d := usual.Newest(spend.Series{}); d.Day != 0 {
		t.Errorf("no day: got %+v", d)
	}
}
