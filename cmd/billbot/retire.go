package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// retireAccounts ends the alerts of accounts that were taken out of the rules
// file. Nobody polls those any more, so nobody else would.
func (eng *engine) retireAccounts(ctx context.Context, now time.Time) error {
	told, err := eng.store.Alerts(ctx)
	if err != nil {
		return wrap("looking for accounts that are gone", err)
	}
	var failures []error
	done := map[string]bool{rules.FleetID: true}
	for _, a := range told {
		watched := slices.ContainsFunc(eng.rules.Accounts, func(b rules.Account) bool { return b.ID == a.AccountID })
		if done[a.AccountID] || watched || !a.Alert.On() {
			continue
		}
		done[a.AccountID] = true
		failures = append(failures, wrap("ending the alerts of an account that is gone", eng.retireAccount(ctx, a.Alert, now)))
	}
	return errors.Join(failures...)
}

// retireAccount ends the alerts of the account that an alert is of. They are
// told where their messages are: the rules file says no channel for them.
func (eng *engine) retireAccount(ctx context.Context, alert rules.Alert, now time.Time) error {
	told, err := eng.store.Told(ctx, alert.ID)
	if err != nil || told == nil {
		return err
	}
	account := rules.Account{ID: told.Account.ID, Name: told.Account.Name}
	if receipt, err := eng.store.Receipt(ctx, alert.MessageKey()); err == nil && receipt != nil {
		account.Channel = receipt.Name
	}
	retired, events := eng.rules.Retire(account, told.Alerts, now)
	return eng.store.Commit(ctx, store.Commit{
		Account: told.Account, Generation: told.Generation, Alerts: retired,
		Items: notifier.Compose(eng.rules, account, replaceAlerts(slices.Clone(told.Alerts), retired), events),
	})
}
