package rules_test

import (
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// That an account cannot be read is told once, and once more when it can.
func TestDamageIsToldOnce(t *testing.T) {
	r, damaged := rulesOf(t, ""), map[string]fetcher.PollState{production.Name: {LastTrusted: at("01 00:00")}}
	r.Accounts = []rules.Account{production}
	var told []rules.Alert
	var said []rules.EventType
	for hour, broken := range []bool{false, true, true, true, false, false} {
		now := at("04 00:00").Add(time.Duration(hour) * time.Hour)
		kept := damaged
		if !broken {
			kept = nil
		}
		changed, events := rules.Advance(rules.FleetID, told, r.EvaluateKept(kept, now), now)
		for _, e := range events {
			said = append(said, e.Type)
		}
		if len(changed) > 0 {
			told = changed
		}
	}
	if len(said) != 2 || said[0] != rules.Fired || said[1] != rules.Recovered {
		t.Errorf("got %v, want that it is damaged and that it is not any more", said)
	}
}
