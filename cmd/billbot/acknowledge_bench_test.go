package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// busyAccounts is how many accounts are polled again and again: as many as a
// sweep asks without waiting.
const busyAccounts = 50

// busy is a billbot that never stops polling, with a Slack that brings commands
// and presses over both ways.
type busy struct {
	b      *testing.B
	public string // where Slack posts to
	slack  string // Slack
	alert  string // by ID: one that stays on

	cloud http.Handler // Cloudflare
	known sync.Map     // its answers, by what was asked, so that to make them costs nothing
	links chan *websocket.Conn
	acks  chan struct{}
	told  chan struct{} // answers that followed an acknowledgement
	sent  int
}

// BenchmarkAcknowledgeWhilePolling measures how long Slack waits for an
// acknowledgement, over HTTP and over a socket, of a question and of a press that
// changes an alert, while every account is polled without a pause. What asks for
// /livez says how much of that is the machine's.
func BenchmarkAcknowledgeWhilePolling(b *testing.B) {
	y := newBusy(b)
	link := <-y.links
	for _, way := range []struct {
		name string
		send func(what string, number int)
	}{
		{"http", y.post},
		{"socket", func(what string, number int) { y.sendOver(link, what, number) }},
	} {
		for _, what := range []string{"livez", "command", "press"} {
			if way.name == "socket" && what == "livez" {
				continue
			}
			b.Run(way.name+"/"+what, func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					y.sent++
					began := time.Now()
					way.send(what, y.sent)
					took = append(took, time.Since(began))
					if way.name == "socket" && what == "command" {
						<-y.told // one person asks at a time
					}
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			})
		}
	}
}

func newBusy(b *testing.B) *busy {
	b.Helper()
	y := &busy{b: b, links: make(chan *websocket.Conn, 2), acks: make(chan struct{}, 100), told: make(chan struct{}, 100)}
	y.slack = y.listen(http.HandlerFunc(y.serveSlack))
	w := newWorld(b, busyRules(), busyCloud()...)
	y.cloud = w.cloud
	settings := map[string]string{
		"CLOUDFLARE_API_TOKEN": cloudflaretest.Token, "CLOUDFLARE_BASE_URL": y.listen(http.HandlerFunc(y.serveCloud)) + cloudflaretest.Prefix,
		"SLACK_BOT_TOKEN": slackfake.BotToken, "SLACK_API_URL": y.slack + "/api/",
		"SLACK_SIGNING_SECRET": pressSecret, "SLACK_APP_TOKEN": slackfake.AppToken,
	}
	w.env.transport, w.env.getenv, w.env.fixed = nil, func(name string) string { return settings[name] }, at7(4)
	eng := w.open(b)
	front, err := w.env.newFront(eng)
	if err != nil {
		b.Fatal(err)
	}
	y.public = y.listen(w.env.handler(eng, front))
	y.poll(w, eng, at7(3))
	y.known.Clear() // another day is known
	y.poll(w, eng, at7(4))
	alerts, err := eng.store.Alerts(b.Context())
	if err != nil || len(alerts) != 1 {
		b.Fatalf("alerts %+v, error %v: want one", alerts, err)
	}
	y.alert = alerts[0].Alert.ID
	shut := front.open(b.Context())
	stop, polling := make(chan struct{}), sync.WaitGroup{}
	polling.Go(func() {
		for now := at7(4); ; now = now.Add(time.Minute) {
			select {
			case <-stop:
				return
			default:
				y.poll(w, eng, now)
			}
		}
	})
	b.Cleanup(func() { close(stop); polling.Wait(); shut(context.Background()); eng.store.Close() })
	return y
}

func (y *busy) poll(w *world, eng *engine, now time.Time) {
	w.cloud.SetNow(now)
	if err := eng.sweep(context.Background(), now); err != nil {
		y.b.Error(err)
	}
}

func (y *busy) listen(h http.Handler) string {
	s := httptest.NewServer(h)
	y.b.Cleanup(s.Close)
	return s.URL
}

