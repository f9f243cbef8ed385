package webhook

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/outbound"
)

// written is a secret of a letter.
func written(letter string) string {
	return "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(letter, 32)))
}

func item() notifier.Item {
	a := spike()
	return notifier.NewSignal("automation", notifier.Signal{Type: "fired", Alert: &a, Account: accountID}, at)
}

// taken is a request as the other side has it.
type taken struct {
	header http.Header
	body   []byte
}

// serve answers requests as answer does, and returns its URL and what came.
func serve(t *testing.T, answer http.HandlerFunc) (string, *[]taken) {
	t.Helper()
	var came []taken
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		came = append(came, taken{r.Header, body})
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, &came
}

func client(t *testing.T, url, secrets string) *Client {
	t.Helper()
	c, err := New(Config{URL: url, Secrets: secret.New(secrets), Allow: outbound.Private(), Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// While a secret is changed, who knows either takes what is sent; who knows
// neither does not. Each attempt has the same ID and the same body.
func TestSignedByEachSecret(t *testing.T) {
	url, came := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	c := client(t, url, written("b")+"\n"+written("a")+"\n")
	for range 2 {
		if got := c.Send(context.Background(), item(), nil); got.Class != notifier.Sent {
			t.Fatalf("got %+v", got)
		}
	}
	for letter, good := range map[string]bool{"a": true, "b": true, "c": false} {
		verifier, err := standardwebhooks.NewWebhook(written(letter))
		if err != nil {
			t.Fatal(err)
		}
		if err := verifier.Verify((*came)[0].body, (*came)[0].header); (err == nil) != good {
			t.Errorf("secret %s: got %v", letter, err)
		}
	}
	first, second := (*came)[0], (*came)[1]
	if id := first.header.Get("webhook-id"); id != item().Key || id != second.header.Get("webhook-id") || string(first.body) != string(second.body) {
		t.Errorf("attempts differ: %v, %v", first.header, second.header)
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		code  int
		after string
		want  notifier.Outcome
	}{
		{200, "", notifier.Outcome{Class: notifier.Sent}},
		{299, "", notifier.Outcome{Class: notifier.Sent}},
		{302, "", notifier.Outcome{Class: notifier.Retry}},
		{401, "", notifier.Outcome{Class: notifier.Retry}},
		{410, "", notifier.Outcome{Class: notifier.Refused}},
		{429, "7", notifier.Outcome{Class: notifier.Retry, RetryAfter: 7 * time.Second}},
		{503, "9999999999", notifier.Outcome{Class: notifier.Retry}},
		{503, "86400", notifier.Outcome{Class: notifier.Retry, RetryAfter: time.Hour}},
		{429, "-1", notifier.Outcome{Class: notifier.Retry, Down: true}},
		{500, "7", notifier.Outcome{Class: notifier.Retry, Down: true}},
	} {
		url, came := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.Header().Set("Retry-After", c.after)
			w.WriteHeader(c.code)
			io.WriteString(w, "canary of the answer")
		})
		got := client(t, url, written("a")).Send(context.Background(), item(), nil)
		if got.Err != nil && (strings.Contains(got.Err.Error(), "canary") || strings.Contains(got.Err.Error(), url)) {
			t.Errorf("%d: told what is not to be told: %v", c.code, got.Err)
		}
		if c.after == "9999999999" { // longer than anybody may ask for
			c.want.RetryAfter = time.Hour
		}
		if got.Class != c.want.Class || got.RetryAfter != c.want.RetryAfter || got.Down != c.want.Down || (got.Err == nil) != (got.Class == notifier.Sent) {
			t.Errorf("%d: got %+v, want %+v", c.code, got, c.want)
		}
		if len(*came) != 1 {
			t.Errorf("%d: %d requests, a redirect was followed", c.code, len(*came))
		}
	}
}

// An answer without an end is not read to it, and one that never begins is given
// up.
func TestAnswerIsBounded(t *testing.T) {
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
				return
			}
		}
	})
	if got := client(t, url, written("a")).Send(context.Background(), item(), nil); got.Class != notifier.Sent {
		t.Errorf("got %+v", got)
	}
	silent, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if got := client(t, silent, written("a")).Send(context.Background(), item(), nil); got.Class != notifier.Retry || !got.Down {
		t.Errorf("got %+v", got)
	}
}

// A name that leads to this machine is found out when it is dialed, whatever it
// led to before.
func TestPrivateAddresses(t *testing.T) {
	url, came := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := strings.Cut(strings.TrimPrefix(url, "http://"), ":")
	c, err := New(Config{URL: "https://localhost:" + port, Secrets: secret.New(written("a"))})
	if err != nil {
		t.Fatal(err)
	}
	got := c.Send(context.Background(), item(), nil)
	if got.Class != notifier.Retry || got.Down || got.Err == nil || !strings.Contains(got.Err.Error(), "not an address of the public Internet") {
		t.Errorf("got %+v", got)
	}
	if len(*came) > 0 {
		t.Error("a private address was reached")
	}
	for _, refused := range []string{"https://127.0.0.1/", "https://169.254.169.254/x", "https://[::1]/", "https://10.1.2.3/", "http://hooks.example.com/", "https://[fe80::1]/"} {
		if _, err := New(Config{URL: refused, Secrets: secret.New(written("a"))}); err == nil {
			t.Errorf("%s is accepted", refused)
		}
	}
}

func TestSecrets(t *testing.T) {
	for _, c := range []struct {
		text string
		good bool
	}{
		{written("a"), true}, {written("a") + ", " + written("b"), true}, {" \n" + written("a") + "\r\n", true},
		{"", false}, {" ", false}, {"whsec_", false}, {"whsec_c2hvcnQ=", false}, {written("a") + " canary", false},
		{strings.TrimPrefix(written("a"), "whsec_"), false}, {"whsec_not base64 at all, this one", false},
		{strings.Repeat(written("a")+" ", 11), false},
	} {
		_, err := New(Config{URL: "https://hooks.example.com/", Secrets: secret.New(c.text)})
		if (err == nil) != c.good {
			t.Errorf("%q: got %v", c.text, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("the error repeats the secret: %v", err)
		}
	}
}
