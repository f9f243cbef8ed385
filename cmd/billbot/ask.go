package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// ask loads what is known of an account and asks what it owes now.
func (eng *engine) ask(ctx context.Context, account rules.Account, now time.Time) heard {
	h := heard{account: account}
	if h.view, h.err = eng.load(ctx, account, now); h.err != nil {
		h.unread = true
		return h
	}
	if h.answers, h.err = eng.fetch(ctx, account, h.view, now); h.err != nil {
		return h
	}
	if h.view, h.err = eng.read(ctx, account, h.view, h.answers, now); h.err != nil {
		h.unread = true
	}
	return h
}

// read reads the charges that answers are merged into. Where the account moved
// on while Cloudflare was asked, it is loaded anew.
func (eng *engine) read(ctx context.Context, account rules.Account, view store.View, answers []fetcher.Answer, now time.Time) (store.View, error) {
	for {
		read, err := eng.store.Rows(ctx, view, view.Ledger.Concerned(answers...))
		if !errors.Is(err, store.ErrMoved) {
			return read, err
		}
		if view, err = eng.load(ctx, account, now); err != nil {
			return store.View{}, err
		}
	}
}

// fetch asks for the present, and lately after an anchor for the period that
// ended there.
func (eng *engine) fetch(ctx context.Context, account rules.Account, view store.View, now time.Time) ([]fetcher.Answer, error) {
	if wait := view.Poll.NotBefore; wait.After(now) && wait.Sub(now) <= longestWait { // longer: the clock was wrong
		return nil, leftAlone{account.Name, wait}
	}
	src := eng.sources[account.Name]
	answer, err := src.Fetch(ctx, ref(account), 0, 0, now)
	if err != nil {
		return nil, err
	}
	answers := []fetcher.Answer{answer}
	for _, p := range view.Ledger.EndedLately(answer) {
		ended, err := src.Fetch(ctx, ref(account), p.Start, p.End, now)
		if err != nil {
			eng.log.Warn("the period that ended could not be asked for", "account", account.Name, "err", err)
			continue // the present matters more
		}
		answers = append(answers, ended)
	}
	return answers, nil
}

// polled is the state of an account's polling after an answer.
func polled(was fetcher.PollState, trust fetcher.Trust, now time.Time) *fetcher.PollState {
	was = was.By(now)
	state := fetcher.PollState{LastAttempt: now, LastTrusted: now, Trust: trust}
	if !state.OK() {
		state.LastTrusted, state.FailingSince = was.LastTrusted, failingSince(was, now)
	}
	return &state
}

// failingSince is since when polls have failed, if this one does.
func failingSince(was fetcher.PollState, now time.Time) time.Time {
	if was.FailingSince.IsZero() {
		return now
	}
	return was.FailingSince
}

// leftAlone is the error of a poll that asks nothing, as the source wished.
type leftAlone struct {
	account string
	until   time.Time
}

func (e leftAlone) Error() string {
	return fmt.Sprintf("%s: Cloudflare asked to be left alone until %s", e.account, e.until.Format(time.RFC3339))
}

// Fault is that of the answer that asked for it.
func (leftAlone) Fault() fetcher.Fault { return fetcher.FaultBusy }

// longestWait caps what a source can ask us to wait.
const longestWait = 15 * time.Minute

// failed keeps why a poll failed, and how long the source asked to be left
// alone.
func failed(view store.View, cause error, now time.Time) store.Commit {
	state := view.Poll.By(now)
	state.LastAttempt, state.FailingSince = now, failingSince(state, now)
	state.Failure, state.Fault = cause.Error(), ""
	var faulty interface{ Fault() fetcher.Fault }
	if errors.As(cause, &faulty) {
		state.Fault = faulty.Fault()
	}
	var asked interface{ Wait() time.Duration }
	if errors.As(cause, &asked) && asked.Wait() > 0 {
		state.NotBefore = now.Add(min(asked.Wait(), longestWait))
	}
	return store.Commit{Account: view.Ledger.Account, Generation: view.Generation, Poll: &state}
}

// distrust is the error of an answer that cannot be believed.
func distrust(account rules.Account, trust fetcher.Trust) error {
	if trust.Verdict != fetcher.Untrusted {
		return nil
	}
	return fmt.Errorf("%s: untrusted answer: %s", account.Name, trust.Reason)
}
