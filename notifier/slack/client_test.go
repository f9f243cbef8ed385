package slack

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/google/go-cmp/cmp"
)

func TestEveryErrorHasItsClass(t *testing.T) {
	tests := []struct {
		name   string
		answer slackfake.Fault
		want   notifier.Class
		after  time.Duration
		says   string
		pauses notifier.Pause
	}{
		{"accepted", slackfake.Fault{}, notifier.Sent, 0, "", ""},
		{"429", status(429, "7"), notifier.Retry, 7 * time.Second, "wait 7s", ""},
		{"429 without a time", status(429, ""), notifier.Retry, 30 * time.Second, "wait 30s", ""},
		{"429 with nonsense", status(429, "soon"), notifier.Retry, 30 * time.Second, "wait 30s", ""},
		{"429 for ever", status(429, "99999999"), notifier.Retry, time.Hour, "wait 1h", ""},
		{"ratelimited", refuse("ratelimited"), notifier.Retry, 30 * time.Second, "ratelimited", ""},
		{"500", status(500, ""), notifier.Ambiguous, 0, "500", ""},
		{"503", status(503, ""), notifier.Ambiguous, 0, "503", ""},
		{"proxy refuses", status(403, ""), notifier.Retry, 0, "403", ""},
		{"redirect", slackfake.Fault{Status: 302, Header: http.Header{"Location": {"/elsewhere"}}}, notifier.Retry, 0, "not followed", ""},
		{"hung up", slackfake.Dropped(), notifier.Ambiguous, 0, "EOF", ""},
		{"timeout", slackfake.Hanging(), notifier.Ambiguous, 0, "sending to #cloud-spend", ""},
		{"not JSON", body("<html>"), notifier.Ambiguous, 0, "reading Slack's answer", ""},
		{"cut off", body(`{"ok":true,"ts":"1`), notifier.Ambiguous, 0, "reading Slack's answer", ""},
		{"too large", body(`{"ok":true,"x":"` + strings.Repeat("x", maxResponse) + `","ts":"1.2"}`), notifier.Ambiguous, 0, "reading", ""},
		{"no ts", body(`{"ok":true,"channel":"C1"}`), notifier.Ambiguous, 0, "names no message", ""},
		{"internal", refuse("internal_error"), notifier.Ambiguous, 0, "internal_error", ""},
		{"fatal", refuse("fatal_error"), notifier.Ambiguous, 0, "fatal_error", ""},
		{"unavailable", refuse("service_unavailable"), notifier.Ambiguous, 0, "service_unavailable", ""},
		{"request timeout", refuse("request_timeout"), notifier.Ambiguous, 0, "request_timeout", ""},
		{"unknown code", refuse("brand_new"), notifier.Ambiguous, 0, "brand_new", ""},
		{"not in channel", refuse("not_in_channel"), notifier.Closed, 0, "invite @billbot to #cloud-spend", notifier.PauseChannel},
		{"no channel", refuse("channel_not_found"), notifier.Closed, 0, "invite @billbot to #cloud-spend", notifier.PauseChannel},
		{"archived", refuse("is_archived"), notifier.Closed, 0, "archived", notifier.PauseChannel},
		{"restricted", refuse("restricted_action_read_only_channel"), notifier.Closed, 0, "admins", notifier.PauseChannel},
		{"too long", refuse("msg_too_long"), notifier.Refused, 0, "msg_too_long", ""},
		{"no text", refuse("no_text"), notifier.Refused, 0, "no_text", ""},
		{"revoked", refuse("token_revoked"), notifier.Closed, 0, "reinstall", ""},
		{"bad token", refuse("invalid_auth"), notifier.Closed, 0, "SLACK_BOT_TOKEN", ""},
		{"inactive", refuse("account_inactive"), notifier.Closed, 0, "reinstall", ""},
		{"no token", refuse("not_authed"), notifier.Closed, 0, "SLACK_BOT_TOKEN", ""},
		{"scope", body(`{"ok":false,"error":"missing_scope","needed":"chat:write"}`), notifier.Closed, 0, "add the scope chat:write", ""},
		{"token echoed", refuse(testToken), notifier.Ambiguous, 0, secret.Hidden, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, tt.answer)
			got := s.client(t).Send(t.Context(), contents(t)["spike_warning"], nil)
			checkOutcome(t, got, tt.want, tt.says)
			if got.RetryAfter != tt.after {
				t.Errorf("got %s to wait, want %s", got.RetryAfter, tt.after)
			}
			if want := tt.pauses; got.Pauses != want {
				t.Errorf("got %q to pause, want %q", got.Pauses, want)
			}
			if n := len(s.requests()); n != 1 {
				t.Errorf("got %d requests, want 1: nothing is sent again on a guess", n)
			}
		})
	}
}

