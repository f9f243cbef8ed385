package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
	"github.com/billbot/billbot/notifier/slack/slackfake"
)

const processRules = `
accounts:
  - {name: production, id: d0a1a40004778704200000000000a9c2}
poll: 1s
slack: {channel: "#cloud-spend"}
rules:
  - name: whole-account
    budget: {amount: 25, actual: [50%, 80%, 100%]}
  - name: runaway
    spike: {}
`

// outside is a folder with rules, and the two other sides on loopback, for
// billbots that are processes of their own.
type outside struct {
	dir   string
	cloud *cloudflaretest.Server
	slack *fakeSlack
	env   []string
}

func newOutside(t *testing.T) *outside {
	t.Helper()
	recording, err := loopRecording()
	if err != nil {
		t.Fatal(err)
	}
	o := &outside{dir: t.TempDir(), cloud: cloudflaretest.New(recording), slack: newFakeSlack()}
	if err := os.WriteFile(filepath.Join(o.dir, "rules.yaml"), []byte(processRules), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.slack.Listen())
	o.env = append(os.Environ(),
		"CLOUDFLARE_API_TOKEN="+cloudflaretest.Token, "CLOUDFLARE_BASE_URL="+serve(t, o.cloud)+cloudflaretest.Prefix,
		"SLACK_BOT_TOKEN="+slackfake.BotToken, "SLACK_API_URL="+o.slack.URL+"/api/",
	)
	return o
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

// start starts a billbot; testscript.Main has put it into the PATH.
func (o *outside) start(t *testing.T, args ...string) (*exec.Cmd, *processLog) {
	t.Helper()
	log := &processLog{}
	command := exec.Command("billbot", args...)
	command.Dir, command.Env, command.Stdout, command.Stderr = o.dir, o.env, log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	return command, log
}

// processLog is what a process printed so far.
type processLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *processLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *processLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// says waits until the process has printed a text so many times.
func (l *processLog) says(t *testing.T, text string, times int) {
	t.Helper()
	for range 1500 {
		if strings.Count(l.String(), text) >= times {
			return
		}
		<-time.After(20 * time.Millisecond)
	}
	t.Fatalf("never printed %q:\n%s", text, l)
}

// poll runs one poll on a morning; the error is in the log.
func (o *outside) poll(t *testing.T, day fetcher.Day) {
	t.Helper()
	o.pollAt(t, day.Time().Add(7*time.Hour))
}

func (o *outside) pollAt(t *testing.T, now time.Time) {
	t.Helper()
	o.cloud.SetNow(now)
	command, log := o.start(t, "poll", "--now", now.Format(time.RFC3339))
	if err := command.Wait(); err != nil {
		t.Fatalf("poll at %s: %v\n%s", now, err, log)
	}
}

// until waits for something to be true of Slack.
func (o *outside) until(t *testing.T, what string, true func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		change := o.slack.Changed()
		if true() {
			return
		}
		select {
		case <-change:
		case <-deadline:
			t.Fatalf("never happened: %s; in Slack: %+v", what, o.slack.posted(""))
		}
	}
}

// TestMonthOfPolls polls each morning of a month with a new process, while
// Slack is broken for some of them.
func TestMonthOfPolls(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	for day := fetcher.NewDay(2026, time.March, 20); day <= fetcher.NewDay(2026, time.April, 20); day++ {
		switch day {
		case fetcher.NewDay(2026, time.April, 4): // the first costly day is told
			o.slack.ScriptFunc(always(slackfake.ServerError(500)))
		case fetcher.NewDay(2026, time.April, 6):
			limited := slackfake.RateLimited(time.Second)
			o.slack.ScriptFunc(func(n int, _ string) *slackfake.Fault {
				if n%2 == 0 {
					return nil
				}
				return &limited
			})
		case fetcher.NewDay(2026, time.April, 9):
			o.slack.ScriptFunc(nil)
		}
		o.poll(t, day)
	}
	keys := o.slack.keys()
	if len(keys) != 2 || len(twice(keys)) > 0 {
		t.Errorf("alerts: got %v, want one message for the budget and one for the spike", keys)
	}
	if got := o.slack.edits(); got < 10 {
		t.Errorf("edits over the month: got %d, want the messages to have followed the bill", got)
	}
	before := len(o.slack.posted(""))
	o.poll(t, fetcher.NewDay(2026, time.April, 20))
	if after := len(o.slack.posted("")); after != before {
		t.Errorf("a poll with nothing new posted %d messages", after-before)
	}
}

