package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/billbot/billbot/rules"
)

// stopper is the other side of an action: it answers what the test says, and
// keeps what it was told.
type stopper struct {
	mu     sync.Mutex
	answer string
	told   []string
}

func (s *stopper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	verifier, err := standardwebhooks.NewWebhook(hookSecret)
	if err != nil || verifier.Verify(body, r.Header) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.Contains(string(body), `"type":"action"`) {
		s.told = append(s.told, string(body))
		io.WriteString(w, s.answer)
	}
}

func (s *stopper) actions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.told)
}

func (s *stopper) say(answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// newStopping is a billbot whose runaways can be stopped through a webhook, on
// the morning after one began.
func newStopping(t *testing.T, approve string) (*pressing, *stopper, time.Time) {
	t.Helper()
	s := &stopper{answer: `{"state":"done","canary":"of the answer"}`}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	p := newPressing(t, strings.Replace(hookRules(server.URL), "spike: {}", "spike: {}\n    action: {webhook: automation, approve: "+approve+", expires: 30m}", 1))
	getenv := p.env.getenv
	p.env.getenv = func(name string) string {
		if name == "BILLBOT_WEBHOOK_SECRET" {
			return hookSecret
		}
		return getenv(name)
	}
	before := time.Date(2026, time.April, 3, 7, 0, 0, 0, time.UTC)
	p.start(before)
	p.poll(before)
	p.start(before.Add(24 * time.Hour))
	p.poll(before.Add(24 * time.Hour))
	return p, s, before.Add(24 * time.Hour)
}

// approval is the state of the one action there is.
func (p *pressing) approval() *rules.Approval {
	p.t.Helper()
	alerts, err := p.eng.store.Alerts(p.t.Context())
	if err != nil || len(alerts) != 1 {
		p.t.Fatal(alerts, err)
	}
	return alerts[0].Alert.Approval
}

// audited is what the audit trail has, in order.
func (p *pressing) audited() (did []string) {
	p.t.Helper()
	deeds, err := p.eng.store.Audit(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	for _, d := range deeds {
		did = append(did, strings.TrimPrefix(string(d.Deed.Type), "action_")+" by "+d.Deed.By)
	}
	return did
}

// wants checks how far the action is, in the store and in Slack.
func (p *pressing) wants(state rules.ApprovalState, shown string) {
	p.t.Helper()
	if got := p.approval(); got == nil || got.State != state {
		p.t.Errorf("got %+v, want %s", got, state)
	}
	blocks := plain(p.slack.posted("billbot_alert")[0].Blocks)
	if !strings.Contains(blocks, shown) || strings.Contains(blocks, "canary") {
		p.t.Errorf("the message does not show %q:\n%s", shown, blocks)
	}
}

// A person who is asked approves, and takes it back; nobody else can.
func TestActionIsApproved(t *testing.T) {
	t.Parallel()
	p, s, now := newStopping(t, "[U0ADA]")
	p.wants(rules.Waiting, "Action waiting: <@U0ADA> can approve or deny it until Sat 4 Apr 07:30 UTC")
	if note := p.press("U0EVE", home, "action_approve"); !strings.Contains(note, "You may not answer this") {
		t.Errorf("who is not asked is told %q", note)
	}
	p.deliver(now)
	if told := s.actions(); len(told) != 0 || p.approval().State != rules.Waiting {
		t.Fatalf("somebody who is not asked was heard: %v", told)
	}
	if note := p.press("U0ADA", home, "action_approve"); note != "" {
		t.Errorf("who is asked is told %q", note)
	}
	if got := p.approval(); got.State != rules.Approved || got.Approver != "U0ADA" {
		t.Errorf("got %+v", got)
	}
	p.deliver(now)
	p.wants(rules.Done, "Action done, Sat 4 Apr 07:00 UTC, approved by <@U0ADA>")
	if told := s.actions(); len(told) != 1 || !strings.Contains(told[0], `"action":{"do":"stop","by":"U0ADA"}`) {
		t.Fatalf("the webhook was told %v", told)
	}
	s.say(`{"state":"reversed"}`)
	now = now.Add(time.Minute)
	p.start(now)
	p.press("U0ADA", home, "action_reverse")
	p.deliver(now)
	p.wants(rules.Reversed, "Action reversed")
	if told := s.actions(); len(told) != 2 || !strings.Contains(told[1], `"do":"reverse"`) {
		t.Errorf("the webhook was told %v", told)
	}
	want := []string{"waiting by billbot", "approved by U0ADA", "done by automation", "reverse_approved by U0ADA", "reversed by automation"}
	if got := p.audited(); !slices.Equal(got, want) {
		t.Errorf("the audit trail has %q, want %q", got, want)
	}
	thread := 0
	for _, m := range p.slack.Messages("#cloud-spend") {
		if m.Thread != "" && strings.Contains(m.Text, "ction") {
			thread++
		}
	}
	if thread < len(want) {
		t.Errorf("the thread tells %d of %d steps", thread, len(want))
	}
}

func TestActionIsSentWhereTheAnswerSaysNothing(t *testing.T) {
	t.Parallel()
	p, s, now := newStopping(t, "[U0ADA]")
	s.say("thank you, done")
	p.press("U0ADA", home, "action_approve")
	p.deliver(now)
	p.wants(rules.Sent, "Action sent")
}

func TestActionIsDenied(t *testing.T) {
	t.Parallel()
	p, s, now := newStopping(t, "[U0ADA]")
	value := buttonValue(p.slack.posted("billbot_alert")[0].Blocks, "action_approve")
	p.press("U0ADA", home, "action_deny")
	p.deliver(now)
	p.wants(rules.Denied, "Action denied by <@U0ADA>")
	if note := p.pressValue("U0ADA", home, "action_approve", value, "1"); !strings.Contains(note, "answered already") {
		t.Errorf("a second answer is told %q", note)
	}
	p.deliver(now)
	if told := s.actions(); len(told) != 0 {
		t.Errorf("the webhook was told %v", told)
	}
}

// A question that nobody answers expires by itself; and a press that comes first
// is too late too.
func TestActionExpires(t *testing.T) {
	t.Parallel()
	p, _, now := newStopping(t, "[U0ADA]")
	late := now.Add(31 * time.Minute)
	p.start(late)
	if note := p.press("U0ADA", home, "action_approve"); !strings.Contains(note, "has expired") {
		t.Errorf("who is late is told %q", note)
	}
	p.deliver(late)
	p.wants(rules.Expired, "Action expired")

	p, s, now := newStopping(t, "[U0ADA]")
	if err := p.eng.lapse(t.Context(), now.Add(29*time.Minute)); err != nil || p.approval().State != rules.Waiting {
		t.Errorf("got %v, %+v", err, p.approval())
	}
	if err := p.eng.lapse(t.Context(), now.Add(30*time.Minute)); err != nil {
		t.Fatal(err)
	}
	p.deliver(now.Add(30 * time.Minute))
	p.wants(rules.Expired, "Action expired")
	if told := s.actions(); len(told) != 0 {
		t.Errorf("the webhook was told %v", told)
	}
}

// Nobody is asked only where the rules file says so in words.
func TestActionIsAutomatic(t *testing.T) {
	t.Parallel()
	p, s, _ := newStopping(t, "automatic")
	p.wants(rules.Done, "Action done, Sat 4 Apr 07:00 UTC, approved by the rules file, approve: automatic")
	if told := s.actions(); len(told) != 1 {
		t.Errorf("the webhook was told %v", told)
	}
}
