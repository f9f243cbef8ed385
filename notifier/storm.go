package notifier

import (
	"cmp"
	"slices"

	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// stormFrom is how many services of an account must fire at once to be told
// together: two are read as two, a dozen as noise.
const stormFrom = 3

// StormPrefix begins the key of a message that several alerts share; the ID of
// one of them follows.
const StormPrefix = "storm-"

// Gather finds storms among the events of one account: alerts of several
// services that get their message at the same time, in the same channel, share
// one. It marks alerts and events with that message and leaves all else of them
// alone: each alert goes on with a life of its own. Alerts of whole accounts
// keep their own message, which names the services, and so does what asks
// somebody for an answer.
func Gather(r *rules.Rules, account rules.Account, alerts []rules.Alert, events []rules.Event) {
	byChannel := map[string][]*rules.Event{}
	for i, e := range events {
		if e.Fresh && !e.Alert.Seeded && e.Alert.Approval == nil && e.Alert.Finding.Subject.Service != "" {
			channel := ChannelOf(r, account, ruleOf(r, e.Alert.Finding.Rule))
			byChannel[channel] = append(byChannel[channel], &events[i])
		}
	}
	for _, together := range byChannel {
		if services(together) < stormFrom {
			continue
		}
		key := StormPrefix + together[0].Alert.ID
		for _, e := range together {
			e.Alert.Message = key
			for i := range alerts {
				if alerts[i].ID == e.Alert.ID {
					alerts[i].Message = key
				}
			}
		}
	}
}

func services(events []*rules.Event) int {
	found := map[string]bool{}
	for _, e := range events {
		found[e.Alert.Finding.Subject.Service] = true
	}
	return len(found)
}

// stormOf is the alerts that share a message, as they are now: those that are on
// first, and the dearest first among them.
func stormOf(alerts []rules.Alert, message string) []rules.Alert {
	storm := slices.DeleteFunc(slices.Clone(alerts), func(a rules.Alert) bool { return a.Message != message })
	slices.SortStableFunc(storm, func(a, b rules.Alert) int {
		if a.On() != b.On() && a.On() {
			return -1
		}
		if a.On() != b.On() {
			return 1
		}
		return cmp.Or(atStake(b).Cmp(atStake(a)), cmp.Compare(a.Finding.Subject.Service, b.Finding.Subject.Service), cmp.Compare(a.ID, b.ID))
	})
	return storm
}

// atStake is what an alert is about in money: over usual, over budget, or what
// the service will cost.
func atStake(a rules.Alert) decimal.Decimal {
	f := a.Finding
	switch {
	case f.Kind == rules.KindSpike:
		return decimal.Max(f.Extra, f.Amount.Sub(f.Usual))
	case f.Included != nil:
		return f.Included.Projected
	case f.Kind == rules.KindPrice:
		return f.Projected
	case f.Quantity:
		return quantityAtStake(f)
	}
	return f.Amount.Sub(f.Budget)
}

// quantityAtStake is what that part of a quantity cost which is over its budget:
// nothing, while it is free.
func quantityAtStake(f rules.Finding) decimal.Decimal {
	if !f.Amount.IsPositive() {
		return decimal.Zero
	}
	const places = 12
	var cost decimal.Decimal
	for _, c := range f.Causes {
		cost = cost.Add(c.Amount)
	}
	return cost.Mul(f.Amount.Sub(f.Budget)).DivRound(f.Amount, places)
}

// StormShown is how many alerts of a storm its message tells in full. The
// others are a line in it, and told in full in its thread.
const StormShown = 3

// composeStorm makes the message of a storm, and when it is new, the reply that
// tells the rest.
func composeStorm(r *rules.Rules, account rules.Account, alerts []rules.Alert, e rules.Event, silent bool) []Item {
	storm := stormOf(alerts, e.Alert.Message)
	var mention []string
	for _, a := range storm {
		if a.On() {
			mention = append(mention, ruleOf(r, a.Finding.Rule).Mention...)
		}
	}
	slices.Sort(mention)
	item := Item{
		Key: e.Alert.Message, Channel: ChannelOf(r, account, ruleOf(r, e.Alert.Finding.Rule)), CreatedAt: e.At,
		Content: Content{Storm: storm, Mention: slices.Compact(mention)},
		Silent:  silent,
	}
	if !e.Fresh || len(storm) <= StormShown {
		return []Item{item}
	}
	rest := item
	rest.Reply, rest.Silent, rest.Content = true, false, Content{Storm: storm[StormShown:]}
	return []Item{item, rest}
}
