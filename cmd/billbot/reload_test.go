package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/notifier/slack/slackfake"
)

// edit writes the rules file with something in it replaced.
func (w *world) edit(t *testing.T, old, now string) {
	t.Helper()
	if !strings.Contains(loopRules, old) {
		t.Fatalf("the rules have no %q", old)
	}
	if err := writeRules(w.env.rulesFile, strings.Replace(loopRules, old, now, 1)); err != nil {
		t.Fatal(err)
	}
}

func TestRefusedRulesChangeNothing(t *testing.T) {
	for name, tt := range map[string]struct{ old, now, want string }{
		"a mistake":             {"spike: {}", "spike: {abvoe: 3}", `rules.yaml:10:13: unknown key "abvoe"`},
		"no YAML":               {"rules:", "rules: [", "rules.yaml:"},
		"no accounts":           {"accounts:\n  - {name: production, id: 0123456789abcdef0123456789abcdef}\n", "", "names no accounts"},
		"nowhere to tell":       {`slack: {channel: "#cloud-spend"}`, "", "account production has no channel"},
		"no token for it":       {"{name: production", "{token_env: OTHER_TOKEN, name: production", "set OTHER_TOKEN or OTHER_TOKEN_FILE (a running billbot does not see"},
		"longer than it may be": {"rules:", strings.Repeat("#", mostRules) + "\nrules:", "is longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, loopRules, twoMonths())
			eng := w.open(t)
			defer eng.store.Close()
			r := newReloader(w.env, eng)
			w.edit(t, tt.old, tt.now)
			r.look(t.Context(), false)
			h, err := eng.health(t.Context(), time.Now())
			if eng.newest() != eng || err != nil || !strings.Contains(strings.Join(h.Reasons, "\n"), tt.want) {
				t.Errorf("in force: %v; /healthz says %q, %v; want the old rules and %q", eng.newest().rules, h.Reasons, err, tt.want)
			}
			w.edit(t, "rules:", "rules:")
			r.look(t.Context(), false)
			if eng.newest() != eng || eng.refused.Load() != nil {
				t.Error("what was there before is not as it was")
			}
		})
	}
}

// TestBadRulesAreToldOnce lives through two bad versions and a good one, with a
// restart of what tells them.
func TestBadRulesAreToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTroubled(t)
		eng := w.open(t)
		defer eng.store.Close()
		r := newReloader(w.env, eng)
		for _, step := range []struct {
			now  string
			told int
			want string
		}{
			{"spike: {abvoe: 3}", 1, `unknown key "abvoe": did you mean "above"?`},
			{"spike: {abvoe: 3}", 1, ""},
			{"spike: {above: x}\n    bugdet: {}", 2, "(and 1 more mistake: billbot check says all)"},
			{"spike: {}", 3, "The rules file is right again.\nIt is in force."},
			{"spike: {above: 3x}", 3, ""},
			{"spike: {abvoe: 3}", 4, "refused"},
		} {
			w.edit(t, "spike: {}", step.now)
			r.look(t.Context(), false)
			w.turn(t, eng.newest())
			w.turn(t, eng.newest())
			told := w.notices()
			if len(told) != step.told || !strings.Contains(told[len(told)-1], step.want) {
				t.Fatalf("after %s: told %q, want %d, the last with %q", step.now, told, step.told, step.want)
			}
		}
	})
}

