package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules/report"
)

const testSecret = "8f742231b10e8888abcd99yyyzzz85a5"

func sign(secret, body string, at time.Time) http.Header {
	h := slackfake.Sign(secret, body, at)
	h.Set("Content-Type", "application/x-www-form-urlencoded")
	return h
}

func commandBody(text string) string {
	return url.Values{
		"command": {"/spend"}, "text": {text}, "user_id": {"U012AB3CD"}, "channel_id": {"C0CLOUD"}, "team_id": {"T1"},
	}.Encode()
}

// knowing answers queries in a test.
type knowing func(context.Context, Query) (report.Answer, error)

func (k knowing) Answer(ctx context.Context, q Query) (report.Answer, error) { return k(ctx, q) }

func newCommands(t *testing.T, change func(*CommandsConfig)) *Commands {
	t.Helper()
	config := CommandsConfig{Gate: NewGate(secret.New(testSecret)), Answers: knowing(func(_ context.Context, q Query) (report.Answer, error) { return answerOf(t, q), nil })}
	if change != nil {
		change(&config)
	}
	c, err := NewCommands(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Shutdown(context.Background()) })
	return c
}

func post(c *Commands, method, target, body string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header = header
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w
}

func TestOnlySignedRequestsPass(t *testing.T) {
	body := commandBody("")
	with := func(change func(http.Header)) http.Header {
		h := sign(testSecret, body, time.Now())
		change(h)
		return h
	}
	set := func(key, value string) http.Header { return with(func(h http.Header) { h.Set(key, value) }) }
	without := func(key string) http.Header { return with(func(h http.Header) { h.Del(key) }) }
	large := commandBody(strings.Repeat("x", 64<<10))
	now := time.Now()
	tests := []struct {
		name, method, target, body string
		header                     http.Header
		want                       int
	}{
		{"good", "POST", "/", body, sign(testSecret, body, now), 200},
		{"good, four minutes old", "POST", "/", body, sign(testSecret, body, now.Add(-4*time.Minute)), 200},
		{"charset utf-8", "POST", "/", body, set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"), 200},
		{"other secret", "POST", "/", body, sign("guess", body, now), 401},
		{"other body", "POST", "/", body + "&text=x", sign(testSecret, body, now), 401},
		{"expired", "POST", "/", body, sign(testSecret, body, now.Add(-6*time.Minute)), 401},
		{"future", "POST", "/", body, sign(testSecret, body, now.Add(6*time.Minute)), 401},
		{"no signature", "POST", "/", body, without(signatureHeader), 401},
		{"no timestamp", "POST", "/", body, without(timestampHeader), 401},
		{"two signatures", "POST", "/", body, with(func(h http.Header) { h.Add(signatureHeader, h.Get(signatureHeader)) }), 401},
		{"short signature", "POST", "/", body, set(signatureHeader, "v0=abcd"), 401},
		{"no hex", "POST", "/", body, set(signatureHeader, "v0="+strings.Repeat("z", 64)), 401},
		{"no version", "POST", "/", body, with(func(h http.Header) { h.Set(signatureHeader, h.Get(signatureHeader)[3:]) }), 401},
		{"timestamp of words", "POST", "/", body, set(timestampHeader, "now"), 401},
		{"query string", "POST", "/?text=ack", body, sign(testSecret, body, now), 401},
		{"empty query string", "POST", "/?", body, sign(testSecret, body, now), 401},
		{"too large", "POST", "/", large, sign(testSecret, large, now), 413},
		{"JSON", "POST", "/", body, set("Content-Type", "application/json"), 401},
		{"no content type", "POST", "/", body, without("Content-Type"), 401},
		{"other charset", "POST", "/", body, set("Content-Type", "application/x-www-form-urlencoded; charset=utf-7"), 401},
		{"GET", "GET", "/", "", sign(testSecret, "", now), 405},
		{"no form", "POST", "/", "a;b=%zz", sign(testSecret, "a;b=%zz", now), 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := post(newCommands(t, longOpen), tt.method, tt.target, tt.body, tt.header)
			if w.Code != tt.want {
				t.Errorf("got status %d, want %d", w.Code, tt.want)
			}
			if w.Code != 200 && w.Body.Len() != 0 {
				t.Errorf("got %q for a stranger, want nothing", w.Body)
			}
		})
	}
}

func TestARequestPassesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCommands(t, nil)
		body := commandBody("")
		ahead := sign(testSecret, body, time.Now().Add(4*time.Minute)) // good for nine minutes
		passed := 0
		for i, want := range []int{200, 401, 401} {
			if w := post(c, "POST", "/", body, ahead.Clone()); w.Code != want {
				t.Errorf("request %d: got status %d, want %d", i, w.Code, want)
			} else if w.Code == http.StatusOK {
				passed++
			}
			time.Sleep(4 * time.Minute)
		}
		t.Attr("score", fmt.Sprintf("16 passed=%d", passed))
		for range 1000 {
			post(c, "POST", "/", body, sign(testSecret, body, time.Now()))
			time.Sleep(time.Second)
		}
		if n := len(c.config.Gate.seen.seen); n > 601 || n != len(c.config.Gate.seen.order) {
			t.Errorf("%d signatures are remembered, want those of ten minutes", n)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	var m memory
	now := time.Now()
	for i := range rememberAll {
		if !m.first(strconv.Itoa(i), now) {
			t.Fatalf("%d is not new", i)
		}
	}
	if m.first("0", now) || m.first("one more", now) {
		t.Error("what was seen is forgotten where there is no more room")
	}
	if !m.first("later", now.Add(rememberFor+1)) {
		t.Error("there is no room again later")
	}
	if len(m.seen) != 1 || len(m.order) != 1 {
		t.Errorf("%d and %d are remembered, want one", len(m.seen), len(m.order))
	}
}

