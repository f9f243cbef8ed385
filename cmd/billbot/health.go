package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// turnsWithin is how long the schedule may go without a turn before billbot is
// not alive. Its shortest job comes every two seconds, and a delivery can take
// its time.
const turnsWithin = 2 * time.Minute

// live says what is wrong with the schedule, nil while it turns.
func (eng *engine) live() error {
	if last := eng.turned.Load(); last != 0 && time.Since(time.Unix(last, 0)) > turnsWithin {
		return errors.New("the schedule does not turn")
	}
	return nil
}

// ready says that the store cannot be written, nil while it can. The log has the
// reason.
func (eng *engine) ready(ctx context.Context) error {
	if err := eng.store.TryWrite(ctx, time.Now()); err != nil {
		eng.log.Error("the store cannot be written", "err", err)
		return errors.New("the store cannot be written")
	}
	return nil
}

// serveLive answers whether the schedule turns.
func (eng *engine) serveLive(w http.ResponseWriter, _ *http.Request) { answerProbe(w, eng.live()) }

// serveReady answers whether the store can be written.
func (eng *engine) serveReady(w http.ResponseWriter, r *http.Request) {
	answerProbe(w, eng.ready(r.Context()))
}

func answerProbe(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// health is what /healthz answers.
type health struct {
	OK       bool            `json:"ok"`
	Reasons  []string        `json:"reasons"` // why not
	Accounts []accountHealth `json:"accounts"`
	Outbox   int             `json:"outbox"`           // messages that wait
	GivenUp  int             `json:"given_up"`         // messages that will not be tried again
	Panics   map[string]int  `json:"panics,omitempty"` // by job, since the start
}

// accountHealth is how the polling of an account goes.
type accountHealth struct {
	Account     string    `json:"account"`
	Through     string    `json:"through"` // newest charge day
	LastTrusted time.Time `json:"last_trusted"`
	Failure     string    `json:"failure,omitempty"`
}

// add takes one more reason, unless it is "".
func (h *health) add(reason string) {
	if reason != "" {
		h.OK, h.Reasons = false, append(h.Reasons, reason)
	}
}

// serveHealth answers how billbot is. trouble is what is wrong with commands
// from Slack, "" if nothing is.
func (eng *engine) serveHealth(w http.ResponseWriter, r *http.Request, now time.Time, trouble string) {
	h, err := eng.newest().health(r.Context(), now)
	if err != nil {
		http.Error(w, "the store cannot be read", http.StatusServiceUnavailable)
		return
	}
	h.add(trouble)
	w.Header().Set("Content-Type", "application/json")
	if !h.OK {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(h)
}

// quietness says that an account that was used every day has no new charge day,
// though it is answered; "" where that is not so.
func (eng *engine) quietness(account rules.Account, view store.View, now time.Time) string {
	watched := rules.Watched{Account: account, Bill: view.Bill, Ledger: view.Ledger, Poll: view.Poll}
	for _, f := range eng.rules.EvaluateTrust(watched, now) {
		if f.Dark != nil && f.Dark.Cause == rules.DarkQuiet {
			return account.Name + ": no new charge day since " + view.Bill.Through().String()
		}
	}
	return ""
}

// undeliveredFor is how long a message may wait before billbot is not healthy.
const undeliveredFor = time.Hour

func (eng *engine) health(ctx context.Context, now time.Time) (health, error) {
	h := health{Reasons: []string{}}
	for _, account := range eng.rules.Accounts {
		view, err := eng.load(ctx, account, now)
		if errors.Is(err, store.ErrDamaged) {
			poll := eng.damagedPoll(ctx, account, now)
			h.Accounts = append(h.Accounts, accountHealth{Account: account.Name, LastTrusted: poll.LastTrusted, Failure: poll.Failure})
			h.Reasons = append(h.Reasons, account.Name+": "+poll.Failure)
			continue
		}
		if err != nil {
			return h, err
		}
		h.Accounts = append(h.Accounts, accountHealth{
			account.Name, view.Bill.Through().String(), view.Poll.LastTrusted, view.Poll.Failure,
		})
		if now.Sub(view.Poll.LastTrusted) >= eng.rules.Patience() {
			h.Reasons = append(h.Reasons, account.Name+": no trusted answer for too long")
		}
		h.add(eng.quietness(account, view, now))
	}
	items, err := eng.store.Undelivered(ctx)
	if errors.Is(err, store.ErrDamaged) {
		h.Reasons, err = append(h.Reasons, "messages that wait are damaged: billbot outbox says which"), nil
	}
	for _, item := range items {
		switch {
		case item.State == notifier.Dead:
			h.GivenUp++
			h.Reasons = append(h.Reasons, "a message to "+item.Channel+" was given up: "+item.LastError)
		case item.Closed == "" && now.Sub(item.CreatedAt) > undeliveredFor:
			h.Reasons = append(h.Reasons, "a message to "+item.Channel+" waits: "+item.LastError)
		}
	}
	h.Reasons = append(h.Reasons, eng.slackReasons(items)...)
	var broken []string
	h.Panics, broken = eng.panics.told()
	for _, job := range broken {
		h.Reasons = append(h.Reasons, "the "+job+" panicked: please report what the log says of it")
	}
	h.add(eng.clock.trouble())
	h.add(eng.unwritten.reason())
	h.Outbox, h.OK = len(items)-h.GivenUp, len(h.Reasons) == 0
	return h, err
}
