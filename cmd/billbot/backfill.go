package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/time/rate"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// historyBurst is how many periods are asked for at once before asking slows
// down to asksPerSec.
const historyBurst = 30

// backfill asks for the billing periods before those that are known, one at a
// time, the newest first, of each anchor, until Cloudflare has no more. Each is
// committed by itself, so it goes on where it stopped. It judges nothing: what is
// long past is history, not news. One account's failure stops no other.
func (eng *engine) backfill(ctx context.Context, now time.Time, progress io.Writer) error {
	var failures []error
	pace := rate.NewLimiter(asksPerSec, historyBurst)
	for _, account := range eng.rules.Accounts {
		if eng.whole[account.ID] {
			continue
		}
		if err := eng.backfillAccount(ctx, account, now, pace, progress); err != nil {
			failures = append(failures, fmt.Errorf("history of %s: %w", account.Name, err))
		}
	}
	return errors.Join(failures...)
}

// backfillIfSwept is backfill as a job: the present comes first.
func (eng *engine) backfillIfSwept(ctx context.Context, now time.Time) error {
	if !eng.swept.Load() {
		return nil
	}
	return eng.backfill(ctx, now, io.Discard)
}

func (eng *engine) backfillAccount(ctx context.Context, account rules.Account, now time.Time, pace *rate.Limiter, progress io.Writer) error {
	told := 0
	for pace.Wait(ctx) == nil {
		view, err := eng.load(ctx, account, now)
		if err != nil {
			return err
		}
		walks := view.Ledger.Walks(fetcher.DayOf(now))
		ahead, more := fetcher.Ahead(walks)
		if !more {
			eng.whole[account.ID] = len(walks) > 0
			break
		}
		back := stepBack{account, view, walks, ahead}
		if back.period().End < eng.rules.Retention.Charges.Since(fetcher.DayOf(now)) {
			eng.whole[account.ID] = true // it would be pruned; not said to the store, as the rules may change
			break
		}
		rows, err := eng.goBack(ctx, back, now)
		if err != nil {
			return err
		}
		told++
		fmt.Fprintf(progress, "\r\x1b[Khistory of %s: back to %s, %d rows", account.Name, back.period().Start, rows)
	}
	if told > 0 {
		fmt.Fprintln(progress)
	}
	return ctx.Err()
}

// stepBack is a billing period further back, of one of an account's walks.
type stepBack struct {
	account rules.Account
	view    store.View
	walks   []fetcher.Walk
	ahead   int // the walk that goes on
}

func (b stepBack) period() fetcher.Period { return b.walks[b.ahead].Next() }

// goBack asks for one period and commits its rows, and how far back is known
// then. Rows of other periods are parts of them, which are asked for as a whole.
func (eng *engine) goBack(ctx context.Context, back stepBack, now time.Time) (int, error) {
	answer, err := eng.askBack(ctx, back.account, back.period(), now)
	if err != nil {
		return 0, err
	}
	past, change := fetcher.Ledger{Account: ref(back.account)}.Merge(answer)
	rows := past.InPeriod(back.period().Start)
	terms := back.view.Ledger.Terms.Walked(back.walks, back.ahead, past.Charges)
	commit := store.Commit{
		Account: ref(back.account), Generation: back.view.Generation, Terms: &terms,
		Periods: map[fetcher.Day][]fetcher.Charge{},
	}
	if len(rows) > 0 {
		commit.Periods[back.period().Start], commit.Snapshots = rows, []fetcher.Snapshot{*change.Snapshot}
	}
	if err := eng.store.Commit(ctx, commit); !errors.Is(err, store.ErrMoved) {
		return len(rows), err
	}
	return 0, nil // a poll came in between: look again
}

// askBack asks for one period. Days that Cloudflare refuses have no rows.
func (eng *engine) askBack(ctx context.Context, account rules.Account, p fetcher.Period, now time.Time) (fetcher.Answer, error) {
	answer, err := eng.sources[account.Name].Fetch(ctx, ref(account), p.Start, p.End, now)
	var refused interface{ NoSuchDays() bool }
	if errors.As(err, &refused) && refused.NoSuchDays() {
		return fetcher.Answer{FetchedAt: now, From: p.Start, To: p.End}, nil
	}
	return answer, err
}

// progressTo is where long work shows how far it is: the writer if it is a
// terminal, nowhere else.
func progressTo(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return w
		}
	}
	return io.Discard
}