func ask(t *testing.T, c *Commands, text string) (response string, plain string) {
	t.Helper()
	body := commandBody(text)
	w := post(c, "POST", "/", body, sign(testSecret, body, time.Now()))
	var got struct {
		ResponseType string            `json:"response_type"`
		Text         string            `json:"text"`
		Blocks       []json.RawMessage `json:"blocks"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("answer %q: %v", w.Body, err)
	}
	if got.ResponseType != "ephemeral" || got.Text == "" || len(got.Blocks) == 0 {
		t.Errorf("got %q, want an ephemeral answer with text and blocks", w.Body)
	}
	return w.Body.String(), got.Text
}

func TestAnswers(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "$132.40 so far"},
		{"  TODAY ", "Today, Sun 5 Apr: no charges known yet"},
		{"yesterday", "Yesterday, Sat 4 Apr"},
		{"—help", "/spend export: the billing period as CSV"},
		{"halp", "Did you mean “help”?"},
		{"tody", "Did you mean “today”?"},
		{"montj", "Did you mean “month”?"},
		{"production", "$132.40 so far"},
		{"“Production”", "$132.40 so far"},
		{"prod", "Nothing is called “prod”; this is production."},
		{"producton", "Nothing is called “producton”; this is production."},
		{"pro", "does not know “pro”."},
		{"durable—OBJECTS", "Durable-Objects: $18.20 so far"},
		{"\u00a0by  Services ", "This billing period: "},
		{"by", "By what?"},
		{"by colour", "does not know “by colour”. Did you mean “by service”?"},
		{"top", "Newest day: $14.35, usually $2.80"},
		{"budgets", "1 of 2 budgets over"},
		{"alerts", "1 alert open"},
		{"forecast", "$540.20 to $702.00"},
		{"why runaway", "Durable-Objects (production): fired, critical"},
		{"why runawey", "No rule is called “runawey”. Did you mean “runaway”?"},
		{"why", "Which rule?"},
		{"ack", "Which alert?"},
		{"ack k3v7qd2a", "cannot be acknowledged or snoozed from here"},
		{"snooze k3v7qd2a soon", "How long?"},
		{"export", "production,Durable-Objects,USD"},
		{hostile, `does not know “\u0026lt;!channel\u0026gt; *bold*`},
		{strings.Repeat("long ", 200), "…"},
	}
	for _, tt := range tests {
		got, text := ask(t, newCommands(t, nil), tt.text)
		if !strings.Contains(got, tt.want) {
			t.Errorf("/spend %.40q answered %q, want %q in it", tt.text, got, tt.want)
		}
		if strings.ContainsAny(text, "<>`~") {
			t.Errorf("/spend %.40q answered text %q, which formats", tt.text, text)
		}
	}
}

// One account of several is answered for alone, in all its currencies; two
// names that are equally near are not guessed between.
func TestAnswersForOneAccount(t *testing.T) {
	all := spends(t)
	for _, change := range []struct{ account, currency string }{{"staging", "USD"}, {"staging", "EUR"}, {"stages", "USD"}} {
		s := all[0]
		s.Account, s.Currency = change.account, change.currency
		all = append(all, s)
	}
	c := newCommands(t, func(c *CommandsConfig) {
		c.Answers = knowing(func(context.Context, Query) (report.Answer, error) { return report.Answer{Spends: all}, nil })
	})
	for text, want := range map[string]string{
		"staging": "$132.40 and €132.40 so far in 1 account", "PRODUCTION": "production: $132.40 so far", "stagin": "does not know", "stag": "does not know",
	} {
		got, _ := ask(t, c, text)
		if !strings.Contains(got, want) || strings.Contains(got, "3 accounts") {
			t.Errorf("/spend %s answered %q, want %q in it", text, got, want)
		}
	}
}

func TestWhoMayAsk(t *testing.T) {
	tests := []struct {
		name string
		read []string
		want string
	}{
		{"everyone", nil, "$132.40"},
		{"the user", []string{"U012AB3CD"}, "$132.40"},
		{"the channel", []string{"C0CLOUD"}, "$132.40"},
		{"others", []string{"U999", "S0123ABCD", ""}, "neither you (U012AB3CD) nor this channel (C0CLOUD)"},
	}
	for _, tt := range tests {
		got, _ := ask(t, newCommands(t, func(c *CommandsConfig) { c.Read = Access{IDs: tt.read} }), "")
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q in it", tt.name, got, tt.want)
		}
	}
}

func TestFailingSpendIsToldPlainly(t *testing.T) {
	c := newCommands(t, func(c *CommandsConfig) {
		c.Answers = knowing(func(ctx context.Context, _ Query) (report.Answer, error) {
			if _, ok := ctx.Deadline(); !ok {
				t.Error("no deadline: an answer could be worked on for ever")
			}
			return report.Answer{}, errors.New("open /secret/path")
		})
	})
	got, _ := ask(t, c, "")
	if !strings.Contains(got, "could not be read") || strings.Contains(got, "secret") {
		t.Errorf("got %q, want a plain word and no detail", got)
	}
}

func TestCommandsNeedASecretAndAnswers(t *testing.T) {
	body := commandBody("")
	c := newCommands(t, func(c *CommandsConfig) { c.Gate = NewGate(secret.Value{}) })
	if w := post(c, "POST", "/", body, sign("", body, time.Now())); w.Code != http.StatusUnauthorized {
		t.Errorf("got status %d without a signing secret, want 401: anybody could ask", w.Code)
	}
	if _, err := NewCommands(CommandsConfig{Gate: NewGate(secret.New(testSecret))}); err == nil {
		t.Error("no error without a source of answers")
	}
}