// TestKilledBeforeDelivery kills the daemon with -9 while its first or second
// message is on the way, and after both, and starts it again.
func TestKilledBeforeDelivery(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 3; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			killDuring(t, n)
		})
	}
}

func killDuring(t *testing.T, n int) {
	o := newOutside(t)
	o.poll(t, fetcher.NewDay(2026, time.April, 3))
	welcome := len(o.slack.inChannel())

	now := time.Date(2026, time.April, 4, 7, 0, 0, 0, time.UTC)
	o.cloud.SetNow(now)
	begun := make(chan struct{})
	o.slack.ScriptFunc(hangOn(n, begun))
	args := []string{"run", "--listen", "127.0.0.1:0", "--now", now.Format(time.RFC3339)}
	command, log := o.start(t, args...)
	if n <= 2 {
		<-begun
	} else {
		log.says(t, "message sent", 2)
	}
	command.Process.Kill()
	command.Wait()

	o.slack.ScriptFunc(nil)
	args[len(args)-1] = now.Add(time.Hour).Format(time.RFC3339)
	again, restarted := o.start(t, args...)
	restarted.says(t, "polled", 1)
	o.until(t, "both alerts", func() bool { return len(o.slack.keys()) == 2 })
	again.Process.Signal(os.Interrupt)
	if err := again.Wait(); err != nil {
		t.Errorf("n=%d: stopping: %v", n, err)
	}
	if keys := o.slack.keys(); len(keys) != 2 || len(twice(keys)) > 0 {
		t.Errorf("n=%d: alerts: got %v, want two with one message each\n%s", n, keys, log)
	}
	if got := len(o.slack.inChannel()) - welcome; got != 2 {
		t.Errorf("n=%d: messages: got %d, want 2", n, got)
	}
}

// hangOn lets the nth of the following messages hang, and says when it began.
func hangOn(n int, begun chan<- struct{}) func(int, string) *slackfake.Fault {
	var calls atomic.Int32
	return func(_ int, method string) *slackfake.Fault {
		if !strings.HasPrefix(method, "chat.") || calls.Add(1) != int32(n) {
			return nil
		}
		close(begun)
		return &slackfake.Fault{Hang: true}
	}
}

// always is a fault of every call.
func always(fault slackfake.Fault) func(int, string) *slackfake.Fault {
	return func(int, string) *slackfake.Fault { return &fault }
}

// TestDaemonFollowsTheBill runs the daemon while the days pass at Cloudflare's.
func TestDaemonFollowsTheBill(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	o.poll(t, fetcher.NewDay(2026, time.April, 3))
	o.cloud.SetNow(time.Date(2026, time.April, 4, 7, 0, 0, 0, time.UTC))
	command, log := o.start(t, "run", "--listen", "127.0.0.1:0", "--now", "2026-04-06T07:00:00Z")
	o.until(t, "both alerts", func() bool { return len(o.slack.keys()) == 2 })
	for day := 5; day <= 8; day++ {
		edits := o.slack.edits()
		o.cloud.SetNow(time.Date(2026, time.April, day, 7, 0, 0, 0, time.UTC))
		o.until(t, "both messages edited", func() bool { return o.slack.edits() >= edits+2 })
	}
	command.Process.Signal(os.Interrupt)
	if err := command.Wait(); err != nil {
		t.Errorf("stopping: %v\n%s", err, log)
	}
	if keys := o.slack.keys(); len(keys) != 2 {
		t.Errorf("alerts: got %v, want two\n%s", keys, log)
	}
}