func checkOutcome(t *testing.T, got notifier.Outcome, class notifier.Class, says string) {
	t.Helper()
	if got.Class != class {
		t.Errorf("got class %s (%v), want %s", got.Class, got.Err, class)
	}
	if (got.Err == nil) != (class == notifier.Sent) {
		t.Errorf("got error %v for class %s", got.Err, got.Class)
	}
	if got.Err == nil {
		return
	}
	if text := got.Err.Error(); strings.Contains(text, testToken) || !strings.Contains(text, says) {
		t.Errorf("got error %q, want it to say %q and no token", text, says)
	}
}

func TestWhatNeverLeftIsTriedAgain(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0) // its certificate is nobody's
	tls.StartTLS()
	defer tls.Close()
	lost := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "slack.com", IsNotFound: true}
	}}
	for name, config := range map[string]Config{"refused": {APIURL: closed.URL}, "tls": {APIURL: tls.URL}, "dns": {Transport: lost}} {
		config.Token = secret.New(testToken)
		c, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		got := c.Send(t.Context(), contents(t)["welcome"], nil)
		t.Logf("%s: %v", name, got.Err)
		checkOutcome(t, got, notifier.Retry, "sending to")
	}
}

func TestPostEditAndReply(t *testing.T) {
	t.Parallel() // the pace takes real seconds
	s := newServer(t)
	c := s.client(t)
	all := contents(t)
	send := func(item string, receipt *notifier.Receipt) *notifier.Receipt {
		t.Helper()
		out := c.Send(t.Context(), all[item], receipt)
		checkOutcome(t, out, notifier.Sent, "")
		if out.Receipt.SentAt.IsZero() {
			t.Errorf("%s: no time in %+v", item, out.Receipt)
		}
		return &out.Receipt
	}
	root := send("spike_warning", nil)
	edited := send("spike_resolved", root)
	reply := send("escalation_reply", root)
	if edited.Channel != root.Channel || edited.TS != root.TS || reply.TS == root.TS {
		t.Errorf("got receipts %+v, %+v and %+v, want the first two to be of one message", root, edited, reply)
	}
	type is struct {
		Channel, TS, Thread string
		Broadcast           bool
		Edits               int
	}
	var got []is
	for _, m := range s.Messages("#cloud-spend") {
		got = append(got, is{m.Channel, m.TS, m.Thread, m.Broadcast, m.Edits})
		if m.Metadata.EventPayload["key"] != "k7q2m4xa" || m.Blocks == "" || m.Text == "" {
			t.Errorf("%s lacks metadata, blocks or text: %+v", m.TS, m)
		}
	}
	want := []is{{root.Channel, root.TS, "", false, 1}, {root.Channel, reply.TS, root.TS, true, 0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages differ (-want +got):\n%s", diff)
	}
	for _, r := range s.requests() {
		if r.Authorization != "Bearer "+testToken || r.Args.Get("unfurl_links") != "false" || r.Args.Get("unfurl_media") != "false" {
			t.Errorf("%s: as %q, with %v, want the token in the header, and nothing unfurled", r.Method, r.Authorization, r.Args)
		}
	}
}

func TestRefusedLayoutGoesAsPlainTextOnce(t *testing.T) {
	t.Parallel() // the pace takes real seconds
	for _, code := range []string{"invalid_blocks", "invalid_attachments", "msg_blocks_too_long"} {
		s := newServer(t, refuse(code))
		out := s.client(t).Send(t.Context(), contents(t)["spike_critical"], nil)
		checkOutcome(t, out, notifier.Sent, "")
		requests := s.requests()
		if len(requests) != 2 || requests[1].Args.Has("blocks") || !strings.Contains(requests[1].Args.Get("text"), "57,521.44") {
			t.Errorf("%s: got %v, want a second request with the whole message as text", code, requests)
		}
	}
	s := newServer(t, refuse("invalid_blocks"), refuse("invalid_blocks"))
	checkOutcome(t, s.client(t).Send(t.Context(), contents(t)["welcome"], nil), notifier.Refused, "invalid_blocks")
	if n := len(s.requests()); n != 2 {
		t.Errorf("got %d requests, want 2", n)
	}
}

// A chart is the youngest of blocks: where it is refused, the message is sent
// without it, and only then as plain text.
func TestRefusedChartIsLeftOut(t *testing.T) {
	t.Parallel() // the pace takes real seconds
	s := newServer(t, refuse("invalid_blocks"))
	checkOutcome(t, s.client(t).Send(t.Context(), contents(t)["spike_chart"], nil), notifier.Sent, "")
	r := s.requests()
	if len(r) != 2 || !strings.Contains(r[0].Args.Get("blocks"), "data_visualization") ||
		strings.Contains(r[1].Args.Get("blocks"), "data_visualization") || !strings.Contains(r[1].Args.Get("blocks"), "header") {
		t.Errorf("got %v, want a second request with all blocks but the chart", r)
	}
	s = newServer(t, refuse("invalid_blocks"), refuse("invalid_blocks"))
	checkOutcome(t, s.client(t).Send(t.Context(), contents(t)["spike_chart"], nil), notifier.Sent, "")
	if r := s.requests(); len(r) != 3 || r[2].Args.Has("blocks") {
		t.Errorf("got %v, want a third request as plain text", r)
	}
}

func TestMessageThatIsGoneIsNotEdited(t *testing.T) {
	t.Parallel() // the pace takes real seconds
	s := newServer(t)
	receipt := s.old()
	s.Delete(receipt.Channel, receipt.TS)
	checkOutcome(t, s.client(t).Send(t.Context(), contents(t)["spike_warning"], receipt), notifier.Gone, "message_not_found")
	if r := s.requests(); len(r) != 1 {
		t.Errorf("got %v, want an update alone: that it is gone must be kept before a post", r)
	}
}

// Where a workspace forbids edits, or the message is of an earlier install, what
// the channel is to hear is posted anew: an alert that ended has to say so.
// Newer figures alone are no reason for a message.
func TestWhereNothingMayBeEdited(t *testing.T) {
	t.Parallel() // the pace takes real seconds
	receipt := &notifier.Receipt{Channel: "C0CLOUD", TS: "1.2"}
	for _, code := range []string{"edit_window_closed", "cant_update_message"} {
		s := newServer(t, refuse(code), refuse(code))
		ended, figures := contents(t)["spike_resolved"], contents(t)["spike_warning"]
		figures.Silent = true
		c := s.client(t)
		checkOutcome(t, c.Send(t.Context(), ended, receipt), notifier.Gone, code)
		out := c.Send(t.Context(), figures, receipt)
		checkOutcome(t, out, notifier.Sent, "")
		if out.Receipt != (notifier.Receipt{}) || len(s.requests()) != 2 {
			t.Errorf("%s: got %+v after %d requests, want the message left where it is", code, out.Receipt, len(s.requests()))
		}
	}
	gone, figures := newServer(t, refuse("message_not_found")), contents(t)["spike_warning"]
	figures.Silent = true
	checkOutcome(t, gone.client(t).Send(t.Context(), figures, receipt), notifier.Gone, "message_not_found")
}

func TestEndedContextSendsNothing(t *testing.T) {
	s := newServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out := s.client(t).Send(ctx, contents(t)["welcome"], nil)
	if out.Class != notifier.Retry || !errors.Is(out.Err, context.Canceled) || len(s.requests()) != 0 {
		t.Errorf("got %+v and %d requests, want a retry and none", out, len(s.requests()))
	}
}

func TestNewRefusesWhatWouldLeakOrFail(t *testing.T) {
	for _, c := range []Config{
		{},
		{Token: secret.New("xapp-1")},
		{Token: secret.New(testToken), APIURL: "http://slack.example/api/"},
		{Token: secret.New(testToken), APIURL: "http://127.0.0.1.example/api/"},
		{Token: secret.New(testToken), APIURL: "https://user:pass@slack.com/api/"},
		{Token: secret.New(testToken), APIURL: "https://slack.com/api/?x=1"},
		{Token: secret.New(testToken), APIURL: "slack.com/api"},
		{Token: secret.New(testToken), APIURL: "ftp://slack.com"},
		{Token: secret.New(testToken), APIURL: "https://sl ack"},
	} {
		if _, err := New(c); err == nil || strings.Contains(err.Error(), testToken) {
			t.Errorf("New(%q) = %v, want an error without the token", c.APIURL, err)
		}
	}
	for _, address := range []string{"", "http://127.0.0.1:1", "http://[::1]:1/api", "http://localhost/api/", "https://slack.com/api"} {
		if _, err := New(Config{Token: secret.New(testToken), APIURL: address}); err != nil {
			t.Errorf("New(%q): %v", address, err)
		}
	}
}
