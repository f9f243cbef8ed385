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

// mostPeriods is how many billing periods back history is asked for: what a
// year of daily rows can be compared with, and some.
const mostPeriods = 24

// historyBurst is how many periods are asked for at once before asking slows
// down to asksPerSec.
const historyBurst = 30

// backfill asks for the billing periods before those that are known, one at a
// time, the newest first, until Cloudflare has no more. Each is committed by
// itself, so it goes on where it stopped. It judges nothing: what is long past
// is history, not news. One account's failure stops no other.
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
		period, missing := nextBack(view.Ledger)
		if !missing {
			eng.whole[account.ID] = view.Ledger.Terms.Whole
			break
		}
		if period.End < eng.rules.Retention.Charges.Since(fetcher.DayOf(now)) {
			eng.whole[account.ID] = true // it would be pruned; not said to the store, as the rules may change
			break
		}
		rows, err := eng.backfillPeriod(ctx, account, view, period, now)
		if err != nil {
			return err
		}
		told++
		fmt.Fprintf(progress, "\r\x1b[Khistory of %s: back to %s, %d rows", account.Name, period.Start, rows)
	}
	if told > 0 {
		fmt.Fprintln(progress)
	}
	return ctx.Err()
}

// nextBack is the billing period to ask for next; false when there is nothing
// to ask: no period is known yet, or all that there are.
func nextBack(l fetcher.Ledger) (fetcher.Period, bool) {
	oldest := l.Terms.Reaches
	if starts := l.PeriodStarts(); oldest.IsZero() && len(starts) > 0 {
		oldest = starts[0]
	}
	if oldest.IsZero() || l.Terms.Whole {
		return fetcher.Period{}, false
	}
	return l.PreviousPeriod(oldest), true
}

// backfillPeriod asks for one period and commits its rows. A period without
// rows is the end of history.
func (eng *engine) backfillPeriod(ctx context.Context, account rules.Account, view store.View, period fetcher.Period, now time.Time) (int, error) {
	answer, err := eng.sources[account.Name].Fetch(ctx, ref(account), period.Start, period.End, now)
	if err != nil {
		return 0, err
	}
	past, change := fetcher.Ledger{Account: ref(account)}.Merge(answer)
	rows := past.InPeriod(period.Start)
	terms := view.Ledger.Terms
	terms.Reaches = period.Start
	terms.Whole = len(rows) == 0 || fetcher.DayOf(now)-period.Start > mostPeriods*31
	commit := store.Commit{
		Account: ref(account), Generation: view.Generation, Terms: &terms,
		Periods: map[fetcher.Day][]fetcher.Charge{},
	}
	if len(rows) > 0 {
		commit.Periods[period.Start], commit.Snapshots = rows, []fetcher.Snapshot{*change.Snapshot}
	}
	if err := eng.store.Commit(ctx, commit); !errors.Is(err, store.ErrMoved) {
		return len(rows), err
	}
	return 0, nil // a poll came in between: look again
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
