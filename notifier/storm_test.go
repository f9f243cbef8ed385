package notifier_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

const stormRules = `
slack: {channel: "#a"}
rules:
  - {name: spikes, spike: , mention: [U1]}
  - {name: others, spike: , channel: "#b"}
  - {name: each, budget: {amount: 5}, per: service, mention: [U2, U1]}
  - {name: whole, budget: {amount: 10}}
`

var account = rules.Account{Name: "production", ID: "p1"}

func stormy(t *testing.T) *rules.Rules {
	t.Helper()
	r, err := rules.Load("rules.yaml", []byte(stormRules))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// event is what happened to an alert: "fired spikes D1 20".
func event(t *testing.T, written string) rules.Event {
	t.Helper()
	words := strings.Fields(written)
	kind := rules.KindBudget
	if words[1] == "spikes" || words[1] == "others" {
		kind = rules.KindSpike
	}
	subject := rules.Subject{Account: "production"}
	if words[1] != "whole" {
		subject.Service = words[2]
	}
	return rules.Event{
		Type: rules.EventType(words[0]), Fresh: words[0] == "fired", At: t0,
		Alert: rules.Alert{ID: words[1] + words[2], State: rules.Firing, Since: t0, Finding: rules.Finding{
			Rule: words[1], Kind: kind, Subject: subject, Amount: decimal.RequireFromString(words[3]), Currency: "USD",
		}},
	}
}

// A storm is ranked by money: a million requests over are not a million dollars.
func TestStormIsRankedByMoney(t *testing.T) {
	events := []rules.Event{event(t, "fired each D1 1000000"), event(t, "fired spikes KV 20"), event(t, "fired spikes R2 3"), event(t, "fired each DO 12")}
	requests := &events[0].Alert.Finding
	requests.Quantity, requests.Currency, requests.Budget = true, "", decimal.NewFromInt(600_000)
	requests.Causes = []rules.Cause{{Service: "D1", Amount: decimal.NewFromInt(20), Quantity: decimal.NewFromInt(1_000_000)}} // $8 of it over
	var alerts []rules.Alert
	for _, e := range events {
		alerts = append(alerts, e.Alert)
	}
	notifier.Gather(stormy(t), account, alerts, events)
	var ranked []string
	for _, a := range notifier.Compose(stormy(t), account, alerts, events)[0].Content.Storm {
		ranked = append(ranked, a.Finding.Subject.Service)
	}
	if diff := cmp.Diff([]string{"KV", "DO", "D1", "R2"}, ranked); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// compose gathers and composes the events, and says what came of them:
// "storm-spikesD1 #a D1 KV R2", "reply storm-spikesD1 #a D1".
func compose(t *testing.T, known []rules.Alert, written ...string) (alerts []rules.Alert, said []string) {
	t.Helper()
	var events []rules.Event
	for _, w := range written {
		e := event(t, w)
		for _, a := range known {
			if a.ID == e.Alert.ID {
				e.Alert.Message = a.Message
			}
		}
		events, alerts = append(events, e), append(alerts, e.Alert)
	}
	notifier.Gather(stormy(t), account, alerts, events)
	all := append([]rules.Alert{}, alerts...)
	for _, a := range known {
		if !strings.Contains(strings.Join(written, " ")+" ", " "+a.Finding.Subject.Service+" ") {
			all = append(all, a)
		}
	}
	for _, item := range notifier.Compose(stormy(t), account, all, events) {
		text := item.Key + " " + item.Channel
		if item.Content.Event == rules.Fired {
			continue // each message's thread begins with it
		}
		if item.Reply {
			text = "reply " + text
		}
		if item.Content.Event != "" {
			text = string(item.Content.Event) + " " + text
		}
		if item.Content.Alert != nil {
			text += " " + item.Content.Alert.ID
		}
		for _, a := range item.Content.Storm {
			text += " " + a.Finding.Subject.Service
		}
		said = append(said, fmt.Sprint(text, " ", item.Content.Mention))
	}
	return alerts, said
}

func TestStorm(t *testing.T) {
	for name, tt := range map[string]struct {
		events, want []string
	}{
		"two services are two messages": {
			[]string{"fired spikes D1 20", "fired spikes KV 30"},
			[]string{"spikesD1 #a spikesD1 [U1]", "spikesKV #a spikesKV [U1]"},
		},
		"three are one, dearest first": {
			[]string{"fired spikes D1 20", "fired spikes KV 30", "fired spikes R2 25"},
			[]string{"storm-spikesD1 #a KV R2 D1 [U1]"},
		},
		"the rest is in the thread": {
			[]string{"fired spikes D1 20", "fired spikes KV 30", "fired spikes R2 25", "fired spikes DO 1", "fired spikes AI 2"},
			[]string{"storm-spikesD1 #a KV R2 D1 AI DO [U1]", "reply storm-spikesD1 #a AI DO []"},
		},
		"an account's alert stands by itself": {
			[]string{"fired whole - 80", "fired spikes D1 20", "fired spikes KV 30", "fired each R2 25"},
			[]string{"whole- #a whole- []", "storm-spikesD1 #a KV R2 D1 [U1 U2]"},
		},
		"two alerts of a service are one service": {
			[]string{"fired spikes D1 20", "fired each D1 25", "fired spikes KV 30"},
			[]string{"spikesD1 #a spikesD1 [U1]", "eachD1 #a eachD1 [U2 U1]", "spikesKV #a spikesKV [U1]"},
		},
		"channels are told apart": {
			[]string{"fired spikes D1 20", "fired spikes KV 30", "fired others R2 25"},
			[]string{"spikesD1 #a spikesD1 [U1]", "spikesKV #a spikesKV [U1]", "othersR2 #b othersR2 []"},
		},
		"what was on already is no part": {
			[]string{"updated spikes D1 20", "fired spikes KV 30", "fired spikes R2 25"},
			[]string{"spikesD1 #a spikesD1 [U1]", "spikesKV #a spikesKV [U1]", "spikesR2 #a spikesR2 [U1]"},
		},
	} {
		_, got := compose(t, nil, tt.events...)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestStormGoesOn: its alerts live on by themselves, in the one message.
func TestStormGoesOn(t *testing.T) {
	known, _ := compose(t, nil, "fired spikes D1 20", "fired spikes KV 30", "fired spikes R2 25")
	_, got := compose(t, known, "updated spikes D1 40", "updated spikes R2 26")
	if diff := cmp.Diff([]string{"storm-spikesD1 #a D1 KV R2 [U1]"}, got); diff != "" {
		t.Errorf("two go on (-want +got):\n%s", diff)
	}
	_, got = compose(t, known, "escalated spikes R2 90", "fired spikes AI 5")
	want := []string{"storm-spikesD1 #a R2 KV D1 [U1]", "reply storm-spikesD1 #a spikesR2 [U1]", "spikesAI #a spikesAI [U1]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("one gets worse, another begins (-want +got):\n%s", diff)
	}
	_, got = compose(t, known, "resolved spikes R2 90", "resolved spikes D1 20", "period_ended spikes KV 1")
	want = []string{
		"storm-spikesD1 #a R2 D1 KV [U1]",
		"resolved reply storm-spikesD1 #a R2 D1 []", "period_ended reply storm-spikesD1 #a KV []",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what ends at once is told at once (-want +got):\n%s", diff)
	}
}
