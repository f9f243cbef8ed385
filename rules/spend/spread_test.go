package spend_test

import (
	"testing"

	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// What is a spike on a steady service is a day like others on one that doubles
// and halves all the time, though both beat their usual and their biggest day.
func TestNoisyServicesNeedABiggerJump(t *testing.T) {
	checkFlagged(t, usual, used("1000 1050 950 1020 980 1000 1050 950 1020 980 1000 1050 950 1020 980 1000 1050 950 1020 980 9000"), 20)
	noisy := "1000 5000 300 2400 500 4500 800 350 5200 1500 400 3000 600 5000 300 2400 500 4500 800 350 "
	checkLast(t, used(noisy+"9000"), false)
	checkLast(t, used(noisy+"90000"), true)
}

// checkLast is about the newest day alone.
func checkLast(t *testing.T, s spend.Series, want bool) {
	t.Helper()
	judged := usual.Judge(s)
	if last := judged[len(judged)-1]; last.Flagged != want {
		t.Errorf("a day of %s: flagged %t, want %t", last.Quantity, last.Flagged, want)
	}
}

// A service that is seldom used is no spike whenever it is, and is one when it
// is used as never before.
func TestSparseUse(t *testing.T) {
	sparse := "2000 0x4 700 0x3 3500 0x5 1200 0x4 2500 0x3 900 0x5 3000 0x4 600 0x3 "
	checkLast(t, used(sparse+"6000"), false)
	checkLast(t, used(sparse+"60000"), true)
}

// The weekend's own level widens no spread: a steady service with quiet
// weekends is a steady service.
func TestSpreadOfAWeek(t *testing.T) {
	checkFlagged(t, usual, used("1000x5 500x2 1000x5 500x2 1000x5 500x2 1000x5 500x2 1000x2 2600"), 30)
}

// A service that appears and runs away is found on that day, one that appears
// and costs cents never.
func TestServiceThatAppears(t *testing.T) {
	checkFlagged(t, usual, used("0x20 40000"), 20)
	checkFlagged(t, usual, used("0x20 400 500 450 480 520 510 490x10"))
	// Its first day is billed in part: what is known of the price is enough.
	checkFlagged(t, usual, billed(used("0x20 40000"), "0x20 12"), 20)
	checkFlagged(t, usual, billed(used("0x20 40000"), "0x21"))
}

func BenchmarkJudge(b *testing.B) {
	quiet, loop := used("100 120 90 110 105 60 55x113"), used("100x60 90000x20 100x20 800 100x19")
	b.ReportAllocs()
	for b.Loop() {
		for i := range 30 {
			s := quiet
			if i == 0 {
				s = loop
			}
			if len(usual.Judge(s)) < 119 {
				b.Fatal("days are missing")
			}
		}
	}
}

// A quiet series costs four allocations, however long it is: the days, the
// numbers they are judged by, the rules and their episodes.
func TestJudgeAllocatesLittle(t *testing.T) {
	for _, days := range []int64{60, 120, 480} {
		s := used("100x" + decimal.NewFromInt(days).String())
		var judged []spend.Judged
		if got := testing.AllocsPerRun(10, func() { judged = usual.Judge(s) }); got > 4 || len(judged) != int(days) {
			t.Errorf("%d days: got %v allocations, want 4", days, got)
		}
	}
}
