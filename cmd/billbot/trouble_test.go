package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// troubled is a world where production has a channel of its own.
type troubled struct {
	*world
	log strings.Builder
}

func newTroubled(t *testing.T) *troubled {
	w := &troubled{world: newWorld(t, strings.Replace(loopRules, "{name: production", `{channel: "#prod-spend", name: production`, 1), twoMonths())}
	w.env.log = slog.New(slog.NewTextHandler(&w.log, nil))
	return w
}

// set sets something in the environment.
func (w *troubled) set(name, value string) {
	settings := w.env.getenv
	w.env.getenv = func(asked string) string {
		if asked == name {
			return value
		}
		return settings(asked)
	}
}

// turn is what the schedule does in a quarter of an hour.
func (w *troubled) turn(t *testing.T, eng *engine) {
	t.Helper()
	time.Sleep(15 * time.Minute)
	now := time.Now().UTC()
	w.cloud.SetNow(now)
	if err := eng.sweep(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := eng.deliver(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		if err := eng.watchSlack(t.Context(), w.env, now); err != nil {
			t.Fatal(err)
		}
	}
}

// reasons is what /healthz says.
func (w *troubled) reasons(t *testing.T, eng *engine) string {
	t.Helper()
	h, err := eng.health(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(h.Reasons, "\n")
}

func (w *troubled) notices() (told []string) {
	for _, m := range w.slack.posted("billbot_notice") {
		told = append(told, m.Channel+": "+m.Text)
	}
	return told
}

// TestArchivedChannelIsToldInTheOther: at once in health and the log, and once in
// the other channel, through a restart, until it is mended and comes again.
func TestArchivedChannelIsToldInTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTroubled(t)
		w.slack.Archive("prod-spend", true)
		eng := w.open(t)
		w.cloud.SetNow(time.Now())
		if err := eng.sweep(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := eng.deliver(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		if got := w.reasons(t, eng); !strings.Contains(got, "cannot post to #prod-spend (1 message waits)") || !strings.Contains(got, "unarchive it") {
			t.Errorf("at once, /healthz says: %s", got)
		}
		for range 3 {
			w.turn(t, eng)
		}
		eng.store.Close()
		eng = w.open(t)
		w.turn(t, eng)
		told := w.notices()
		if len(told) != 1 || !strings.HasPrefix(told[0], "C0CLOUDSPEND: billbot cannot post to #prod-spend.") || !strings.Contains(told[0], "unarchive it") || !strings.Contains(told[0], "nothing is lost") {
			t.Errorf("told %q, want one notice in the other channel", told)
		}
		if got := strings.Count(w.log.String(), "not set up right: #prod-spend is archived"); got != 2 {
			t.Errorf("logged %d times, want once in each life", got)
		}
		w.slack.Archive("prod-spend", false)
		w.turn(t, eng)
		w.turn(t, eng)
		if got := w.reasons(t, eng); got != "" || len(w.slack.posted("billbot_welcome")) != 1 || !strings.Contains(w.log.String(), "mended in Slack") {
			t.Errorf("once it is mended, /healthz says %q, and the welcome is there %d times", got, len(w.slack.posted("billbot_welcome")))
		}
		w.slack.Archive("prod-spend", true)
		w.turn(t, eng)
		w.turn(t, eng)
		if told := w.notices(); len(told) != 2 {
			t.Errorf("told %q, want it anew", told)
		}
		eng.store.Close()
	})
}

// TestRevokedTokenIsToldThroughTheWebhook: where the bot can post nowhere.
func TestRevokedTokenIsToldThroughTheWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTroubled(t)
		w.slack.URL = "http://127.0.0.1:2"
		w.set("SLACK_WEBHOOK_URL", w.slack.AddWebhook("cloud-spend", "canary7731"))
		w.slack.Revoke(true)
		eng := w.open(t)
		for range 3 {
			w.turn(t, eng)
		}
		eng.store.Close()
		eng = w.open(t)
		defer eng.store.Close()
		w.turn(t, eng)
		if through := w.slack.Calls(slackfake.Webhook); len(through) != 1 || !strings.Contains(through[0].Body, "billbot cannot post anything") || !strings.Contains(through[0].Body, "reinstall the app") {
			t.Errorf("the webhook got %+v, want one notice", through)
		}
		if got := w.reasons(t, eng); !strings.Contains(got, "Slack refuses the bot token: token_revoked") {
			t.Errorf("/healthz says %s", got)
		}
		w.slack.Revoke(false)
		w.turn(t, eng)
		w.turn(t, eng)
		if got := w.reasons(t, eng); got != "" || len(w.slack.posted("billbot_welcome")) != 1 || len(w.slack.Calls(slackfake.Webhook)) != 1 {
			t.Errorf("with a good token /healthz says %q", got)
		}
		if strings.Contains(w.log.String(), "canary7731") {
			t.Error("the webhook is in the log")
		}
	})
}

