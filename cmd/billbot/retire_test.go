package main

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestRemovedRuleEndsItsAlerts: the alert of a rule, or of an account, that was
// taken out of the rules file ends once, and its message says why.
func TestRemovedRuleEndsItsAlerts(t *testing.T) {
	for name, rulesFile := range map[string]string{
		"rule":    strings.Replace(loopRules, "  - name: runaway\n    spike: {}\n", "", 1),
		"account": strings.Replace(loopRules, testAccount, strings.Repeat("e", 32), 1),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, loopRules, twoMonths())
				eng := w.open(t)
				w.mornings(t, eng, 36)
				eng.store.Close()
				if err := os.WriteFile(w.env.rulesFile, []byte(rulesFile), 0o600); err != nil {
					t.Fatal(err)
				}
				eng = w.open(t)
				defer func() { eng.store.Close() }()
				for range 3 {
					_ = eng.sweep(t.Context(), time.Now()) // the new account has no answers
					if err := eng.deliver(t.Context(), time.Now()); err != nil {
						t.Fatal(err)
					}
				}
				ended := 0
				for _, m := range w.slack.posted("billbot_alert") {
					if strings.Contains(m.Text, "No longer watched: D1 - Rows Read (rule runaway) was taken out of the rules file") {
						ended++
					}
				}
				replies := 0
				for _, m := range w.slack.posted("billbot_reply") {
					if strings.Contains(m.Text, "No longer watched: D1") {
						replies++
					}
				}
				if ended != 1 || replies != 1 {
					t.Errorf("ended in %d messages and %d threads, want once: %q", ended, replies, w.texts())
				}
			})
		})
	}
}
