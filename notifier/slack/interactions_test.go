package slack

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/slack-go/slack"
)

// oneAlert is actions on one alert that is kept in memory; taking is how long
// each of them takes.
type oneAlert struct {
	mu     sync.Mutex // of alert, while presses are handled
	alert  rules.Alert
	taking time.Duration
}

func (o *oneAlert) Shown(_ context.Context, id string) (Shown, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if id != o.alert.ID {
		return Shown{}, ErrNoAlert
	}
	return Shown{Alerts: []rules.Alert{o.alert}, Channel: "#cloud-spend", Receipt: &notifier.Receipt{Channel: "C0CLOUD"}}, nil
}

func (o *oneAlert) Why(context.Context, string) ([]string, error) { return []string{"because"}, nil }

func (o *oneAlert) now() rules.Alert {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.alert
}

func (o *oneAlert) keep(a rules.Alert, _ rules.Event, err error) error {
	time.Sleep(o.taking)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.alert = a
	return err
}

func (o *oneAlert) Acknowledge(_ context.Context, _, user string, now time.Time) error {
	return o.keep(o.now().Acknowledge(user, "", now))
}

func (o *oneAlert) Snooze(_ context.Context, _, user string, until, now time.Time) error {
	return o.keep(o.now().Snooze(user, "", until, now))
}

func (o *oneAlert) Expect(_ context.Context, _, user, reason string, until fetcher.Day, now time.Time) error {
	return o.keep(o.now().Expect(user, reason, until, now))
}

func (o *oneAlert) Answer(_ context.Context, _, user string, answer rules.Answer, now time.Time) error {
	return o.keep(o.now().Answered(&rules.Action{Approve: []string{"U0ADA"}}, user, answer, now))
}

func newInteractions(t testing.TB, o *oneAlert) *Interactions {
	t.Helper()
	i, err := NewInteractions(InteractionsConfig{Actions: o, Now: func() time.Time { return pressedAt }})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func pressOn(action, key string) slack.InteractionCallback {
	p := slack.InteractionCallback{Type: slack.InteractionTypeBlockActions}
	p.User.ID, p.Channel.ID = "U012AB3CD", "C0CLOUD"
	p.ActionCallback.BlockActions = []*slack.BlockAction{nil, {ActionID: action, BlockID: actionBlock, Value: key}}
	return p
}

// Slack waits three seconds. What takes longer goes on behind the answer.
func TestSlowPressesAreAcknowledgedInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &oneAlert{alert: spikeAlert(t), taking: 10 * time.Second}
		i := newInteractions(t, o)
		began := time.Now()
		ctx, answered := context.WithCancel(t.Context())
		if response, err := i.Handle(ctx, pressOn(actionAcknowledge, o.alert.ID)); response != nil || err != nil {
			t.Errorf("got %v, %v", response, err)
		}
		answered() // as a request's context ends with its answer
		if took := time.Since(began); took >= 3*time.Second {
			t.Errorf("answered after %s", took)
		}
		i.Wait()
		if o.alert.AcknowledgedBy != "U012AB3CD" {
			t.Error("the press was lost")
		}
	})
}

func TestCommandsAnswer(t *testing.T) {
	o := &oneAlert{alert: spikeAlert(t)}
	i := newInteractions(t, o)
	who := Person{User: "U012AB3CD", Channel: "C0CLOUD"}
	week := func(_ []rules.Alert, now time.Time) time.Time { return now.AddDate(0, 0, 7) }
	for _, tt := range []struct {
		m    Message
		want string
	}{
		{i.Acknowledge(t.Context(), who, "<!channel>"), "billbot knows no alert “&lt;!channel&gt;”."},
		{i.Acknowledge(t.Context(), who, o.alert.ID), "Done:"},
		{i.Acknowledge(t.Context(), who, o.alert.ID), "That is done already."},
		{i.Snooze(t.Context(), who, o.alert.ID, week), "Done:"},
		{i.Snooze(t.Context(), who, o.alert.ID, func([]rules.Alert, time.Time) time.Time { return time.Time{} }), "This alert has no period that ends"},
		{i.Snooze(t.Context(), who, o.alert.ID, func(_ []rules.Alert, now time.Time) time.Time { return now }), "That moment is past"},
		{i.Snooze(t.Context(), Person{User: "U012AB3CD", Channel: "C0OTHER"}, o.alert.ID, week), "You may not change this alert."},
		{i.Why(t.Context(), who, o.alert.ID), "because"},
	} {
		if !strings.HasPrefix(tt.m.Text, tt.want) {
			t.Errorf("got %q, want %q", tt.m.Text, tt.want)
		}
		checkLimits(t, tt.m)
		checkHarmless(t, tt.m, "<@U012AB3CD>")
	}
}

