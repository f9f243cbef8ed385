package cloudflare

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/secret"
)

// inProcess carries requests to a handler without a socket, which would stop
// the clock of a synctest bubble.
type inProcess func(http.ResponseWriter, *http.Request)

func (answer inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	answer(recorder, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	response := recorder.Result()
	response.Request = r
	return response, nil
}

func newClient(t *testing.T, transport http.RoundTripper) *Client {
	t.Helper()
	c, err := New(Config{Token: secret.New(token), Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// step is one answer of a scripted server.
type step struct {
	status int
	header map[string]string
	body   string
}

// script answers with one step after the other, and then with the last.
func script(tries *int, steps ...step) inProcess {
	return func(w http.ResponseWriter, _ *http.Request) {
		s := steps[min(*tries, len(steps)-1)]
		*tries++
		for name, value := range s.header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(s.status)
		io.WriteString(w, s.body)
	}
}

func after(value string) map[string]string { return map[string]string{"Retry-After": value} }

func TestRetries(t *testing.T) {
	ok := step{200, nil, envelopeOf(with())}
	cases := map[string]struct {
		steps       []step
		tries       int
		least, most time.Duration // waited
		want        string        // of the error
		retryAfter  time.Duration
	}{
		"at once":           {steps: []step{ok}, tries: 1},
		"500 then fine":     {steps: []step{{500, nil, ""}, ok}, tries: 2, most: time.Second},
		"408 twice":         {steps: []step{{408, nil, ""}, {408, nil, ""}, ok}, tries: 3, most: 3 * time.Second},
		"429 seconds":       {steps: []step{{429, after("7"), ""}, ok}, tries: 2, least: 7 * time.Second, most: 7 * time.Second},
		"429 zero":          {steps: []step{{429, after("0"), ""}, ok}, tries: 2, least: time.Second, most: time.Second},
		"429 date":          {steps: []step{{429, after("Sat, 01 Jan 2000 00:00:09 GMT"), ""}, ok}, tries: 2, least: 9 * time.Second, most: 9 * time.Second},
		"429 past date":     {steps: []step{{429, after("Sat, 01 Jan 1999 00:00:00 GMT"), ""}, ok}, tries: 2, least: time.Second, most: time.Second},
		"server's clock":    {steps: []step{{503, map[string]string{"Retry-After": "Sat, 01 Jan 2022 00:00:20 GMT", "Date": "Sat, 01 Jan 2022 00:00:00 GMT"}, ""}, ok}, tries: 2, least: 20 * time.Second, most: 20 * time.Second},
		"429 nonsense":      {steps: []step{{429, after("soon"), ""}, ok}, tries: 2, most: time.Second},
		"429 negative":      {steps: []step{{429, after("-5"), ""}, ok}, tries: 2, most: time.Second},
		"as long as can be": {steps: []step{{429, after("30"), ""}, {429, after("30"), ""}, ok}, tries: 3, least: time.Minute, most: time.Minute},
		"429 too long":      {steps: []step{{429, after("31"), ""}}, tries: 1, want: "429 Too Many Requests: rate limited; it may be tried again in 31s", retryAfter: 31 * time.Second},
		"429 five minutes":  {steps: []step{{429, after("300"), refusalBody(971, "Please wait")}}, tries: 1, want: "429 Too Many Requests (971: Please wait): rate limited; it may be tried again in 5m0s", retryAfter: 5 * time.Minute},
		"429 date far":      {steps: []step{{429, after("Sat, 01 Jan 2000 01:00:00 GMT"), ""}}, tries: 1, want: "429 Too Many Requests: rate limited; it may be tried again in 1h0m0s", retryAfter: time.Hour},
		"429 absurd":        {steps: []step{{429, after("99999999999999999999999"), ""}}, tries: 1, want: "429 Too Many Requests: rate limited; it may be tried again in 8760h0m0s", retryAfter: mostAsked},
		"503 too long":      {steps: []step{{500, nil, ""}, {503, after("60"), ""}}, tries: 2, most: time.Second, want: "503 Service Unavailable: Cloudflare has trouble; try again later", retryAfter: time.Minute},
		"429 for ever":      {steps: []step{{429, nil, ""}}, tries: 3, most: 3 * time.Second, want: "429 Too Many Requests: rate limited; it may be tried again in some minutes"},
		"429 to the end":    {steps: []step{{429, after("2"), ""}}, tries: 3, least: 4 * time.Second, most: 4 * time.Second, want: "429 Too Many Requests: rate limited; it may be tried again in 2s", retryAfter: 2 * time.Second},
		"500 for ever":      {steps: []step{{500, nil, "<h1>500 " + token}}, tries: 3, most: 3 * time.Second, want: `500 Internal Server Error (the answer is an HTML page: "500 [secret]"): Cloudflare has trouble; try again later`},
		"520":               {steps: []step{{520, nil, ""}}, tries: 3, most: 3 * time.Second, want: "520: Cloudflare has trouble; try again later"},
		"403 after 500":     {steps: []step{{500, nil, ""}, {403, after("9"), ""}}, tries: 2, most: time.Second, want: "403 Forbidden: the token needs Account > Billing > Read"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began, tries := time.Now(), 0
				_, err := usage(t, newClient(t, script(&tries, tt.steps...)))
				waited := time.Since(began)
				if tries != tt.tries || waited < tt.least || waited > tt.most {
					t.Errorf("%d tries in %s, want %d in %s to %s", tries, waited, tt.tries, tt.least, tt.most)
				}
				checkError(t, err, tt.want)
				if e, ok := errors.AsType[*Error](err); ok && e.RetryAfter != tt.retryAfter {
					t.Errorf("RetryAfter: got %s, want %s", e.RetryAfter, tt.retryAfter)
				}
			})
		})
	}
}

// checkError wants an error about production's usage, or none for "".
func checkError(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("error %v", err)
		}
		return
	}
	if want := "cloudflare: get usage of production: " + want; err == nil || err.Error() != want {
		t.Errorf("error\n got %v\nwant %s", err, want)
	}
}

