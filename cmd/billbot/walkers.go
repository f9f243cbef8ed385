package main

import (
	"context"
	"fmt"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"golang.org/x/time/rate"
)

// How a sweep asks. Cloudflare allows a token 1,200 requests in five minutes,
// and an account costs up to three; a few accounts at a time hide its latency,
// and one that hangs holds up no other.
const (
	asksAtOnce   = 4
	asksPerSec   = 1
	asksBurst    = 50
	commitsBatch = 100 // accounts a transaction
	commitsHold  = 5 * time.Second
)

// pollAll asks every account, decides, and commits what follows, in the order of
// the accounts: a hundred in one transaction, or those that are there once the
// first of them has waited for some seconds. It stops asking when ctx ends; what
// was asked by then is finished within work.
func (eng *engine) pollAll(ctx, work context.Context, now time.Time) []error {
	results := make([]chan decision, len(eng.rules.Accounts))
	for i := range results {
		results[i] = make(chan decision, 1)
	}
	free := make(chan struct{}, asksAtOnce) // holds a token for each account asked and not yet taken
	go eng.askAll(ctx, work, results, free, now)
	c := collector{see: eng.see, commit: func(batch []decision) []error { return eng.commit(work, batch, now) }}
	for _, result := range results {
		if !c.take(result) {
			break
		}
		<-free
	}
	c.flush()
	return c.failures
}

// askAll asks the accounts, a few at a time and no faster than Cloudflare
// allows. The channels of accounts that it does not come to are closed.
func (eng *engine) askAll(ctx, work context.Context, results []chan decision, free chan<- struct{}, now time.Time) {
	pace := rate.NewLimiter(asksPerSec, asksBurst)
	for i, account := range eng.rules.Accounts {
		if pace.Wait(ctx) != nil {
			for _, rest := range results[i:] {
				close(rest)
			}
			return
		}
		free <- struct{}{}
		go func() { results[i] <- eng.walk(work, account, now) }()
	}
}

// walk asks one account and decides. A panic, as on an answer that nobody
// thought of, fails that account alone, as if nothing had been heard: on a
// goroutine that is not a job's own it would end billbot.
func (eng *engine) walk(ctx context.Context, account rules.Account, now time.Time) decision {
	d, panicked := eng.guarded(account, func() decision { return eng.decide(eng.ask(ctx, account, now), now) })
	if panicked == nil {
		eng.panics.ended("poll of " + account.Name)
		return d
	}
	d, again := eng.guarded(account, func() decision {
		view, err := eng.load(ctx, account, now)
		return eng.decide(heard{account: account, view: view, err: panicked, unread: err != nil}, now)
	})
	if again != nil {
		return decision{account: account, err: panicked, unread: true}
	}
	return d
}

// guarded decides, and makes an error of a panic.
func (eng *engine) guarded(account rules.Account, decide func() decision) (d decision, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			eng.panics.add(eng.log, "poll of "+account.Name, cause)
			err = fmt.Errorf("%s: billbot failed inside: %v", account.Name, cause)
		}
	}()
	return decide(), nil
}

// see notes what rules choose on the bill of an account.
func (eng *engine) see(d decision) {
	eng.noteDamage(d)
	if eng.reach.See(d.account, d.bill); d.unread {
		eng.reach.Miss()
	}
}

// collector gathers decisions into batches.
type collector struct {
	see      func(decision)
	commit   func([]decision) []error
	batch    []decision
	due      <-chan time.Time // when the batch was held long enough; nil of none
	failures []error
}

// take waits for an account's answer, and no longer than commitsHold with
// decisions that are not committed. It returns false when the account was not
// asked.
func (c *collector) take(result <-chan decision) bool {
	var d decision
	var open bool
	select {
	case d, open = <-result:
	case <-c.due:
		c.flush()
		d, open = <-result
	}
	if !open {
		return false
	}
	c.see(d)
	d.bill = fetcher.Bill{} // a hundred of them are more than what is to be written
	if c.batch = append(c.batch, d); len(c.batch) == 1 {
		c.due = time.After(commitsHold)
	}
	if len(c.batch) == commitsBatch {
		c.flush()
	}
	return true
}

func (c *collector) flush() {
	if len(c.batch) > 0 {
		c.failures = append(c.failures, c.commit(c.batch)...)
		c.batch, c.due = nil, nil
	}
}