// busyRules has a budget that the first account is over for days to come.
func busyRules() string {
	text := "slack: {channel: \"#cloud-spend\"}\nrules: [{name: whole, accounts: [a0], budget: {amount: 1}}, {name: runaway, spike: {}}]\naccounts:\n"
	for i := range busyAccounts {
		text += fmt.Sprintf("  - {name: a%d, id: %032x}\n", i, i+1)
	}
	return text
}

func busyCloud() []cloudflaretest.Recording {
	var cloud []cloudflaretest.Recording
	for i := range busyAccounts {
		account := cloudflaretest.Account{ID: fmt.Sprintf("%032x", i+1), Name: fmt.Sprint("a", i), Currency: "USD", Anchor: 15}
		for k := range 10 {
			account.Series = append(account.Series, cloudflaretest.Steady(fmt.Sprint("Service ", k), fetcher.NewDay(2026, time.February, 1), 120, dollars("1.25")))
		}
		cloud = append(cloud, account.Recording())
	}
	return cloud
}

// serveCloud answers as Cloudflare did when it was asked the same before.
func (y *busy) serveCloud(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.String()
	said, known := y.known.Load(asked)
	if !known {
		answer := httptest.NewRecorder()
		y.cloud.ServeHTTP(answer, r)
		said, _ = y.known.LoadOrStore(asked, answer)
	}
	answer := said.(*httptest.ResponseRecorder)
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
}

// serveSlack takes answers, opens sockets, and counts what is acknowledged.
func (y *busy) serveSlack(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/respond":
		fmt.Fprint(w, "ok")
		y.told <- struct{}{}
	case "/api/apps.connections.open":
		fmt.Fprintf(w, `{"ok":true,"url":"ws://%s/link"}`, r.Host)
	case "/link":
		upgrader := websocket.Upgrader{}
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		conn.WriteJSON(map[string]any{"type": "hello"})
		y.links <- conn
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
			y.acks <- struct{}{}
		}
	default:
		fmt.Fprint(w, `{"ok":false,"error":"unknown_method"}`)
	}
}

// press is a press that changes the alert each time: a snooze of a day, then
// one of a week.
func (y *busy) press(number int) string {
	act := fmt.Sprintf(`{"type":"button","block_id":"alert","action_id":"alert_snooze_24h","value":%q}`, y.alert)
	if number%2 == 0 {
		act = fmt.Sprintf(`{"type":"overflow","block_id":"alert","action_id":"alert_more","selected_option":{"value":"snooze_7d %s"}}`, y.alert)
	}
	return fmt.Sprintf(`{"type":"block_actions","trigger_id":"t%d","user":{"id":"U0ADA"},"channel":{"id":"CCLOUD","name":"cloud-spend"},"response_url":%q,"actions":[%s]}`,
		number, y.slack+"/respond", act)
}

func (y *busy) post(what string, number int) {
	if what == "livez" {
		resp, err := http.Get(y.public + "/livez")
		if err != nil {
			y.b.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		return
	}
	path, form := "/slack/interactions", url.Values{"payload": {y.press(number)}}
	if what == "command" {
		path, form = "/slack/commands", url.Values{"command": {"/spend"}, "text": {"by service"}, "trigger_id": {fmt.Sprint("t", number)}, "response_url": {y.slack + "/respond"}}
	}
	if code, said := sendSigned(y.b, y.public+path, "application/x-www-form-urlencoded", form.Encode()); code != http.StatusOK || what == "press" && said != "" || what == "command" && !strings.Contains(said, "Service 1") {
		y.b.Errorf("%s: got %d %.200s", what, code, said)
	}
}

func (y *busy) sendOver(link *websocket.Conn, what string, number int) {
	kind, payload := "interactive", y.press(number)
	if what == "command" {
		kind, payload = "slash_commands", fmt.Sprintf(`{"command":"/spend","text":"by service","trigger_id":"t%d","response_url":%q}`, number, y.slack+"/respond")
	}
	if err := link.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"envelope_id":"e%d","type":%q,"payload":%s}`, number, kind, payload)); err != nil {
		y.b.Fatal(err)
	}
	<-y.acks
}
