package rules

import (
	"testing"
	"time"
)

// An alert ends when nothing can speak for it any more, once; all others are left
// alone.
func TestRetire(t *testing.T) {
	const file = `
accounts:
  - {name: production, id: 0123456789abcdef0123456789abcdef}
  - {name: staging, id: 0123456789abcdef0123456789abcdee}
slack: {channel: "#a"}
rules:
  - {name: runaway, spike: {}}
  - {name: whole, budget: {amount: 5}}
  - {name: others, spike: {}, accounts: [staging]}
`
	r, err := Load("rules.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		account Account
		finding Finding
		state   State
		ends    bool
	}{
		"its rule is there":          {r.Accounts[0], Finding{Rule: "runaway", Kind: KindSpike}, Firing, false},
		"its rule is gone":           {r.Accounts[0], Finding{Rule: "removed", Kind: KindSpike}, Firing, true},
		"it is over":                 {r.Accounts[0], Finding{Rule: "removed", Kind: KindSpike}, Resolved, false},
		"its rule is of another":     {r.Accounts[0], Finding{Rule: "others", Kind: KindSpike}, Firing, true},
		"its rule is another kind":   {r.Accounts[0], Finding{Rule: "runaway", Kind: KindBudget}, Firing, true},
		"a budget, a forecast":       {r.Accounts[0], Finding{Rule: "whole", Kind: KindForecast}, Firing, false},
		"nobody needs a stale rule":  {r.Accounts[0], Finding{Rule: "", Kind: KindStale}, Unknown, false},
		"its account is gone":        {Account{ID: "gone"}, Finding{Rule: "runaway", Kind: KindSpike}, Firing, true},
		"stale, its account is gone": {Account{ID: "gone"}, Finding{Kind: KindStale}, Unknown, true},
		"all accounts together":      {Account{ID: FleetID}, Finding{Rule: "whole", Kind: KindBudget}, Firing, false},
		"of all accounts, gone":      {Account{ID: FleetID}, Finding{Rule: "removed", Kind: KindBudget}, Firing, true},
	} {
		now := time.Date(2026, 4, 6, 12, 0, 0, 0, time.UTC)
		alerts, events := r.Retire(tt.account, []Alert{{ID: "a", State: tt.state, Finding: tt.finding, Since: now}}, now)
		if len(alerts) != len(events) || (len(events) == 1) != tt.ends {
			t.Errorf("%s: got %d alerts, %d events, want it to end: %t", name, len(alerts), len(events), tt.ends)
			continue
		}
		if !tt.ends {
			continue
		}
		if a := alerts[0]; a.Ended != EndedRemoved || a.State != Resolved || events[0].Type != Recovered {
			t.Errorf("%s: got %+v", name, a)
		}
		if again, _ := r.Retire(tt.account, alerts, now); len(again) != 0 {
			t.Errorf("%s: it ends twice", name)
		}
	}
}
