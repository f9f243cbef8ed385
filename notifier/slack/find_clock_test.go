package slack

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// shownAgo is a message in #cloud-spend that is as old as it says by Slack's clock.
func (s *server) shownAgo(item notifier.Item, ago time.Duration) slackfake.Message {
	m := slackfake.Message{Channel: slackfake.ChannelID("cloud-spend"), User: slackfake.User, Metadata: Render(item).Metadata}
	m.TS = fmt.Sprintf("%d.%06d", time.Now().Add(-ago).Unix(), rand.IntN(1_000_000))
	return s.Put(m)
}

// A message is older than its attempt where this machine's clock was ahead. It is
// found all the same, or it would be posted again.
func TestFindThroughAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{0, 2 * time.Hour, 26 * time.Hour} {
		s := newServer(t)
		item := unsure(t, "spike_warning")
		shown := s.shownAgo(item, time.Minute+ahead)
		got := s.client(t).Find(t.Context(), item, *s.old())
		if got.Class != notifier.Sent || got.Receipt.TS != shown.TS {
			t.Errorf("%s ahead: got %+v, want the message at %s", ahead, got, shown.TS)
		}
	}
}

// A channel with more messages than a look goes through is looked through for as
// long as clocks differ where nothing is wrong with them.
func TestFindInABusyChannel(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	other := unsure(t, "welcome")
	for range maxPages * pageSize {
		s.shownAgo(other, 2*time.Hour)
	}
	for range pageSize {
		s.shownAgo(other, 10*time.Minute)
	}
	got := s.client(t).Find(t.Context(), unsure(t, "spike_warning"), *s.old())
	if got.Class != notifier.Missing {
		t.Errorf("got %+v, want a message that is missing", got)
	}
}
