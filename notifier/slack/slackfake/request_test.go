package slackfake_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// taken is an app that checks signatures with slack-go, and keeps the last
// request.
type taken struct {
	path   string
	header http.Header
	body   []byte
	bad    error
}

// request is what came, to be read again.
func (a *taken) request() *http.Request {
	return &http.Request{Method: http.MethodPost, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), URL: &url.URL{Path: a.path}}
}

func (a *taken) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	a.path, a.header = r.URL.Path, r.Header
	a.body, _ = io.ReadAll(r.Body)
	verifier, err := slack.NewSecretsVerifier(r.Header, slackfake.SigningSecret)
	if err == nil {
		verifier.Write(a.body)
		err = verifier.Ensure()
	}
	a.bad = err
}

// Requests are what slack-go takes for Slack's, signature and all.
func TestRequestsReadAsSlacks(t *testing.T) {
	s, api := newAPI(t)
	button := slack.NewButtonBlockElement("ack", "k1", slack.NewTextBlockObject(slack.PlainTextType, "Acknowledge", false, false))
	menu := slack.NewOverflowBlockElement("more", slack.NewOptionBlockObject("snooze k1", slack.NewTextBlockObject(slack.PlainTextType, "7 days", false, false), nil))
	post(t, api, text("alert"), slack.MsgOptionBlocks(slack.NewDividerBlock(), slack.NewActionBlock("alert", button, menu)))
	message := s.Messages("")[0]
	app := &taken{}
	base := listen(t, app)
	send := func(r slackfake.Request) *http.Request {
		t.Helper()
		if status, _, err := s.Post(t.Context(), base, r); err != nil || status != 200 || app.bad != nil {
			t.Fatalf("%s: %d, %v, signature %v", r.Kind, status, err, app.bad)
		}
		return app.request()
	}
	command, err := slack.SlashCommandParse(send(s.Command("U0ADA", "#cloud-spend", "/spend", "by service & zone")))
	if err != nil || command.Text != "by service & zone" || command.ChannelID != cloud || command.TeamID != slackfake.Team || command.TriggerID == "" {
		t.Errorf("command: %+v, %v", command, err)
	}
	for action, want := range map[string]string{"ack": "k1", "snooze": "snooze k1"} {
		press, err := s.Press("U0ADA", message, action)
		if err != nil {
			t.Fatal(err)
		}
		pressed, err := slack.InteractionCallbackParse(send(press))
		if err != nil || pressed.User.ID != "U0ADA" || pressed.Container.MessageTs != message.TS || pressed.Message.Text != "alert" {
			t.Fatalf("press: %+v, %v", pressed, err)
		}
		if a := pressed.ActionCallback.BlockActions[0]; a.BlockID != "alert" || a.Value+a.SelectedOption.Value != want {
			t.Errorf("press of %s: %+v", action, a)
		}
	}
	if _, err := s.Press("U0ADA", message, "other"); err == nil {
		t.Error("a button that is not there was pressed")
	}
	opened := send(s.HomeOpened("U0ADA", "home"))
	event, err := slackevents.ParseEvent(app.body, slackevents.OptionNoVerifyToken())
	if home, is := event.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent); err != nil || !is || home.User != "U0ADA" || opened.URL.Path != "/slack/events" {
		t.Errorf("event: %+v, %v", event, err)
	}
}

// A form is opened with the trigger of a press, once and at once, and comes
// back filled in.
func TestForms(t *testing.T) {
	s, api := newAPI(t)
	r := s.PressAs("U0ADA", slackfake.Message{Channel: cloud}, slackfake.Action{ID: "more", Value: "expect k1", Menu: true})
	app := &taken{}
	base := listen(t, app)
	s.Post(t.Context(), base, r)
	pressed, err := slack.InteractionCallbackParse(app.request())
	if err != nil {
		t.Fatal(err)
	}
	label := slack.NewTextBlockObject(slack.PlainTextType, "Why", false, false)
	form := slack.ModalViewRequest{Type: slack.VTModal, CallbackID: "expect", PrivateMetadata: "k1", Title: label, Submit: label,
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("reason", label, nil, slack.NewPlainTextInputBlockElement(nil, "value"))}}}
	for _, tt := range []struct{ trigger, want string }{{pressed.TriggerID, "ok"}, {pressed.TriggerID, "exchanged_trigger_id"}, {"made up", "invalid_trigger_id"}} {
		if _, err := api.OpenViewContext(t.Context(), tt.trigger, form); code(err) != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
	views := s.Views()
	if len(views) != 1 || views[0].Trigger != pressed.TriggerID {
		t.Fatalf("views: %+v", views)
	}
	values := map[string]map[string]any{"reason": {"value": map[string]any{"type": "plain_text_input", "value": "a backfill"}}}
	s.Post(t.Context(), base, s.Submission("U0ADA", views[0], values))
	filled, err := slack.InteractionCallbackParse(app.request())
	if err != nil || filled.View.PrivateMetadata != "k1" || filled.View.State.Values["reason"]["value"].Value != "a backfill" {
		t.Errorf("submission: %+v, %v", filled.View, err)
	}
	if _, err := api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: "U0ADA", View: slack.HomeTabViewRequest{Type: slack.VTHomeTab}}); err != nil {
		t.Error(err)
	}
	if home := s.Views()[1]; home.User != "U0ADA" || home.Method != "views.publish" {
		t.Errorf("home: %+v", home)
	}
}
