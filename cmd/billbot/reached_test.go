package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules"
)

// way is how what people do in Slack comes to billbot.
type way string

const (
	signedHTTP way = "http"
	socketMode way = "socket"
)

// bothWays runs a test of a billbot that has the secret of one way alone, for
// each of the two.
func bothWays(t *testing.T, test func(*testing.T, *reached)) { bothWaysUnder(t, reachedRules, test) }

func bothWaysUnder(t *testing.T, rulesFile string, test func(*testing.T, *reached)) {
	for _, w := range []way{signedHTTP, socketMode} {
		t.Run(string(w), func(t *testing.T) {
			t.Parallel()
			test(t, newReached(t, w, rulesFile))
		})
	}
}

// reached is a billbot that one way leads to. Its Durable Objects ran away, which
// its channel was told on 4 April.
type reached struct {
	t     *testing.T
	way   way
	slack *fakeSlack
	eng   *engine
	addr  string // of what Slack posts to
}

const reachedRules = actionRules + "  - name: whole-account\n    budget: {amount: 100000}\n"

func newReached(t *testing.T, by way, rulesFile string) *reached {
	t.Helper()
	recording, err := loopRecording()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, rulesFile, recording)
	t.Cleanup(w.slack.Listen())
	w.slack.AddPeople("cloud-spend", "U0ADA")
	settings := map[string]string{
		"CLOUDFLARE_API_TOKEN": cloudflaretest.Token, "CLOUDFLARE_BASE_URL": serve(t, w.cloud) + cloudflaretest.Prefix,
		"SLACK_BOT_TOKEN": slackfake.BotToken, "SLACK_API_URL": w.slack.URL + "/api/",
		"BILLBOT_WEBHOOK_SECRET": hookSecret,
	}
	switch by {
	case signedHTTP:
		settings["SLACK_SIGNING_SECRET"] = slackfake.SigningSecret
	case socketMode:
		settings["SLACK_APP_TOKEN"] = slackfake.AppToken
	}
	w.env.transport, w.env.getenv, w.env.fixed = nil, func(name string) string { return settings[name] }, at7(4)
	r := &reached{t: t, way: by, slack: w.slack, eng: w.open(t)}
	front, err := w.env.newFront(r.eng)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.env.handler(r.eng, front))
	shut := front.open(context.Background())
	t.Cleanup(func() { shut(context.Background()); server.Close(); r.eng.store.Close() })
	r.addr = server.URL
	for _, morning := range []time.Time{at7(3), at7(4)} {
		w.cloud.SetNow(morning)
		if err := r.eng.sweep(t.Context(), morning); err != nil {
			t.Fatal(err)
		}
		r.deliver()
	}
	return r
}

func (r *reached) deliver() {
	r.t.Helper()
	r.eng.interactions.Wait()
	if err := r.eng.deliver(r.t.Context(), at7(4)); err != nil {
		r.t.Fatal(err)
	}
}

// bring has a request come, and returns what billbot says at once.
func (r *reached) bring(request slackfake.Request, err error) string {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(r.t.Context(), 20*time.Second)
	defer cancel()
	if r.way == socketMode {
		ack, err := r.slack.Deliver(ctx, request)
		if err != nil {
			r.t.Fatal(err)
		}
		return string(ack.Payload)
	}
	status, said, err := r.slack.Post(ctx, r.addr, request)
	if err != nil || status != http.StatusOK {
		r.t.Fatalf("status %d, error %v", status, err)
	}
	return said
}

// ask types /spend in the alert's channel, and returns the private answer.
func (r *reached) ask(typed string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 20*time.Second)
	defer cancel()
	command := r.slack.Command("U0ADA", "#cloud-spend", "/spend", typed)
	if r.way == signedHTTP {
		answer, err := askOverHTTP(ctx, r.slack.Server, r.addr, command)
		if err != nil {
			r.t.Fatal(err)
		}
		return answer
	}
	answer, err := askOverSocket(ctx, r.slack.Server, command)
	if err != nil {
		r.t.Fatal(err)
	}
	return answer
}

// until waits for something that Slack is told.
func (r *reached) until(what string, is func() bool) {
	r.t.Helper()
	late := time.After(20 * time.Second)
	for {
		changed := r.slack.Changed()
		if is() {
			return
		}
		select {
		case <-changed:
		case <-late:
			r.t.Fatalf("Slack was never told: %s", what)
		}
	}
}

func (r *reached) alert() rules.Alert {
	r.t.Helper()
	alerts, err := r.eng.store.Alerts(r.t.Context())
	if err != nil || len(alerts) != 1 {
		r.t.Fatalf("alerts: %+v, error %v", alerts, err)
	}
	return alerts[0].Alert
}

// root is the alert's message, as it is now.
func (r *reached) root() slackfake.Message { return r.slack.posted(slack.EventAlert)[0].Message }

// shown is the views of a method so far.
func (r *reached) shown(method string) []slackfake.View {
	var views []slackfake.View
	for _, v := range r.slack.Views() {
		if v.Method == method {
			views = append(views, v)
		}
	}
	return views
}
