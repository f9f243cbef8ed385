package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// markers are secrets that can be found again wherever they went.
var markers = map[string]string{
	"CLOUDFLARE_API_TOKEN": "cf-marker-token-4c1d7e",
	"SLACK_BOT_TOKEN":      "xoxb-marker-bot-9a2b3c",
	"SLACK_APP_TOKEN":      "xapp-marker-app-5d6e7f",
	"SLACK_SIGNING_SECRET": "marker-signing-secret-8b7a",
	"SLACK_WEBHOOK_URL":    "https://hooks.slack.com/services/T0/B0/marker-webhook-1f2e",

	"SLACK_SIGNING_SECRET_OLD": "marker-old-signing-secret-0a1b",
	"HEARTBEAT_URL":            "https://heartbeat.example/marker-heartbeat-2c3d",
}

// marked finds a secret, or enough of one to matter.
var marked = regexp.MustCompile(`marker-(token|bot|app|signing|webhook|old|heartbeat)`)

// parrot answers like a server or proxy that repeats what it was sent, in one
// way after the other.
type parrot struct {
	mu    sync.Mutex
	asked int
	said  []string // texts of messages that reached Slack
}

func (p *parrot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	heard := r.Header.Get("Authorization") + " " + strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	for _, part := range strings.Split(string(body), "&") {
		if !strings.HasPrefix(part, "token=") {
			p.said = append(p.said, part)
		}
	}
	switch p.asked % 9 {
	case 0:
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, `{"success":false,"ok":false,"error":"bad token %[1]s","errors":[{"code":1000,"message":"bad token %[1]s"}],"result":null}`, heard)
	case 1:
		fmt.Fprintf(w, "<html><title>Proxy %s</title>%s</html>", heard, heard)
	case 2:
		w.Header().Set("Location", "https://"+strings.ReplaceAll(heard, " ", ".")+".example/"+heard)
		w.WriteHeader(http.StatusMovedPermanently)
	case 3:
		fmt.Fprintf(w, `{"success":true,"ok":true,"result":[{"ServiceName":"%s"}],"%s":1}`, heard, heard)
	case 4:
		fmt.Fprintf(w, `{"success":false,"ok":false,"error":%q,"messages":[%q],"result":{"a":%q}}`, heard, heard, heard)
	case 5:
		w.Header().Set("X-Echo", heard)
		w.WriteHeader(http.StatusInternalServerError)
		io.WriteString(w, heard)
	case 6:
		w.Header().Set("Retry-After", heard)
		w.WriteHeader(http.StatusTooManyRequests)
	case 7:
		w.Header().Set("Content-Length", "100000")
		io.WriteString(w, `{"result":"`+heard)
	default:
		panic(http.ErrAbortHandler)
	}
}

// TestNoSecretComesOut runs billbot with markers for secrets against sides that
// repeat them, and looks for them in all that it printed, answered, sent and
// kept.
func TestNoSecretComesOut(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	cloud, slack := &parrot{}, &parrot{}
	good := o.env
	bad := append(append([]string{}, good...), "CLOUDFLARE_BASE_URL="+serve(t, cloud)+"/client/v4", "SLACK_API_URL="+serve(t, slack)+"/api/")
	for name, value := range markers {
		bad = append(bad, name+"="+value)
	}
	o.poll(t, fetcher.NewDay(2026, time.April, 3)) // so that there is something to deliver, and to keep
	o.env = bad
	var out strings.Builder
	command := func(args ...string) {
		process, log := o.start(t, args...)
		_ = process.Wait()
		out.WriteString(log.String())
	}
	for range 10 {
		command("poll")
	}
	for _, args := range [][]string{{"spend"}, {"alerts"}, {"history"}, {"check"}, {"check-db"}, {"version"}, {"--help"}} {
		command(args...)
	}
	o.env = append(bad, "SLACK_BOT_TOKEN="+markers["SLACK_APP_TOKEN"], "CLOUDFLARE_API_TOKEN="+markers["CLOUDFLARE_API_TOKEN"]+" x")
	command("poll")
	o.env = append(bad, "SLACK_BOT_TOKEN_FILE="+markers["SLACK_WEBHOOK_URL"])
	command("poll")
	o.env = append(bad, "CLOUDFLARE_BASE_URL=http://"+markers["CLOUDFLARE_API_TOKEN"]+"@example.com", "SLACK_API_URL=http://x:"+markers["SLACK_BOT_TOKEN"]+"@example.com")
	command("poll")

	o.env = bad
	daemon, log := o.start(t, "run", "--listen", "127.0.0.1:0")
	log.says(t, "failed=1", 3)
	out.WriteString(askEverything(t, log))
	command("backup", "copy.db")
	daemon.Process.Signal(syscall.SIGQUIT) // as the runtime prints a crash
	_ = daemon.Wait()
	out.WriteString(log.String())
	if !strings.Contains(out.String(), "[secret]") || !strings.Contains(out.String(), "goroutine ") {
		t.Error("nothing was repeated, so that nothing was tried")
	}
	unmarked(t, "output and answers", out.String())
	unmarked(t, "messages", strings.Join(slack.said, "\n")+strings.Join(cloud.said, "\n"))
	unmarkedFiles(t, o.dir)
	t.Attr("score", fmt.Sprintf("17 secrets=%d found=%d", len(markers), len(marked.FindAllString(out.String(), -1))))
}

// askEverything asks what the daemon listens to, with forged requests too.
func askEverything(t *testing.T, log *processLog) string {
	t.Helper()
	address := regexp.MustCompile(`msg=listening addr=(\S+)`).FindStringSubmatch(log.String())
	var heard bytes.Buffer
	for _, path := range []string{"/livez", "/readyz", "/healthz", "/metrics", "/", "/slack/commands", "/debug/pprof/", "/debug/vars"} {
		response, err := http.Get("http://" + address[1] + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Write(&heard)
		response, err = http.Post("http://"+address[1]+path, "application/x-www-form-urlencoded", strings.NewReader("text=x"))
		if err != nil {
			t.Fatal(err)
		}
		response.Write(&heard)
	}
	return heard.String()
}

func unmarked(t *testing.T, where, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if marked.MatchString(line) {
			t.Errorf("a secret in %s: %s", where, line)
		}
	}
}

func unmarkedFiles(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if found := marked.Find(data); found != nil {
			t.Errorf("a secret in %s: %s", filepath.Base(path), found)
		}
		return err
	})
	if err != nil || files < 4 {
		t.Errorf("%d files, error %v, want rules, database, lock and backup", files, err)
	}
}
