package slack

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// forgery spoils a request that Slack signed, so that it must not pass.
type forgery func(r *forgedRequest)

type forgedRequest struct {
	method, target, body string
	header               http.Header
}

func setting(name, value string) forgery { return func(r *forgedRequest) { r.header.Set(name, value) } }

func dropping(name string) forgery { return func(r *forgedRequest) { r.header.Del(name) } }

// signing signs the body anew, as somebody who knows less than Slack would.
func signing(secret string, off time.Duration) forgery {
	return func(r *forgedRequest) { maps.Copy(r.header, signedFor(r, secret, off)) }
}

func signedFor(r *forgedRequest, secret string, off time.Duration) http.Header {
	header := sign(secret, r.body, time.Now().Add(off))
	header.Set("Content-Type", r.header.Get("Content-Type"))
	return header
}

// later moves the timestamp, which is signed.
func later(seconds int64) forgery {
	return func(r *forgedRequest) {
		at, _ := strconv.ParseInt(r.header.Get(timestampHeader), 10, 64)
		r.header.Set(timestampHeader, fmt.Sprint(at+seconds))
	}
}

// signature changes the text of the signature.
func signature(change func(string) string) forgery {
	return func(r *forgedRequest) { r.header.Set(signatureHeader, change(r.header.Get(signatureHeader))) }
}

// forgeries are what strangers try, whatever the address.
func forgeries() map[string]forgery {
	return map[string]forgery{
		"no signature": dropping(signatureHeader), "no timestamp": dropping(timestampHeader), "neither": func(r *forgedRequest) { r.header = http.Header{"Content-Type": r.header["Content-Type"]} },
		"empty signature": setting(signatureHeader, ""), "empty timestamp": setting(timestampHeader, ""), "words for a timestamp": setting(timestampHeader, "now"),
		"a fraction": setting(timestampHeader, "1.5"), "a negative timestamp": setting(timestampHeader, "-1"), "a timestamp too large": setting(timestampHeader, "99999999999999999999"),
		"another second": later(1), "an hour later": later(3600),
		"another secret": signing("guess", 0), "no secret": signing("", 0), "expired": signing(testSecret, -6*time.Minute), "long expired": signing(testSecret, -30*24*time.Hour),
		"future": signing(testSecret, 6*time.Minute), "far future": signing(testSecret, 30*24*time.Hour),
		"short": signature(func(s string) string { return s[:20] }), "long": signature(func(s string) string { return s + "00" }), "odd": signature(func(s string) string { return s[:len(s)-1] }),
		"no version": signature(func(s string) string { return s[3:] }), "another version": signature(func(s string) string { return "v1=" + s[3:] }),
		"no hex": signature(func(string) string { return "v0=" + strings.Repeat("z", 64) }), "zeros": signature(func(string) string { return "v0=" + strings.Repeat("0", 64) }),
		"version alone": signature(func(string) string { return "v0=" }), "backwards": signature(func(s string) string { b := []byte(s[3:]); slices.Reverse(b); return "v0=" + string(b) }),
		"last digit": signature(func(s string) string {
			return s[:len(s)-1] + map[bool]string{true: "1", false: "0"}[s[len(s)-1] == '0']
		}),
		"two signatures": func(r *forgedRequest) { r.header.Add(signatureHeader, r.header.Get(signatureHeader)) },
		"two timestamps": func(r *forgedRequest) { r.header.Add(timestampHeader, r.header.Get(timestampHeader)) },
		"longer body":    func(r *forgedRequest) { r.body += " " }, "shorter body": func(r *forgedRequest) { r.body = r.body[1:] }, "no body": func(r *forgedRequest) { r.body = "" },
		"repeated body": func(r *forgedRequest) { r.body += "&" + r.body }, "upper body": func(r *forgedRequest) { r.body = strings.ToUpper(r.body) },
		"query": func(r *forgedRequest) { r.target += "?text=ack" }, "query of the body": func(r *forgedRequest) { r.target += "?" + commandBody("ack") }, "empty query": func(r *forgedRequest) { r.target += "?" },
		"GET": func(r *forgedRequest) { r.method = http.MethodGet }, "PUT": func(r *forgedRequest) { r.method = http.MethodPut }, "HEAD": func(r *forgedRequest) { r.method = http.MethodHead },
		"no content type": dropping("Content-Type"), "text": setting("Content-Type", "text/plain"), "multipart": setting("Content-Type", "multipart/form-data; boundary=x"),
		"another charset":   func(r *forgedRequest) { r.header.Set("Content-Type", r.header.Get("Content-Type")+"; charset=utf-7") },
		"two content types": func(r *forgedRequest) { r.header.Add("Content-Type", "text/plain") },
		"too large": func(r *forgedRequest) {
			r.body = strings.Repeat("x", 2<<20)
			maps.Copy(r.header, signedFor(r, testSecret, 0))
		},
	}
}