// TestRevokedTokenWithNothingToTell: the check finds it, where no message would.
func TestRevokedTokenWithNothingToTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTroubled(t)
		eng := w.open(t)
		defer eng.store.Close()
		w.turn(t, eng)
		w.slack.Revoke(true)
		time.Sleep(15 * time.Minute)
		if err := eng.watchSlack(t.Context(), w.env, time.Now()); err != nil {
			t.Fatal(err)
		}
		if got := w.reasons(t, eng); !strings.Contains(got, "Slack refuses the bot token") {
			t.Errorf("/healthz says %q", got)
		}
	})
}

// TestDeadSocketIsToldInTheChannel: nobody's /spend arrives, and those who would
// ask are told.
func TestDeadSocketIsToldInTheChannel(t *testing.T) {
	w := newTroubled(t)
	w.set("SLACK_APP_TOKEN", "xapp-1-revoked")
	eng := w.open(t)
	defer eng.store.Close()
	front, err := w.env.newFront(eng)
	if err != nil {
		t.Fatal(err)
	}
	defer front.open(t.Context())(t.Context())
	for deadline := time.Now().Add(10 * time.Second); front.trouble() == "" && time.Now().Before(deadline); {
		<-time.After(10 * time.Millisecond)
	}
	for range 2 {
		if err := eng.watchSlack(t.Context(), w.env, time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := eng.deliver(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	told := w.notices()
	if len(told) != 1 || !strings.HasPrefix(told[0], "C0CLOUDSPEND: /spend and buttons do not work.") || !strings.Contains(told[0], "since") {
		t.Errorf("told %q, want one notice in the first channel", told)
	}
	told, err = eng.store.Noticed(t.Context())
	if eng.socket = nil; err != nil || len(told) != 1 {
		t.Errorf("kept as told: %q, %v, want the socket", told, err)
	}
	if err := eng.watchSlack(t.Context(), w.env, time.Now()); err != nil {
		t.Fatal(err)
	}
	if told, err := eng.store.Noticed(t.Context()); err != nil || len(told) != 0 {
		t.Errorf("kept as told: %q, %v, want nothing once it is over", told, err)
	}
	answer := httptest.NewRecorder()
	w.env.handler(eng, front).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if n := strings.Count(answer.Body.String(), "no connection to Slack for /spend"); answer.Code != http.StatusServiceUnavailable || n != 1 {
		t.Errorf("/healthz says it %d times: %d %s", n, answer.Code, answer.Body)
	}
}

// TestPollSaysWhatIsWrong: one poll, as cron runs it, checks where it is about to
// send, and tells the other channel.
func TestPollSaysWhatIsWrong(t *testing.T) {
	w := newTroubled(t)
	w.slack.Archive("prod-spend", true)
	w.env.fixed = time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(w.env.fixed)
	if err := (&pollCmd{}).Run(t.Context(), w.env); err != nil {
		t.Fatal(err)
	}
	if told, log := w.notices(), w.log.String(); len(told) != 1 || strings.Count(log, "not set up right: #prod-spend is archived") != 1 {
		t.Errorf("told %q, logged %s", told, log)
	}
}

// TestManyClosedChannelsAreOneNotice: an agency's billbot that was thrown out of
// its channels does not fill the one that is left.
func TestManyClosedChannelsAreOneNotice(t *testing.T) {
	var all []trouble
	for n := range 40 {
		channel := fmt.Sprint("#c", n)
		all = append(all, trouble{troubleChannel + channel, channel, "billbot cannot post to " + channel, channel + " is archived", 1})
	}
	socket := trouble{name: troubleSocket, title: "/spend and buttons do not work", reason: "no connection"}
	groups := untold(append(all, socket), []string{troubleChannel + "#c0"})
	if len(groups) != 2 || len(groups[0]) != 1 || len(groups[1]) != 39 {
		t.Fatalf("got %v, want the socket alone and 39 channels together", groups)
	}
	notice := noticeOf(groups[1], time.Unix(0, 0)).Content.Notice
	said := strings.Join(notice.Lines, "\n")
	if notice.Title != "billbot cannot post to 39 channels" || len(notice.Lines) != noticeLines+2 ||
		!strings.Contains(said, "#c1 is archived.") || !strings.Contains(said, "… and 29 more") || !strings.Contains(said, "39 messages wait; nothing is lost.") {
		t.Errorf("got %q: %s", notice.Title, said)
	}
}

// TestDeadSocketIsToldThroughTheOnlyWebhook: where there is no bot, and the rules
// name no channel.
func TestDeadSocketIsToldThroughTheOnlyWebhook(t *testing.T) {
	w := newTroubled(t)
	eng := w.open(t)
	defer eng.store.Close()
	eng.rules.Slack.Channel, eng.rules.Accounts[0].Channel = "", ""
	all := []trouble{{name: troubleSocket, title: "/spend and buttons do not work", reason: "no connection"}}
	if got := eng.openChannel(all); got != notifier.NoChannel {
		t.Errorf("told in %q, want the webhook's own channel", got)
	}
	if got := eng.openChannel(append(all, trouble{name: troubleAll})); got != "" {
		t.Errorf("told in %q, want nowhere", got)
	}
}
