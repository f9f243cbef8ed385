package slackfake_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// Faults come in the order of the script, before or after the call had its
// effect, over sockets and in memory alike.
func TestFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		fault    slackfake.Fault
		says     string
		accepted bool
	}{
		"good":        {slackfake.Fault{}, "ok", true},
		"code":        {slackfake.Refused("token_revoked"), "token_revoked", false},
		"scope":       {slackfake.MissingScope("chat:write"), "missing_scope", false},
		"limited":     {slackfake.RateLimited(7 * time.Second), "rate limit", false},
		"broken":      {slackfake.ServerError(http.StatusBadGateway), "502", false},
		"lost":        {slackfake.ServerError(http.StatusInternalServerError).After(), "500", true},
		"cut":         {slackfake.Dropped(), "EOF", false},
		"cut after":   {slackfake.Dropped().After(), "EOF", true},
		"hangs":       {slackfake.Hanging(), "deadline", false},
		"hangs after": {slackfake.Hanging().After(), "deadline", true},
		"no JSON":     {slackfake.Fault{Body: "<html>"}, "invalid character", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := slackfake.New("cloud-spend")
			t.Cleanup(s.Listen())
			for way, client := range map[string]*http.Client{"loopback": {}, "memory": {Transport: s.Transport()}} {
				before := len(s.Log(""))
				s.Script(tt.fault)
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				defer cancel()
				api := slack.New(slackfake.BotToken, slack.OptionAPIURL(s.URL+"/api/"), slack.OptionHTTPClient(client))
				_, _, err := api.PostMessageContext(ctx, "#cloud-spend", text("hello"))
				if got := code(err); !strings.Contains(got, tt.says) {
					t.Errorf("%s: got %s, want %q in it", way, got, tt.says)
				}
				if got := len(s.Log("")) > before; got != tt.accepted {
					t.Errorf("%s: accepted %t, want %t", way, got, tt.accepted)
				}
				if limited, is := errors.AsType[*slack.RateLimitedError](err); is && limited.RetryAfter != 7*time.Second {
					t.Errorf("%s: to wait %v", way, limited.RetryAfter)
				}
				if _, _, err := api.PostMessageContext(t.Context(), "#cloud-spend", text("again")); err != nil {
					t.Errorf("%s: after the script: %v", way, err)
				}
			}
		})
	}
}

// What was accepted late cannot be read back before.
func TestLateMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slackfake.New("cloud-spend")
		s.ScriptFunc(func(n int, method string) *slackfake.Fault {
			if method != "chat.postMessage" {
				return nil
			}
			return &slackfake.Fault{Drop: true, Accepted: true, Late: time.Minute}
		})
		api := slack.New(slackfake.BotToken, slack.OptionHTTPClient(&http.Client{Transport: s.Transport()}))
		api.PostMessageContext(t.Context(), "#cloud-spend", text("hello"))
		for _, want := range []int{0, 1} {
			h, err := api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: cloud})
			if err != nil || len(h.Messages) != want {
				t.Errorf("got %+v, %v, want %d messages", h, err, want)
			}
			time.Sleep(time.Minute)
		}
	})
}
