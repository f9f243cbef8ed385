package slack

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
)

// channels is a Slack that knows who is in #cloud-spend: U1AB on the first page,
// U2AB on the second.
func channels(asked *[]string) roundTrips {
	return func(r *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		method := strings.TrimPrefix(r.URL.Path, "/api/")
		*asked = append(*asked, method+" "+form.Get("channel")+form.Get("cursor"))
		says := `{"ok":false,"error":"channel_not_found"}`
		switch at := method + " " + form.Get("channel") + form.Get("cursor"); at {
		case "users.conversations ":
			says = `{"ok":true,"channels":[{"id":"C0CLOUD","name":"cloud-spend"},{"id":"G0NARROW","name":"narrow"}]}`
		case "conversations.members C0CLOUD":
			says = `{"ok":true,"members":["U1AB"],"response_metadata":{"next_cursor":"two"}}`
		case "conversations.members C0CLOUDtwo":
			says = `{"ok":true,"members":["U2AB"],"response_metadata":{"next_cursor":""}}`
		case "conversations.members G0NARROW":
			says = `{"ok":false,"error":"missing_scope","needed":"groups:read"}`
		}
		return answered(200, nil, says), nil
	}
}

func groupsIn(t *testing.T, slack http.RoundTripper) *Groups {
	t.Helper()
	c, err := New(Config{Token: secret.New(testToken), APIURL: "http://127.0.0.1:1/api", Transport: slack})
	if err != nil {
		t.Fatal(err)
	}
	return NewGroups(c)
}

// Everyone in the alert's channel may act, wherever they ask; where nobody can
// see who is in it, whoever asks there.
func TestWhoIsInTheChannelMayAct(t *testing.T) {
	var asked []string
	bot := groupsIn(t, channels(&asked))
	in := func(id string) *notifier.Receipt { return &notifier.Receipt{Channel: id} }
	cloud, webhook := Shown{Channel: "#cloud-spend", Receipt: in("C0CLOUD")}, Shown{Channel: "#cloud-spend", Receipt: in(webhookChannel)}
	narrow := Shown{Channel: "#narrow", Receipt: in("G0NARROW")}
	for name, tt := range map[string]struct {
		groups *Groups
		shown  Shown
		who    Person
		want   string // "" means that they may
	}{
		"there":                        {bot, cloud, Person{"U9AB", "C0CLOUD", "cloud-spend"}, ""},
		"a member, in App Home":        {bot, cloud, Person{"U1AB", "", ""}, ""},
		"a member of the second page":  {bot, cloud, Person{"U2AB", "D0ME", "directmessage"}, ""},
		"a stranger":                   {bot, cloud, Person{"U9AB", "C0OTHER", "other"}, "Everyone in its channel may, #cloud-spend: join it"},
		"another channel of that name": {bot, cloud, Person{"U9AB", "C0OTHER", "cloud-spend"}, "join it"},
		"nobody":                       {bot, cloud, Person{"", "C0CLOUD", ""}, "It is not known who you are"},

		"not delivered, a member":        {bot, Shown{Channel: "#cloud-spend"}, Person{"U1AB", "", ""}, ""},
		"not delivered, there":           {bot, Shown{Channel: "#narrow"}, Person{"U9AB", "G0NARROW", "privategroup"}, ""},
		"not delivered, another private": {bot, Shown{Channel: "#privategroup"}, Person{"U9AB", "G0OTHER", "privategroup"}, "which channel that is Slack does not tell"},
		"not delivered, by ID":           {bot, Shown{Channel: "C0CLOUD"}, Person{"U1AB", "", ""}, ""},

		"no scope, there":           {bot, narrow, Person{"U9AB", "G0NARROW", "privategroup"}, ""},
		"no scope, a member":        {bot, narrow, Person{"U1AB", "", ""}, "do it there, or list who may in slack.access.change of the rules file; who is in it could not be seen: add the scope channels:read, or groups:read"},
		"the bot is not in it":      {bot, Shown{Channel: "C0FAR"}, Person{"U1AB", "", ""}, "billbot is not in it, invite it with /invite"},
		"webhook, there":            {nil, webhook, Person{"U9AB", "C0CLOUD", "cloud-spend"}, ""},
		"webhook, elsewhere":        {nil, webhook, Person{"U9AB", "C0OTHER", "other"}, "do it there (a private channel has to be named by its ID)"},
		"webhook, private":          {nil, Shown{Channel: "#privategroup", Receipt: in(webhookChannel)}, Person{"U9AB", "G0NARROW", "privategroup"}, "by its ID"},
		"webhook, private, by ID":   {nil, Shown{Channel: "G0NARROW", Receipt: in(webhookChannel)}, Person{"U9AB", "G0NARROW", "privategroup"}, ""},
		"webhook of nobody's wants": {nil, Shown{Channel: notifier.NoChannel, Receipt: in(webhookChannel)}, Person{"U9AB", "C0CLOUD", "cloud-spend"}, "Nobody knows its channel: name that as slack.channel"},
	} {
		i := newInteractions(t, &oneAlert{})
		i.config.Change.Groups = tt.groups
		err := i.mayChange(t.Context(), tt.who, tt.shown)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(capital(err.Error()), tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
}

// Who is in a channel, and which it is, is asked again after minutes; who was not
// in it, sooner.
func TestMembersAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		i := newInteractions(t, &oneAlert{})
		i.config.Change.Groups = groupsIn(t, channels(&asked))
		shown := Shown{Channel: "#cloud-spend"}
		for _, tt := range []struct {
			user  string
			asked int // requests in all: for the name, and for two pages
			later time.Duration
		}{
			{"U2AB", 3, 0}, {"U1AB", 3, 0}, {"U9AB", 3, refusalsFor + time.Second}, {"U1AB", 3, 0}, {"U9AB", 5, groupsFor}, {"U1AB", 8, 0},
		} {
			_ = i.mayChange(t.Context(), Person{User: tt.user}, shown)
			if len(asked) != tt.asked {
				t.Errorf("%s: asked %q, want %d requests", tt.user, asked, tt.asked)
			}
			time.Sleep(tt.later)
		}
	})
}

// A list lets in the members of its channels, wherever they ask.
func TestListedChannelsLetTheirMembersIn(t *testing.T) {
	var asked []string
	access := Access{IDs: []string{"U7AB", "C0CLOUD", "D0ME"}, Groups: groupsIn(t, channels(&asked))}
	if err := access.admit(t.Context(), "U2AB", ""); err != nil {
		t.Errorf("a member: %v", err)
	}
	if err := access.admit(t.Context(), "U9AB", "C0OTHER"); err == nil || !strings.Contains(err.Error(), "neither you (U9AB) nor this channel") {
		t.Errorf("a stranger: %v", err)
	}
	access.Groups = nil
	if err := access.admit(t.Context(), "U2AB", "C0OTHER"); err == nil {
		t.Error("without a bot nobody sees who is in a channel")
	}
}
