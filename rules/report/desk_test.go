package report_test

import (
	"testing"

	"github.com/billbot/billbot/rules/report"
)

// What is kept is told for its generation and day alone, and as a copy.
func TestDesk(t *testing.T) {
	var d report.Desk
	today := day(9, 11)
	if _, ok := d.Spends("p1", 0, today); ok {
		t.Error("an empty desk has reports")
	}
	d.Keep("p1", 3, today, []report.Spend{{Account: "production"}})
	got, ok := d.Spends("p1", 3, today)
	if !ok || len(got) != 1 || got[0].Account != "production" {
		t.Fatalf("got %+v, %v", got, ok)
	}
	got[0].Account = "changed"
	if again, _ := d.Spends("p1", 3, today); again[0].Account != "production" {
		t.Error("what was returned is what is kept")
	}
	for _, other := range []bool{
		func() bool { _, ok := d.Spends("p1", 4, today); return ok }(),
		func() bool { _, ok := d.Spends("p1", 3, today+1); return ok }(),
		func() bool { _, ok := d.Spends("p2", 3, today); return ok }(),
	} {
		if other {
			t.Error("another generation, day or account has reports")
		}
	}
}
