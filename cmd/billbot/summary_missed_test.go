package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A summary whose time passed while billbot was off comes when it is back, until
// the next is due: each local date has one, and after days without billbot there
// is one that tells how things are. Where there never was one, none is missed.
func TestMissedSummary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, loopRules, twoMonths())
		eng := w.open(t)
		w.live(t, eng, 2)
		eng.store.Close()
		time.Sleep(31 * time.Hour) // from midnight to the morning after, over 09:00
		eng = w.open(t)
		w.live(t, eng, 1)
		eng.store.Close()
		time.Sleep(3 * 24 * time.Hour) // from 07:00 on
		eng = w.open(t)
		defer func() { eng.store.Close() }()
		w.live(t, eng, 1)
		var got []string
		for _, m := range w.slack.posted("billbot_summary") {
			got = append(got, strings.TrimSuffix(strings.TrimPrefix(m.Key, "summary-"), "-#cloud-spend"))
		}
		want := []string{"2000-01-01", "2000-01-02", "2000-01-03", "2000-01-04", "2000-01-07", "2000-01-08"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("summaries (-want +got):\n%s", diff)
		}
	})
}