// address is one that Slack calls.
type calledAddress struct {
	body, contentType string
	serve             func(http.ResponseWriter, *http.Request)
}

// TestForgedRequests tries every forgery at every address, and what is made of
// good requests by chance. Nothing passes, and nothing is done.
func TestForgedRequests(t *testing.T) {
	var done atomic.Int64
	c := newCommands(t, func(c *CommandsConfig) {
		longOpen(c)
		c.Event = func(context.Context, slackevents.EventsAPIEvent) { done.Add(1) }
		c.Answers = knowing(func(context.Context, Query) (report.Answer, error) { done.Add(1); return report.Answer{}, nil })
		c.Interactor = counting{done: &done}
	})
	const form = "application/x-www-form-urlencoded"
	addresses := map[string]calledAddress{
		"/slack/commands":     {commandBody(""), form, c.ServeHTTP},
		"/slack/interactions": {"payload=%7B%22type%22%3A%22block_actions%22%7D", form, c.ServeInteraction},
		"/slack/events":       {opened("U012AB3CD", "home"), "application/json", c.ServeEvent},
	}
	forged, accepted := 0, 0
	for path, a := range addresses {
		attempts := forgeries()
		for i := range chances() {
			attempts[fmt.Sprint("chance ", i)] = byChance
		}
		for name, forge := range attempts {
			forged++
			if w := a.call(path, forge); w.Code < 400 || w.Body.Len() > 0 {
				accepted++
				t.Errorf("%s, %s: got %d %q, want a refusal without a word", path, name, w.Code, w.Body)
			}
		}
	}
	c.work.Wait()
	if done.Load() > 0 {
		t.Errorf("%d of them did something", done.Load())
	}
	t.Attr("score", fmt.Sprintf("16 kinds=%d forged=%d accepted=%d done=%d", len(addresses)*len(forgeries()), forged, accepted, done.Load()))
	for path, a := range addresses {
		if w := a.call(path, func(*forgedRequest) {}); w.Code != http.StatusOK {
			t.Errorf("%s: what Slack signed got %d", path, w.Code)
		}
	}
	c.work.Wait()
	if done.Load() != int64(len(addresses)) {
		t.Errorf("%d of %d that Slack signed did something", done.Load(), len(addresses))
	}
}

// counting counts the presses that reach it.
type counting struct {
	Interactor
	done *atomic.Int64
}

func (c counting) Handle(context.Context, slack.InteractionCallback) (any, error) {
	c.done.Add(1)
	return nil, nil
}

// chances is how many forgeries by chance are tried at each address.
func chances() int {
	switch os.Getenv("BILLBOT_SCORE") {
	case "short":
		return 50_000
	case "long":
		return 2_000_000
	}
	return 500
}

// byChance changes a byte of what is signed, or of the signature.
func byChance(r *forgedRequest) {
	change := func(text string) string {
		b := []byte(text)
		b[rand.IntN(len(b))] ^= byte(1 + rand.IntN(255))
		return string(b)
	}
	switch rand.IntN(3) {
	case 0:
		r.body = change(r.body)
	case 1:
		r.header.Set(timestampHeader, change(r.header.Get(timestampHeader)))
	default:
		was := r.header.Get(signatureHeader)
		for strings.EqualFold(r.header.Get(signatureHeader), was) { // hex is the same in capitals
			r.header.Set(signatureHeader, change(was))
		}
	}
}

func (a calledAddress) call(path string, forge forgery) *httptest.ResponseRecorder {
	f := &forgedRequest{http.MethodPost, path, a.body, sign(testSecret, a.body, time.Now())}
	f.header.Set("Content-Type", a.contentType)
	forge(f)
	r := httptest.NewRequest(f.method, f.target, strings.NewReader(f.body))
	r.Header = f.header
	w := httptest.NewRecorder()
	a.serve(w, r)
	return w
}
