package slackfake_test

import (
	"testing"

	"github.com/slack-go/slack"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// A webhook posts into its channel without a token, and says in a word why not.
func TestWebhooks(t *testing.T) {
	s, _ := newAPI(t, "old")
	s.Archive("old", true)
	s.Revoke(true)
	good, old := s.AddWebhook("cloud-spend", "canary"), s.AddWebhook("old", "canary-of-old")
	for _, tt := range []struct{ address, body, want string }{
		{good, `{"text":"hello"}`, "ok"},
		{good, `{}`, "no_text"},
		{good, `hello`, "invalid_payload"},
		{good, `{"text":"x","blocks":"no"}`, "invalid_blocks_format"},
		{old, `{"text":"hello"}`, "channel_is_archived"},
		{s.URL + "/services/T/B/made-up", `{"text":"hello"}`, "no_service"},
	} {
		if got := respond(t, s, tt.address, tt.body); got != tt.want {
			t.Errorf("%s to %s: got %s, want %s", tt.body, tt.address, got, tt.want)
		}
	}
	if m := s.Messages(""); len(m) != 1 || !m[0].Webhook || m[0].Channel != cloud || m[0].Text != "hello" {
		t.Errorf("messages: %+v, want one", m)
	}
}

func TestBotsInfo(t *testing.T) {
	_, api := newAPI(t)
	bot, err := api.GetBotInfoContext(t.Context(), slack.GetBotInfoParameters{Bot: slackfake.Bot})
	if err != nil || bot.AppID != slackfake.App {
		t.Errorf("got %+v, %v, want the bot of the app", bot, err)
	}
	if _, err := api.GetBotInfoContext(t.Context(), slack.GetBotInfoParameters{Bot: "B0OTHER"}); code(err) != "bot_not_found" {
		t.Errorf("another bot: %v", err)
	}
}
