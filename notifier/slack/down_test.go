package slack

import (
	"testing"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// What nobody answers is told apart from what Slack answers about a message: it
// stops all messages, and not one.
func TestDownIsNobodysFault(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer slackfake.Fault
		down   bool
	}{
		"500":          {status(500, ""), true},
		"proxy":        {status(403, ""), true},
		"lost":         {slackfake.Dropped(), true},
		"hangs":        {slackfake.Hanging(), true},
		"a page":       {body("<html>"), true},
		"unavailable":  {refuse("service_unavailable"), true},
		"accepted":     {slackfake.Fault{}, false},
		"busy":         {status(429, "7"), false},
		"refused":      {refuse("invalid_metadata_format"), false},
		"unknown code": {refuse("brand_new"), false},
		"revoked":      {refuse("token_revoked"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, tt.answer)
			if got := s.client(t).Send(t.Context(), contents(t)["welcome"], nil); got.Down != tt.down {
				t.Errorf("sending: got %+v, want down: %t", got, tt.down)
			}
			if name == "accepted" || name == "unavailable" { // as looks may always be made again
				return
			}
			s = newServer(t, tt.answer)
			if got := s.client(t).Find(t.Context(), unsure(t, "welcome"), notifier.Receipt{Channel: "C0CLOUD"}); got.Down != tt.down {
				t.Errorf("looking: got %+v, want down: %t", got, tt.down)
			}
		})
	}
}