// TestNewRulesAreSeenEverywhere edits who may ask, and the accounts: what was
// made before the edit goes by the new rules too.
func TestNewRulesAreSeenEverywhere(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	w.setting("SLACK_SIGNING_SECRET", slackfake.SigningSecret)
	eng := w.open(t)
	defer eng.store.Close()
	front, err := w.env.newFront(eng)
	if err != nil {
		t.Fatal(err)
	}
	handler := w.env.handler(eng, front)
	ask := func(text string) string {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, slashCommand(t, w.slack.Server, text))
		return answer.Body.String()
	}
	health := func() string {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/healthz", nil))
		return answer.Body.String()
	}
	if got := ask("why runaway-too"); !strings.Contains(got, "runaway") || strings.Contains(got, "access") {
		t.Fatalf("before: %s", got)
	}
	r := newReloader(w.env, eng)
	w.edit(t, "accounts:", "accounts:\n  - {name: staging, id: 1123456789abcdef0123456789abcdef}")
	r.look(t.Context(), false)
	if got := health(); !strings.Contains(got, `"account":"staging"`) {
		t.Errorf("/healthz does not know the new account: %s", got)
	}
	if got := eng.newest().sources["production"]; got != eng.sources["production"] {
		t.Error("the source of an account that did not change has forgotten what it knew")
	}
	r.look(t.Context(), true)
	if got := eng.newest().sources["production"]; got == eng.sources["production"] {
		t.Error("the tokens are not read anew where somebody asks for it")
	}
	w.edit(t, `"#cloud-spend"}`, `"#cloud-spend", access: {read: [U0SOMEBODY]}}`)
	r.look(t.Context(), false)
	if got := ask("budgets"); !strings.Contains(got, "slack.access.read") {
		t.Errorf("who is not listed any more got %s", got)
	}
}

// TestNoChangeUnderASweep changes the rules while Cloudflare is asked: the sweep
// ends by the rules that it began with.
func TestNoChangeUnderASweep(t *testing.T) {
	w := newWorld(t, loopRules, twoMonths())
	var log strings.Builder
	w.env.log = slog.New(slog.NewTextHandler(&log, nil))
	looked, asked := make(chan struct{}), false
	var r *reloader
	cloud := w.cloud.Transport()
	w.env.transport.(inProcess)["127.0.0.1:1"] = trip(func(request *http.Request) (*http.Response, error) {
		if !asked {
			asked = true
			w.edit(t, "name: runaway", "name: other")
			go func() { defer close(looked); r.look(t.Context(), false) }()
			select {
			case <-looked:
				t.Error("the rules changed under a sweep")
			case <-time.After(300 * time.Millisecond):
			}
		}
		return cloud.RoundTrip(request)
	})
	eng := w.open(t)
	defer eng.store.Close()
	r = newReloader(w.env, eng)
	now := time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(now)
	if err := eng.sweep(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	<-looked
	if polled, reloaded := strings.Index(log.String(), "msg=polled"), strings.Index(log.String(), "rules_added=other rules_removed=runaway"); polled < 0 || reloaded < polled {
		t.Errorf("want the sweep to end before the change:\n%s", log.String())
	}
}

// TestPollsFollowTheirInterval changes how often is polled.
func TestPollsFollowTheirInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, strings.Replace(loopRules, "slack:", "poll: 30m\nslack:", 1), twoMonths())
		var log strings.Builder
		w.env.log = slog.New(slog.NewTextHandler(&log, nil))
		w.cloud.SetNow(time.Now())
		eng := w.open(t)
		defer eng.store.Close()
		schedule, err := eng.schedule(t.Context(), w.env)
		if err != nil {
			t.Fatal(err)
		}
		r := newReloader(w.env, eng)
		polls := func() int { synctest.Wait(); return strings.Count(log.String(), "msg=polled") }
		time.Sleep(time.Hour + time.Minute) // 0, 30, 60
		first := polls()
		w.edit(t, "slack:", "poll: 10m\nslack:")
		r.look(t.Context(), false)
		time.Sleep(time.Hour + time.Minute) // at once, and six more
		if second := polls(); first != 3 || second-first != 7 {
			t.Errorf("polls: %d, then %d; want 3, then 7", first, second-first)
		}
		for n := range 60 { // a change a minute, for an hour
			w.edit(t, "slack:", fmt.Sprintf("poll: 10m\nretention: {charges: %dd}\nslack:", 400+n))
			r.look(t.Context(), false)
			time.Sleep(time.Minute)
		}
		if err := schedule.Shutdown(); err != nil {
			t.Error(err)
		}
		if got := polls(); got < 70 {
			t.Errorf("%d polls, want one more after each change", got)
		}
	})
}