func TestBackoffIsRandomAndGrows(t *testing.T) {
	var longest [3]time.Duration
	seen := map[time.Duration]bool{}
	for range 300 {
		for try := 1; try <= 3; try++ {
			wait := (&Error{}).wait(try)
			longest[try-1] = max(longest[try-1], wait)
			seen[wait] = true
		}
	}
	for i, most := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		if longest[i] >= most || longest[i] < most/2 {
			t.Errorf("longest wait after try %d: got %s, want below %s and not far", i+1, longest[i], most)
		}
	}
	if len(seen) < 800 {
		t.Errorf("%d different waits of 900", len(seen))
	}
}

func TestATryLastsHalfAMinute(t *testing.T) {
	slowHeaders := inProcess(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	slowBody := roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: endless{r.Context()}, Request: r}, nil
	})
	for name, transport := range map[string]http.RoundTripper{"headers": slowHeaders, "body": slowBody} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				_, err := usage(t, newClient(t, transport))
				if took := time.Since(began); took < 90*time.Second || took > 93*time.Second {
					t.Errorf("took %s, want three tries of 30 s", took)
				}
				checkError(t, err, "no answer in time: context deadline exceeded: Cloudflare, or the way to it, is slow; try again later")
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v is no context.DeadlineExceeded", err)
				}
			})
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// endless is a body that trickles for ever.
type endless struct{ ctx context.Context }

func (e endless) Read(p []byte) (int, error) {
	select {
	case <-e.ctx.Done():
		return 0, e.ctx.Err()
	case <-time.After(time.Second):
		return copy(p, " "), nil
	}
}

func (endless) Close() error { return nil }

func TestNetworkErrorsAreTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		c := newClient(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			tries++
			return nil, errors.New("proxy said: " + r.Header.Get("Authorization"))
		}))
		_, err := c.Usage(t.Context(), production, fetcher.NewDay(2026, 4, 1), 0, morning)
		checkScrubbed(t, err)
		checkError(t, err, "proxy said: Bearer [secret]")
		if tries != maxTries {
			t.Errorf("%d tries, want %d", tries, maxTries)
		}
	})
}

func TestAnswersThatBreakOffAreTriedAgain(t *testing.T) {
	var tries atomic.Int32
	body := envelopeOf(with())
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if tries.Add(1) == 1 {
			w.Header().Set("Content-Length", "100000")
		}
		io.WriteString(w, body)
	})
	answer, err := usage(t, c)
	if err != nil || len(answer.Charges) != 1 || tries.Load() != 2 {
		t.Errorf("got %d rows and error %v after %d tries, want 1 row after 2", len(answer.Charges), err, tries.Load())
	}
}

func TestAnswersThatKeepBreakingOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			body := io.MultiReader(strings.NewReader(`{"success":`), brokenReader{})
			return &http.Response{StatusCode: 200, Body: io.NopCloser(body), Request: r}, nil
		}))
		_, err := usage(t, c)
		checkError(t, err, "the answer broke off: io: read/write on closed pipe")
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%v is no io.ErrClosedPipe", err)
		}
	})
}

func TestDeadlineDoesNotHideTheReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began, tries := time.Now(), 0
		_, err := newClient(t, script(&tries, step{429, after("20"), ""})).Usage(ctx, production, 0, 0, morning)
		checkError(t, err, "429 Too Many Requests: rate limited; it may be tried again in 20s")
		if took := time.Since(began); took != 0 || tries != 1 {
			t.Errorf("%d tries in %s, want one, without waiting in vain", tries, took)
		}
	})
}

func TestCancelEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		began, tries := time.Now(), 0
		_, err := newClient(t, script(&tries, step{503, after("20"), ""})).Usage(ctx, production, 0, 0, morning)
		if took := time.Since(began); took != 3*time.Second || tries != 1 || !errors.Is(err, context.Canceled) {
			t.Errorf("%d tries in %s with error %v, want one in 3s, canceled", tries, took, err)
		}
	})
}

func TestCancelEndsTheTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		began := time.Now()
		_, err := newClient(t, inProcess(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })).
			Usage(ctx, production, 0, 0, morning)
		checkError(t, err, "context canceled")
		if took := time.Since(began); took != 3*time.Second || !errors.Is(err, context.Canceled) {
			t.Errorf("took %s with error %v, want 3s, canceled", took, err)
		}
	})
}
