package slackfake_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/slack-go/slack"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

const cloud = "C0CLOUDSPEND"

// newAPI is slack-go's client of a Slack on loopback.
func newAPI(t *testing.T, channels ...string) (*slackfake.Server, *slack.Client) {
	t.Helper()
	s := slackfake.New(append([]string{"cloud-spend"}, channels...)...)
	t.Cleanup(s.Listen())
	return s, slack.New(slackfake.BotToken, slack.OptionAPIURL(s.URL+"/api/"))
}

func code(err error) string {
	if answer, is := errors.AsType[slack.SlackErrorResponse](err); is {
		return answer.Err
	}
	if err != nil {
		return err.Error()
	}
	return "ok"
}

func text(said string) slack.MsgOption { return slack.MsgOptionText(said, false) }

func keyed(key string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "test", EventPayload: map[string]any{"key": key}})
}

func post(t *testing.T, api *slack.Client, options ...slack.MsgOption) string {
	t.Helper()
	_, ts, err := api.PostMessageContext(t.Context(), "#cloud-spend", options...)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

// A message lives: it is posted, edited, answered and deleted, and the log has
// each step while the channel has the end.
func TestLifeOfAMessage(t *testing.T) {
	s, api := newAPI(t)
	root := post(t, api, text("firing"), keyed("k1"))
	post(t, api, text("quiet"), slack.MsgOptionTS(root))
	loud := post(t, api, text("loud"), slack.MsgOptionTS(root), slack.MsgOptionBroadcast())
	if _, _, _, err := api.UpdateMessageContext(t.Context(), cloud, root, text("resolved")); err != nil {
		t.Fatal(err)
	}
	gone := post(t, api, text("gone"))
	if _, _, err := api.DeleteMessageContext(t.Context(), cloud, gone); err != nil {
		t.Fatal(err)
	}
	var log string
	for _, e := range s.Log("#cloud-spend") {
		log += string(e.Type) + " " + e.Message.Text + ", "
	}
	if want := "posted firing, posted quiet, posted loud, edited resolved, posted gone, deleted gone, "; log != want {
		t.Errorf("log: got %s, want %s", log, want)
	}
	history, err := api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: cloud, IncludeAllMetadata: true})
	if err != nil || len(history.Messages) != 2 {
		t.Fatalf("history: %+v, %v, want the root and what the channel was shown of its thread", history, err)
	}
	if m := history.Messages; m[0].Timestamp != loud || m[1].Text != "resolved" || m[1].Metadata.EventPayload["key"] != "k1" || m[1].Edited == nil || m[1].ReplyCount != 2 {
		t.Errorf("history: %+v, want the newest first, and the root edited, with its metadata", m)
	}
	replies, _, _, err := api.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: cloud, Timestamp: root})
	if err != nil || len(replies) != 3 || replies[0].Timestamp != root || replies[1].Text != "quiet" || replies[1].Metadata.EventType != "" {
		t.Errorf("replies: %+v, %v, want the root and its thread, without metadata that nobody asked for", replies, err)
	}
	if m := s.Messages(""); len(m) != 3 || m[0].Edits != 1 || m[0].Text != "resolved" || m[1].InChannel() || !m[2].InChannel() {
		t.Errorf("messages: %+v", m)
	}
}

// What was given out of a message does not change under its reader.
func TestMessagesAreCopies(t *testing.T) {
	s, api := newAPI(t)
	root := post(t, api, text("firing"), keyed("k1"))
	before := s.Messages("")[0]
	if _, _, _, err := api.UpdateMessageContext(t.Context(), cloud, root, text("resolved"), keyed("k2")); err != nil {
		t.Fatal(err)
	}
	if before.Text != "firing" || before.Metadata.EventPayload["key"] != "k1" {
		t.Errorf("the message as it was: %+v", before)
	}
}

