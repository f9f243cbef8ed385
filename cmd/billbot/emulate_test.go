//go:build emulate

package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/billbot/billbot/fetcher"
)

const emulateToken = "xoxb-emulate"

// emulateSeed is a workspace that has the bot in it. Without an app of that name
// the token is nobody's.
const emulateSeed = `
slack:
  team: {name: Test, domain: test}
  users: [{name: alice, real_name: Alice Anderson, email: alice@example.com, is_admin: true}]
  channels: [{name: general}]
  bots: [{name: billbot}]
  oauth_apps:
    - {client_id: "1.2", client_secret: s, app_id: A000000001, name: billbot, bot_name: billbot, redirect_uris: ["http://127.0.0.1:3000/cb"], scopes: [chat:write, channels:read, channels:history]}
  tokens:
    - {token: ` + emulateToken + `, user: billbot, scopes: [chat:write, channels:read, channels:history, channels:join]}
  strict_scopes: true
`

// emulated is a Slack that other people wrote, and a channel in it.
type emulated struct {
	url     string // without /api/
	channel string // ID
	api     *slackgo.Client
}

// startEmulate starts emulate from .ci/slack, and has the bot join #general.
func startEmulate(t *testing.T) *emulated {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", ".ci", "slack", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	seed := filepath.Join(t.TempDir(), "seed.yaml")
	if err := os.WriteFile(seed, []byte(emulateSeed), 0o600); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	e := &emulated{url: "http://127.0.0.1:" + port}
	node := filepath.Join(dir, ".bin", "node")
	if _, err := os.Stat(node); err != nil {
		node = "node"
	}
	command := exec.Command(node, filepath.Join(dir, "emulate", "dist", "index.js"),
		"start", "--service", "slack", "--port", port, "--seed", seed, "--base-url", e.url)
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatalf("starting emulate; npm ci in .ci/slack installs it: %v", err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	said := bufio.NewScanner(stdout)
	for said.Scan() && !strings.Contains(said.Text(), "Ready") {
	}
	e.join(t)
	return e
}

// freePort is a port of loopback that nobody listens to just now.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

// bearer sends the token in a header: emulate reads no other.
type bearer struct{}

func (bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+emulateToken)
	return http.DefaultTransport.RoundTrip(r)
}

func (e *emulated) join(t *testing.T) {
	t.Helper()
	e.api = slackgo.New(emulateToken, slackgo.OptionAPIURL(e.url+"/api/"), slackgo.OptionHTTPClient(&http.Client{Transport: bearer{}}))
	channels, _, err := e.api.GetConversationsContext(t.Context(), &slackgo.GetConversationsParameters{})
	if err != nil || len(channels) == 0 {
		t.Fatalf("no channels: %v, %v", channels, err)
	}
	e.channel = channels[0].ID
	if _, _, _, err := e.api.JoinConversationContext(t.Context(), e.channel); err != nil {
		t.Fatal(err)
	}
}

// newEmulated is a billbot that is built as people build it, with emulate as its
// Slack. What goes between them goes through.
func newEmulated(t *testing.T, through func(http.RoundTripper) http.RoundTripper) (*outside, *emulated) {
	t.Helper()
	bin := t.TempDir()
	build := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(bin, "billbot"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building billbot: %v\n%s", err, said)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	o, e := newOutside(t), startEmulate(t)
	to, err := url.Parse(e.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
		Transport: through(http.DefaultTransport),
		ErrorLog:  log.New(io.Discard, "", 0), // what is lost is lost on purpose
	})
	t.Cleanup(proxy.Close)
	o.env = append(o.env, "SLACK_API_URL="+proxy.URL+"/api/", "SLACK_BOT_TOKEN="+emulateToken)
	written := strings.Replace(monthRules, "CHANNEL", e.channel, 1)
	if err := writeRules(filepath.Join(o.dir, "rules.yaml"), written); err != nil {
		t.Fatal(err)
	}
	return o, e
}

// TestEmulatedMonth replays the month of TestMonth to a Slack that is not ours,
// with billbot as it is built: alerts fire, are edited, grow threads, escalate
// and end, and summaries go out. What it said and what the channel shows is the
// same to the letter.
func TestEmulatedMonth(t *testing.T) {
	var said *transcript
	o, e := newEmulated(t, func(slack http.RoundTripper) http.RoundTripper {
		said = newTranscript(slack)
		return said
	})
	for day := monthFirst; day <= monthLast; day++ {
		said.at(day)
		o.pollAt(t, morningOf(day))
	}
	checkMonth(t, said, e.api, e.channel)
}

// TestEmulatedLostAnswer loses the answer to a post that emulate has accepted:
// billbot finds the message by its metadata, and does not repeat it.
func TestEmulatedLostAnswer(t *testing.T) {
	var lost atomic.Int32
	o, e := newEmulated(t, func(slack http.RoundTripper) http.RoundTripper {
		return trip(func(r *http.Request) (*http.Response, error) {
			reply, err := slack.RoundTrip(r)
			if err == nil && strings.HasSuffix(r.URL.Path, "chat.postMessage") && lost.CompareAndSwap(0, 1) {
				reply.Body.Close()
				return nil, http.ErrServerClosed // the proxy answers 502
			}
			return reply, err
		})
	})
	day := fetcher.NewDay(2026, time.April, 3)
	for hours := range 3 {
		o.pollAt(t, morningOf(day).Add(time.Duration(hours)*time.Hour))
	}
	history, err := e.api.GetConversationHistoryContext(t.Context(), &slackgo.GetConversationHistoryParameters{ChannelID: e.channel, IncludeAllMetadata: true})
	if err != nil {
		t.Fatal(err)
	}
	count := map[any]int{}
	for _, m := range history.Messages {
		count[m.Metadata.EventPayload["key"]]++
	}
	if lost.Load() != 1 || len(count) < 2 {
		t.Fatalf("%d answers were lost, messages by key: %v", lost.Load(), count)
	}
	for key, n := range count {
		if n != 1 {
			t.Errorf("%v has %d messages, want 1", key, n)
		}
	}
}
