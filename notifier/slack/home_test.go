package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

func homeOf(t testing.TB) report.Home {
	snoozed := budgetAlert(t)
	snoozed.AcknowledgedBy, snoozed.SnoozedUntil = "alice", time.Date(2026, 4, 5, 6, 0, 0, 0, time.UTC)
	s := summary(t)
	s.Accounts[1].Budgets[0].Ahead = &report.Forecast{Total: dec("610"), Lo: dec("540.2"), Hi: dec("702")}
	return report.Home{
		Summary: *s, Alerts: []rules.Alert{snoozed, spikeAlert(t)},
		Schedule: []string{"Bills are asked for every 1h.", "Summary every day at 09:00 Europe/Berlin."},
	}
}

func homeButtons(rules.Alert) slack.Block {
	return slack.NewActionBlock("", slack.NewButtonBlockElement("ack", "x", slack.NewTextBlockObject(slack.PlainTextType, "Acknowledge", false, false)))
}

func TestHomeReadsAloud(t *testing.T) {
	for name, h := range map[string]report.Home{"home": homeOf(t), "home_empty": {Schedule: []string{"Bills are asked for every 1h."}}} {
		m := Message{Text: "home", Blocks: RenderHome(h, HomeButtons)}
		checkLimits(t, m)
		checkGolden(t, filepath.Join("testdata", name+".json"), indented(t, m))
		checkGolden(t, filepath.Join("testdata", name+".txt"), []byte(PlainText(m)+"\n"))
	}
}

// Slack refuses a view in which two blocks have one ID.
func TestHomeButtonsDiffer(t *testing.T) {
	met := map[string]bool{}
	for _, b := range RenderHome(homeOf(t), HomeButtons) {
		if action, is := b.(*slack.ActionBlock); is {
			if met[action.BlockID] {
				t.Errorf("two blocks are called %q", action.BlockID)
			}
			met[action.BlockID] = true
		}
	}
	over := spikeAlert(t)
	over.State = rules.Resolved
	if len(met) != 2 || HomeButtons(over) != nil {
		t.Errorf("got buttons %v, and %v of what is over", met, HomeButtons(over))
	}
}

// However many accounts and alerts, and whatever their names, App Home keeps
// to the limits.
func TestHomeOfMany(t *testing.T) {
	h := homeOf(t)
	h.Alerts[0].Finding.Subject.Account, h.Summary.Accounts[1].Account = hostile, hostile
	h.Alerts = slices.Repeat(h.Alerts, 100)
	h.Summary.Accounts = slices.Repeat(h.Summary.Accounts, 300)
	m := Message{Text: "home", Blocks: RenderHome(h, nil)}
	checkLimits(t, m)
	checkHarmless(t, m)
	with := RenderHome(h, homeButtons)
	actions := 0
	for _, b := range with {
		if b.BlockType() == slack.MBTAction {
			actions++
		}
	}
	if actions < 10 || len(with) > 50 {
		t.Errorf("got %d blocks with %d rows of buttons, want at most 50 with at least 10", len(with), actions)
	}
	if text := PlainText(m); !strings.Contains(text, "more alerts: billbot alerts lists them") || !strings.Contains(text, "Schedule") {
		t.Errorf("got\n%s\nwant what is left out, and the schedule all the same", text)
	}
}

func opened(user, tab string) string {
	body, _ := json.Marshal(map[string]any{
		"type": "event_callback", "team_id": "T1", "api_app_id": slackfake.App, "event_id": "Ev-" + user + tab,
		"event": map[string]any{"type": "app_home_opened", "user": user, "channel": "D1", "tab": tab, "event_ts": "1.2"},
	})
	return string(body)
}

// newHomeTo is App Home behind signed HTTP, published to a server.
func newHomeTo(t *testing.T, s *server, change func(*HomeConfig)) *Commands {
	t.Helper()
	config := HomeConfig{Home: func(context.Context) (report.Home, error) { return homeOf(t), nil }, Publish: s.client(t).Publish}
	if change != nil {
		change(&config)
	}
	home, err := NewHome(config)
	if err != nil {
		t.Fatal(err)
	}
	return newCommands(t, func(c *CommandsConfig) { c.Event = home.Handle })
}

// postEvent sends an event, and waits until it is handled.
func postEvent(c *Commands, body string, header http.Header) *httptest.ResponseRecorder {
	header.Set("Content-Type", "application/json")
	r := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(body))
	r.Header = header
	w := httptest.NewRecorder()
	c.ServeEvent(w, r)
	c.work.Wait()
	return w
}

func TestOpeningHomePublishesIt(t *testing.T) {
	s := newServer(t)
	w := postEvent(newHomeTo(t, s, nil), opened("U012AB3CD", "home"), sign(testSecret, opened("U012AB3CD", "home"), time.Now()))
	requests := s.requests()
	if w.Code != 200 || w.Body.Len() != 0 || len(requests) != 1 || requests[0].Method != "views.publish" {
		t.Fatalf("got %d %q after %v, want an empty 200 and one views.publish", w.Code, w.Body, requests)
	}
}

