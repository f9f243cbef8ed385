package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
)

// inProcess is a Slack without a network, for bubbles of synctest.
type inProcess func(*http.Request) (*http.Response, error)

func (f inProcess) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answered(code int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: code, Status: http.StatusText(code), Header: header, Body: io.NopCloser(strings.NewReader(body))}
}

func inBubble(t *testing.T, f inProcess) *Client {
	t.Helper()
	c, err := New(Config{Token: secret.New(testToken), Transport: f})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOneMessageASecondInAChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		c := inBubble(t, func(r *http.Request) (*http.Response, error) {
			at = append(at, time.Since(start))
			return answered(200, nil, `{"ok":true,"channel":"C1","ts":"1.2"}`), nil
		})
		item := contents(t)["welcome"]
		item.Channel = "#cloud-spend"
		other := item
		other.Channel = "#data"
		c.Send(t.Context(), item, nil)
		c.Send(t.Context(), other, nil) // another channel need not wait
		c.Send(t.Context(), item, nil)
		c.Send(t.Context(), item, &notifier.Receipt{Channel: "C1", TS: "1.2"}) // the same channel by its ID
		for i, want := range []time.Duration{0, 0, time.Second, 2 * time.Second} {
			if at[i] != want {
				t.Errorf("message %d went after %s, want %s", i, at[i], want)
			}
		}
	})
}

func TestATurnThatComesTooLateIsNotAwaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		c := inBubble(t, func(*http.Request) (*http.Response, error) {
			sent++
			return answered(200, nil, `{"ok":true,"channel":"C1","ts":"1.2"}`), nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		c.Send(ctx, contents(t)["welcome"], nil)
		if out := c.Send(ctx, contents(t)["welcome"], nil); out.Class != notifier.Retry || sent != 1 {
			t.Errorf("got %+v after %d requests, want a retry after one", out, sent)
		}
	})
}

func TestWaitThatSlackAsksFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := inBubble(t, func(*http.Request) (*http.Response, error) {
			return answered(429, http.Header{"Retry-After": {"120"}}, ""), nil
		})
		out := c.Send(t.Context(), contents(t)["welcome"], nil)
		if out.Class != notifier.Retry || out.RetryAfter != 2*time.Minute || time.Since(start) != 0 {
			t.Errorf("got %+v after %s, want a retry in two minutes, at once", out, time.Since(start))
		}
	})
}

func TestRequestsEndAfterTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := inBubble(t, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, errors.New("gave up")
		})
		out := c.Send(t.Context(), contents(t)["welcome"], nil)
		if out.Class != notifier.Ambiguous || time.Since(start) != 10*time.Second {
			t.Errorf("got %+v after %s, want ambiguous after 10s", out, time.Since(start))
		}
	})
}

func TestPaceSpreadsABacklogOfManyChannels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pace
		start := time.Now()
		for n := range 300 {
			if err := p.wait(t.Context(), address{channel: fmt.Sprint("C", n)}); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start).Round(time.Second); took != 58*time.Second {
			t.Errorf("300 channels took %s, want 58s", took)
		}
	})
}
