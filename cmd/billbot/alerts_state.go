package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// state tells a webhook which alerts are on: for who starts to listen, or has
// lost count. It goes the way of all events, and is in the outbox until it is
// taken.
func (c *alertsCmd) state(ctx context.Context, e env) error {
	r, err := e.rulesInForce()
	if err != nil {
		return err
	}
	hook, err := hookNamed(r, c.Webhook)
	if err != nil {
		return usageError{err}
	}
	return e.withOutbox(func(s *store.Store) error {
		standing, err := standingFor(ctx, s, r, hook)
		if err != nil {
			return err
		}
		item := notifier.NewSignal(hook.Name, notifier.Signal{Type: notifier.Stated, State: standing}, e.now())
		if err := s.Enqueue(ctx, item); err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "%s for %s goes out with the next delivery: %s on\n", item.Key, hook.Name, count(len(standing), "alert"))
		return nil
	})
}

// rulesInForce are the daemon's, or those of the file.
func (e env) rulesInForce() (*rules.Rules, error) {
	if e.shared != nil {
		return e.shared.newest().rules, nil
	}
	return e.loadRules()
}

func hookNamed(r *rules.Rules, name string) (rules.Webhook, error) {
	var names []string
	for _, w := range r.Webhooks {
		if w.Name == name {
			return w, nil
		}
		names = append(names, w.Name)
	}
	if len(names) == 0 {
		return rules.Webhook{}, fmt.Errorf("the rules file has no webhooks")
	}
	return rules.Webhook{}, fmt.Errorf("no webhook is called %q: there are %s", name, strings.Join(names, ", "))
}

// standingFor is what a webhook would have been told of the alerts that are on.
func standingFor(ctx context.Context, s *store.Store, r *rules.Rules, hook rules.Webhook) ([]notifier.Standing, error) {
	kept, err := s.Alerts(ctx)
	if err != nil {
		return nil, err
	}
	standing := []notifier.Standing{}
	for _, k := range kept {
		account := fleet
		if k.AccountID != rules.FleetID {
			account = accountByID(r, k.AccountID)
		}
		if k.Alert.On() && hook.Hears(account, k.Alert.Finding) {
			standing = append(standing, notifier.Standing{Account: k.AccountID, Alert: k.Alert})
		}
	}
	return standing, nil
}

func accountByID(r *rules.Rules, id string) rules.Account {
	for _, account := range r.Accounts {
		if account.ID == id {
			return account
		}
	}
	return rules.Account{ID: id}
}