// What Slack refuses leaves no trace but the call.
func TestRefusals(t *testing.T) {
	s, api := newAPI(t, "archived", "elsewhere")
	s.AddPrivate("secret")
	s.Archive("archived", true)
	s.Remove("elsewhere", true)
	s.Remove("secret", true)
	ofAPerson := s.Put(slackfake.Message{Channel: cloud, User: "U0ADA", Text: "hello"})
	ctx := context.Background()
	posts := func(channel string, options ...slack.MsgOption) error {
		_, _, err := api.PostMessageContext(ctx, channel, options...)
		return err
	}
	edits := func(channel, ts string) error {
		_, _, _, err := api.UpdateMessageContext(ctx, channel, ts, text("x"))
		return err
	}
	blocks := make([]slack.Block, 51)
	for i := range blocks {
		blocks[i] = slack.NewDividerBlock()
	}
	with := func(token string) error {
		_, err := slack.New(token, slack.OptionAPIURL(s.URL+"/api/")).AuthTestContext(ctx)
		return err
	}
	_, _, deletion := api.DeleteMessageContext(ctx, cloud, ofAPerson.TS)
	for _, tt := range []struct {
		name, want string
		err        error
	}{
		{"unknown channel", "channel_not_found", posts("#nowhere", text("x"))},
		{"private channel of others", "channel_not_found", posts("#secret", text("x"))},
		{"archived", "is_archived", posts("#archived", text("x"))},
		{"not invited", "not_in_channel", posts("#elsewhere", text("x"))},
		{"nothing said", "no_text", posts("#cloud-spend", text(" "))},
		{"fifty-one blocks", "invalid_blocks", posts("#cloud-spend", slack.MsgOptionBlocks(blocks...))},
		{"edit by name", "channel_not_found", edits("#cloud-spend", ofAPerson.TS)},
		{"edit of nothing", "message_not_found", edits(cloud, "1.2")},
		{"edit of another's", "cant_update_message", edits(cloud, ofAPerson.TS)},
		{"deletion of another's", "cant_delete_message", deletion},
		{"no token", "not_authed", with("")},
		{"wrong token", "invalid_auth", with("xoxb-other")},
		{"app token", "not_allowed_token_type", with(slackfake.AppToken)},
	} {
		if got := code(tt.err); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	if log := s.Log(""); len(log) != 0 {
		t.Errorf("log: %+v, want nothing", log)
	}
	if calls := s.Calls("chat.postMessage"); len(calls) != 6 || calls[0].Answer != "channel_not_found" || calls[0].Args.Get("channel") != "#nowhere" {
		t.Errorf("calls: %+v", calls)
	}
}

// A Slack that is told limits refuses what breaks them.
func TestLimits(t *testing.T) {
	s, api := newAPI(t)
	s.Limits = func(said string, blocks slack.Blocks) string {
		if len(blocks.BlockSet) > 1 || said == "long" {
			return "invalid_blocks"
		}
		return ""
	}
	ts := post(t, api, text("short"), slack.MsgOptionBlocks(slack.NewDividerBlock()))
	_, _, two := api.PostMessageContext(t.Context(), "#cloud-spend", slack.MsgOptionBlocks(slack.NewDividerBlock(), slack.NewDividerBlock()))
	_, _, _, long := api.UpdateMessageContext(t.Context(), cloud, ts, text("long"))
	if code(two) != "invalid_blocks" || code(long) != "invalid_blocks" || len(s.Log("")) != 1 {
		t.Errorf("got %v and %v, and %+v, want both refused", two, long, s.Log(""))
	}
}

// Scopes are told in a header, and what they do not cover is refused by name.
func TestScopes(t *testing.T) {
	s, _ := newAPI(t)
	s.AddPrivate("secret")
	s.Grant("chat:write", "channels:history")
	var told string
	api := slack.New(slackfake.BotToken, slack.OptionAPIURL(s.URL+"/api/"),
		slack.OptionOnResponseHeaders(func(_ string, h http.Header) { told = h.Get("X-OAuth-Scopes") }))
	who, err := api.AuthTestContext(t.Context())
	if err != nil || who.TeamID != slackfake.Team || who.BotID != slackfake.Bot || told != "channels:history,chat:write" {
		t.Errorf("auth.test: %+v, %v, scopes %q", who, err, told)
	}
	for channel, want := range map[string]string{cloud: "", "C0SECRET": "groups:history"} {
		_, err := api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: channel})
		if answer, _ := errors.AsType[slack.SlackErrorResponse](err); answer.Needed != want {
			t.Errorf("history of %s: %v, want %q needed", channel, err, want)
		}
	}
	s.Grant("channels:read")
	for kind, want := range map[string]string{"public_channel": "ok", "private_channel": "missing_scope", "public_channel,private_channel": "missing_scope"} {
		_, _, err := api.GetConversationsForUserContext(t.Context(), &slack.GetConversationsForUserParameters{Types: []string{kind}})
		if code(err) != want {
			t.Errorf("channels of %s: %v, want %s", kind, err, want)
		}
	}
	s.Revoke(true)
	if _, err := api.AuthTestContext(t.Context()); code(err) != "token_revoked" {
		t.Errorf("revoked: %v", err)
	}
}