func TestEventsThatShowNothing(t *testing.T) {
	s := newServer(t)
	events := newHomeTo(t, s, nil)
	for _, body := range []string{
		opened("U012AB3CD", "messages"), opened("", "home"), `{"type":"event_callback","event":{"type":"message","user":"U1"}}`,
		`{"type":"event_callback","event":{"type":"not_known_yet"}}`, `{"type":"nothing"}`, `[]`,
	} {
		if w := postEvent(events, body, sign(testSecret, body, time.Now())); w.Code != 200 {
			t.Errorf("%s: got %d, want 200, or Slack repeats it", body, w.Code)
		}
	}
	if requests := s.requests(); len(requests) != 0 {
		t.Errorf("got %v, want no request", requests)
	}
}

func TestURLVerification(t *testing.T) {
	body := `{"type":"url_verification","token":"old","challenge":"3eZbrw1aB<script>"}`
	w := postEvent(newHomeTo(t, newServer(t), nil), body, sign(testSecret, body, time.Now()))
	if w.Code != 200 || w.Body.String() != "3eZbrw1aB<script>" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Errorf("got %d %q as %s", w.Code, w.Body, w.Header())
	}
}

func TestEventsOfStrangers(t *testing.T) {
	s := newServer(t)
	events := newHomeTo(t, s, nil)
	body := opened("U012AB3CD", "home")
	again := sign(testSecret, body, time.Now())
	if w := postEvent(events, body, again.Clone()); w.Code != 200 {
		t.Fatalf("got %d, want 200 the first time", w.Code)
	}
	large := strings.Repeat(" ", maxEvent+1)
	for name, test := range map[string]struct {
		body   string
		header http.Header
		status int
	}{
		"forged":   {body, sign("another secret", body, time.Now()), 401},
		"old":      {body, sign(testSecret, body, time.Now().Add(-6*time.Minute)), 401},
		"replayed": {body, again, 401},
		"changed":  {body + " ", sign(testSecret, body, time.Now()), 401},
		"unsigned": {body, http.Header{}, 401},
		"large":    {large, sign(testSecret, large, time.Now()), 413},
	} {
		if w := postEvent(events, test.body, test.header); w.Code != test.status {
			t.Errorf("%s: got %d, want %d", name, w.Code, test.status)
		}
	}
	get := httptest.NewRecorder()
	events.ServeEvent(get, httptest.NewRequest(http.MethodGet, "/slack/events", nil))
	if get.Code != 405 || len(s.requests()) != 1 {
		t.Errorf("got %d and %d views published, want 405 and that of the first request", get.Code, len(s.requests()))
	}
}

func TestHomeOfThoseWhoMayNotRead(t *testing.T) {
	shown := map[string]string{}
	publish := func(_ context.Context, user string, view slack.HomeTabViewRequest) error {
		shown[user] = PlainText(Message{Blocks: view.Blocks.BlockSet})
		return nil
	}
	fails := false
	home, err := NewHome(HomeConfig{Read: Access{IDs: []string{"U1", "C1"}}, Publish: publish, Home: func(context.Context) (report.Home, error) {
		if fails {
			return report.Home{}, errors.New("disk")
		}
		return homeOf(t), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"U1", "U2"} {
		home.Handle(t.Context(), slackevents.EventsAPIEvent{InnerEvent: slackevents.EventsAPIInnerEvent{Data: &slackevents.AppHomeOpenedEvent{User: user}}})
	}
	if !strings.Contains(shown["U1"], "production") || strings.Contains(shown["U2"], "production") || !strings.Contains(shown["U2"], "may not see") {
		t.Errorf("got %q", shown)
	}
	fails = true
	if err := home.Show(t.Context(), "U1"); err != nil || !strings.Contains(shown["U1"], "could not be read just now") {
		t.Errorf("got %v and %q", err, shown["U1"])
	}
}

func TestPublishWaitsOnceWhereSlackAsks(t *testing.T) {
	s := newServer(t, slackfake.RateLimited(time.Second))
	view := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: RenderHome(homeOf(t), nil)}}
	if err := s.client(t).Publish(t.Context(), "U1", view); err != nil || len(s.requests()) != 2 {
		t.Errorf("got %v after %d requests, want it published by the second", err, len(s.requests()))
	}
	s = newServer(t, refuse(testToken))
	if err := s.client(t).Publish(t.Context(), "U1", view); err == nil || strings.Contains(err.Error(), testToken) {
		t.Errorf("got %v, want an error without the token", err)
	}
}

// Events of another workspace than the one that is pinned are refused.
func TestEventsOfAnotherWorkspace(t *testing.T) {
	handled := 0
	events := newCommands(t, func(c *CommandsConfig) {
		c.Team, c.Event = "T1", func(context.Context, slackevents.EventsAPIEvent) { handled++ }
	})
	for team, want := range map[string]int{"T1": 200, "T2": 403} {
		body := `{"team_id":"` + team + `","type":"event_callback","event":{"type":"app_home_opened","user":"U012AB3CD","tab":"home"}}`
		if w := postEvent(events, body, sign(testSecret, body, time.Now())); w.Code != want {
			t.Errorf("%s: got %d, want %d", team, w.Code, want)
		}
	}
	if handled != 1 {
		t.Errorf("%d events were handled, want one", handled)
	}
}