// An alert that the account's first message told has none of its own to say what
// was done.
func TestCommandsAnswerOfSeededAlerts(t *testing.T) {
	o := &oneAlert{alert: spikeAlert(t)}
	o.alert.Seeded = true
	m := newInteractions(t, o).Acknowledge(t.Context(), Person{User: "U012AB3CD", Channel: "C0CLOUD"}, o.alert.ID)
	if got := PlainText(m); !strings.Contains(got, "Done: /spend alerts says so.") || strings.Contains(got, "thread") {
		t.Errorf("got %q, want no word of a message that is not there", got)
	}
}

// The form keeps Slack's limits whatever the names in it.
func TestFormKeepsItsLimits(t *testing.T) {
	a := spikeAlert(t)
	a.Finding.Subject.Service = strings.Repeat("&", 9000)
	view := expectView(formOrigin{Key: a.ID, Channel: "C0CLOUD"}, []rules.Alert{a, a, a, a}, pressedAt)
	checkLimits(t, Message{Text: "x", Blocks: view.Blocks.BlockSet[:1]})
	if n := len(view.PrivateMetadata); n > 3000 {
		t.Errorf("private metadata of %d characters", n)
	}
	for _, text := range []*slack.TextBlockObject{view.Title, view.Submit, view.Close} {
		if len(text.Text) > 24 {
			t.Errorf("%q is too long for a form's title or button", text.Text)
		}
	}
	if date := view.Blocks.BlockSet[1].(*slack.InputBlock).Element.(*slack.DatePickerBlockElement).InitialDate; date != "2026-04-14" {
		t.Errorf("proposes %s, want the period's last day", date)
	}
}

func TestGroupsAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		in := func(users string) http.RoundTripper {
			return roundTrips(func(*http.Request) (*http.Response, error) {
				asked++
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"ok":true,"users":[` + users + `]}`))}, nil
			})
		}
		c, err := New(Config{Token: secret.New(testToken), APIURL: "http://127.0.0.1:1/api", Transport: in(`"U1AB"`)})
		if err != nil {
			t.Fatal(err)
		}
		access := Access{IDs: []string{"S0GROUP"}, Groups: NewGroups(c)}
		for range 5 {
			if err := access.admit(t.Context(), "U1AB", "C1"); err != nil {
				t.Error(err)
			}
		}
		if err := access.admit(t.Context(), "U2AB", "C1"); err == nil || asked != 1 {
			t.Errorf("a stranger: %v; asked %d times, want once", err, asked)
		}
		time.Sleep(groupsFor + time.Second)
		if err := access.admit(t.Context(), "U1AB", "C1"); err != nil || asked != 2 {
			t.Errorf("minutes later: %v, asked %d times, want twice", err, asked)
		}
	})
}

// FuzzInteraction reads what is no payload, and acts on what is one.
func FuzzInteraction(f *testing.F) {
	f.Add(`{"type":"block_actions","user":{"id":"U1AB"},"channel":{"id":"C0CLOUD"},"actions":[{"block_id":"alert","action_id":"alert_acknowledge","value":"k7q2m4xa"}]}`)
	f.Add(`{"type":"block_actions","actions":[{"block_id":"alert","action_id":"alert_more","selected_option":{"value":"snooze_7d k7q2m4xa"}}]}`)
	f.Add(`{"type":"view_submission","user":{"id":"U1AB"},"view":{"callback_id":"alert_expect","private_metadata":"{\"key\":\"k7q2m4xa\",\"channel\":\"C0CLOUD\"}","state":{"values":{"until":{"value":{"selected_date":"2026-04-10"}},"reason":{"value":{"value":"why"}}}}}}`)
	f.Add(`{"type":"block_actions","actions":[null,{}],"state":[]}`)
	f.Add(`[]`)
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, payload string) {
		var parsed slack.InteractionCallback
		if json.Unmarshal([]byte(payload), &parsed) != nil {
			return
		}
		o := &oneAlert{alert: spikeAlert(t)}
		i := newInteractions(t, o)
		response, err := i.Handle(t.Context(), parsed)
		i.Wait()
		if errs, ok := response.(*slack.ViewSubmissionResponse); ok {
			for _, text := range errs.Errors {
				if text == "" {
					t.Error("a form is told nothing")
				}
			}
		}
		changed := o.alert.AcknowledgedBy != "" || !o.alert.SnoozedUntil.IsZero() || o.alert.Expected != nil
		if changed && (err != nil || !userID.MatchString(parsed.User.ID)) {
			t.Errorf("error %v, user %q, and the alert changed", err, parsed.User.ID)
		}
	})
}

func TestInteractionsNeedActions(t *testing.T) {
	if _, err := NewInteractions(InteractionsConfig{}); err == nil {
		t.Error("no actions, and no error")
	}
	var none *Interactions
	none.Wait()
}
