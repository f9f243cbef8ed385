package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// A panic in an answer is counted as one of a job is, and told by /healthz
// until an answer goes well again.
func TestPanicsOfAnswersAreCounted(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	settings := w.env.getenv
	w.env.getenv = func(name string) string {
		if name == "SLACK_SIGNING_SECRET" {
			return slackfake.SigningSecret
		}
		return settings(name)
	}
	eng := w.open(t)
	defer eng.store.Close()
	front, err := w.env.newFront(eng)
	if err != nil {
		t.Fatal(err)
	}
	h, known := w.env.handler(eng, front), eng.rules
	ask := func(text string) string {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, slashCommand(t, w.slack.Server, text))
		return answer.Body.String()
	}
	eng.rules = nil
	if got := ask("budgets"); !strings.Contains(got, "failed inside") {
		t.Errorf("got %s, want to hear that it failed", got)
	}
	request := httptest.NewRecorder()
	if h.ServeHTTP(request, httptest.NewRequest(http.MethodGet, "/healthz", nil)); request.Code != http.StatusInternalServerError {
		t.Errorf("got %d for a request that panics, want 500", request.Code)
	}
	eng.rules = known
	for _, broken := range []bool{true, false} {
		got, err := eng.health(t.Context(), time.Now())
		told := strings.Contains(strings.Join(got.Reasons, " "), "the answer to /spend panicked")
		if err != nil || got.Panics["answer to /spend"] != 1 || got.Panics["request"] != 1 || told != broken {
			t.Errorf("got %+v, %v; want one panic each, told %v", got, err, broken)
		}
		ask("")
	}
}
