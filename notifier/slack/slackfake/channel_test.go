package slackfake_test

import (
	"slices"
	"testing"

	"github.com/slack-go/slack"
)

// Channels are told page by page: those that can be seen, and those that the bot
// is in.
func TestChannels(t *testing.T) {
	s, api := newAPI(t, "a", "b", "c")
	s.AddPrivate("mine")
	s.AddPrivate("theirs")
	s.Remove("theirs", true)
	s.Remove("b", true)
	s.Archive("c", true)
	both := []string{"public_channel", "private_channel"}
	var all []string
	cursor, pages := "", 0
	for {
		page, next, err := api.GetConversationsContext(t.Context(), &slack.GetConversationsParameters{Types: both, Limit: 2, Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page {
			all = append(all, c.Name)
		}
		if cursor, pages = next, pages+1; next == "" {
			break
		}
	}
	if want := []string{"cloud-spend", "a", "b", "c", "mine"}; !slices.Equal(all, want) || pages != 3 {
		t.Errorf("got %v in %d pages, want %v in 3", all, pages, want)
	}
	own, _, err := api.GetConversationsForUserContext(t.Context(), &slack.GetConversationsForUserParameters{Types: both, ExcludeArchived: true})
	if err != nil || len(own) != 3 || own[2].Name != "mine" || !own[2].IsPrivate {
		t.Errorf("got %+v, %v, want cloud-spend, a and mine", own, err)
	}
	b, err := api.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: "C0B"})
	if err != nil || b.IsMember || b.IsArchived {
		t.Errorf("got %+v, %v, want a channel that the bot is not in", b, err)
	}
	if _, _, _, err := api.JoinConversationContext(t.Context(), "C0B"); err != nil {
		t.Error(err)
	}
	if b, _ = api.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: "C0B"}); !b.IsMember {
		t.Error("it has not joined")
	}
	if _, err := api.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: "C0THEIRS"}); code(err) != "channel_not_found" {
		t.Errorf("a private channel of others: %v", err)
	}
}

func TestPeople(t *testing.T) {
	s, api := newAPI(t)
	s.AddPeople("cloud-spend", "U0ADA", "U0BOB")
	s.AddGroup("S0TEAM", "U0ADA")
	users, next, err := api.GetUsersInConversationContext(t.Context(), &slack.GetUsersInConversationParameters{ChannelID: cloud})
	if err != nil || next != "" || len(users) != 3 || users[1] != "U0ADA" {
		t.Errorf("members: %v, %v", users, err)
	}
	group, err := api.GetUserGroupMembersContext(t.Context(), "S0TEAM")
	if err != nil || len(group) != 1 {
		t.Errorf("group: %v, %v", group, err)
	}
	if _, err := api.GetUserGroupMembersContext(t.Context(), "S0OTHER"); code(err) != "no_such_subteam" {
		t.Errorf("another group: %v", err)
	}
	im, _, _, err := api.OpenConversationContext(t.Context(), &slack.OpenConversationParameters{Users: []string{"U0ADA"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := api.PostMessageContext(t.Context(), im.ID, text("hello")); err != nil || len(s.Messages(im.ID)) != 1 {
		t.Errorf("posting to %s: %v, %+v", im.ID, err, s.Messages(""))
	}
}
