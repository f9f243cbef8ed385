package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier/slack"
)

// TestHome opens App Home before the first poll and after the runaway.
func TestHome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, loopRules, twoMonths())
		eng := w.open(t)
		defer eng.store.Close()
		shown := func() string {
			h, err := eng.home(t.Context(), time.Now())
			if err != nil {
				t.Fatal(err)
			}
			return slack.PlainText(slack.Message{Blocks: slack.RenderHome(h, nil)})
		}
		if got := shown(); !strings.Contains(got, "Nothing has been read yet") {
			t.Errorf("before the first poll: got\n%s", got)
		}
		w.live(t, eng, 35)
		for _, part := range []string{"2 alerts open", "🔴 Spike: D1 - Rows Read", "▓▓▓▓▓▓▓▓▓▓ Budget whole-account: ", "Data through Thu 3 Feb", "Summary every day at 09:00 UTC."} {
			if got := shown(); !strings.Contains(got, part) {
				t.Errorf("got\n%s\nwant %q in it", got, part)
			}
		}
		if home, err := w.env.newHome(eng, nil); err != nil || home == nil {
			t.Errorf("got %v, %v, want App Home for a bot", home, err)
		}
		eng.channel = nil
		if home, err := w.env.newHome(eng, nil); err != nil || home != nil {
			t.Errorf("got %v, %v, want no App Home without a bot", home, err)
		}
	})
}
