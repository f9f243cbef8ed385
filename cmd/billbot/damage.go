package main

import (
	"context"
	"errors"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// What is told of an account of which a value is damaged: nothing follows for it
// any more, which must not look as if nothing happened.

// damagedWhy is why such an account could not be read, for people.
const damagedWhy = "what billbot keeps of it is damaged: billbot check-db says what"

// damagedPoll is the state of a damaged account's polling, as far as that can be
// read.
func (eng *engine) damagedPoll(ctx context.Context, account rules.Account, now time.Time) fetcher.PollState {
	poll, err := eng.store.Polled(ctx, ref(account))
	if err != nil {
		eng.log.Debug("not even how polling went can be read", "account", account.Name, "err", err)
	}
	poll.LastAttempt, poll.Failure = now, damagedWhy
	return poll
}

// kept judges whether what is kept of the accounts can be read. Those that
// could not in this sweep are told across accounts.
func (eng *engine) kept(ctx context.Context, now time.Time) []rules.Finding {
	damaged := map[string]fetcher.PollState{}
	for _, account := range eng.rules.Accounts {
		if eng.damaged[account.Name] {
			damaged[account.Name] = eng.damagedPoll(ctx, account, now)
		}
	}
	return eng.rules.EvaluateKept(damaged, now)
}

// noteDamage remembers for the sweep which account could not be read.
func (eng *engine) noteDamage(d decision) {
	if d.unread && errors.Is(d.err, store.ErrDamaged) {
		eng.damaged[d.account.Name] = true
	}
}
