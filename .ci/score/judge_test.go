package main

import (
	"strings"
	"testing"
)

// said is a go test that went well, with one test that did not run to its end.
const said = `{"Action":"run","Package":"github.com/billbot/billbot/store","Test":"TestA"}
{"Action":"attr","Package":"github.com/billbot/billbot/store","Test":"TestA","Key":"score","Value":"1 kills=300 lost=0"}
{"Action":"attr","Package":"github.com/billbot/billbot/store","Test":"TestA","Key":"other","Value":"x"}
{"Action":"pass","Package":"github.com/billbot/billbot/store","Test":"TestA"}
{"Action":"attr","Package":"github.com/billbot/billbot/store","Test":"TestB","Key":"score","Value":"1 lost=1"}
{"Action":"pass","Package":"github.com/billbot/billbot/store","Test":"TestB"}
{"Action":"skip","Package":"github.com/billbot/billbot/store","Test":"TestC"}
{"Action":"output","Package":"github.com/billbot/billbot/store","Test":"TestD","Output":"it broke\n"}
{"Action":"fail","Package":"github.com/billbot/billbot/store","Test":"TestD"}
`

func TestJudge(t *testing.T) {
	found, err := read(strings.NewReader(said))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		test, bounds string
		want         verdict
	}{
		{"TestA", "kills>=300 lost<=0", scored},
		{"TestA", "kills>=301 lost<=0", missing},
		{"TestA", "kills>=300 duplicates<=0", missing},
		{"TestA", "", breached},
		{"TestA", "lost=0", breached},
		{"TestB", "lost<=0", breached},
		{"TestC", "lost<=0", missing},
		{"TestD", "lost<=0", breached},
		{"TestE", "lost<=0", missing},
	} {
		plan := []line{{number: 1, points: 12, gate: true, proofs: []proof{{"store", tt.test, same(tt.bounds)}}}}
		if got := judge(plan, found, short); got[0].verdict != tt.want {
			t.Errorf("%s, %s: got %v, want %v: %v", tt.test, tt.bounds, got[0].verdict, tt.want, got[0].remarks)
		}
	}
}

func TestReportOfAnotherLineDoesNotCount(t *testing.T) {
	found, err := read(strings.NewReader(said))
	if err != nil {
		t.Fatal(err)
	}
	plan := []line{{number: 2, points: 12, proofs: []proof{{"store", "TestA", same("lost<=0")}}}}
	if got := judge(plan, found, short); got[0].verdict != missing {
		t.Errorf("got %v, want missing", got[0].verdict)
	}
}

func TestBrokenReportsAreErrors(t *testing.T) {
	for _, value := range []string{"", "kills=1", "1 kills", "1 kills=many"} {
		if _, err := read(strings.NewReader(`{"Action":"attr","Key":"score","Value":"` + value + `"}`)); err == nil {
			t.Errorf("%q is taken", value)
		}
	}
}

func TestTotal(t *testing.T) {
	good, gate := result{line: line{points: 80}}, result{line: line{points: 20, gate: true}}
	for v, want := range map[verdict]int{scored: 100, missing: 80, breached: capped} {
		gate.verdict = v
		if got := (results{good, gate}).total(); got != want {
			t.Errorf("a gate that is %v: got %d points, want %d", v, got, want)
		}
	}
}

// The table itself: lines in order, bounds that can be read, and no line that
// scores for nothing.
func TestPlan(t *testing.T) {
	last, sum := 0, 0
	for _, l := range plan {
		if l.number <= last || l.points < 1 || l.asks == "" || len(l.proofs) == 0 && l.lacks == "" {
			t.Errorf("line %+v", l)
		}
		last, sum = l.number, sum+l.points
		for _, p := range l.proofs {
			for _, text := range p.bounds {
				if bounds, err := parseBounds(text); err != nil || len(bounds) == 0 {
					t.Errorf("line %d, %s: bounds %q: %v", l.number, p.test, text, err)
				}
			}
		}
	}
	if sum != 91 {
		t.Errorf("the plan has %d points, want 91", sum)
	}
}
