package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/store"
)

const prunedRules = loopRules + "retention: {charges: 400d, snapshots: 30d, revisions: 30d}\n"

// remember commits what an account was long ago: a period, a snapshot and a
// revision of June 1998, and the same of its newest day.
func remember(t *testing.T, eng *engine, now time.Time) {
	t.Helper()
	account := eng.rules.Accounts[0]
	view, err := eng.load(t.Context(), account, now)
	if err != nil {
		t.Fatal(err)
	}
	start := fetcher.NewDay(1998, time.June, 12)
	commit := store.Commit{
		Account: ref(account), Generation: view.Generation,
		Periods: map[fetcher.Day][]fetcher.Charge{start: {{
			BillingAccountID: account.ID, BillingCurrency: "USD", ServiceName: "KV Read",
			BillingPeriodStart: start, ChargePeriodStart: start, ContractedCost: fetcher.NumberOf(dollars("1")),
		}}},
	}
	for _, day := range []fetcher.Day{start, view.Bill.Through()} {
		commit.Snapshots = append(commit.Snapshots, fetcher.Snapshot{FetchedAt: day.Time(), Hash: fmt.Sprint("remembered", now.Unix())})
		commit.Revisions = append(commit.Revisions, fetcher.Revision{SeenAt: now, Day: day, Service: "KV Read"})
	}
	if err := eng.store.Commit(t.Context(), commit); err != nil {
		t.Fatal(err)
	}
}

// logged is a log that is read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// count is how many lines hold a text.
func (l *logged) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), text)
}

// TestPruneOnceADay runs the schedule for two days: what is old goes when it
// starts and a day later, and what is not old stays.
func TestPruneOnceADay(t *testing.T) {
	const line = "msg=pruned periods=1 snapshots=1 revisions=1"
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, prunedRules, twoMonths())
		log := &logged{}
		w.env.log = slog.New(slog.NewTextHandler(log, nil))
		w.cloud.SetNow(time.Now().AddDate(0, 0, 20))
		time.Sleep(20 * 24 * time.Hour)
		eng := w.open(t)
		defer eng.store.Close()
		if err := eng.sweep(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		remember(t, eng, time.Now())
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		schedule, err := eng.schedule(ctx, w.env)
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			after time.Duration
			lines int
		}{{time.Minute, 1}, {23 * time.Hour, 1}, {time.Hour, 2}, {time.Hour, 2}} {
			time.Sleep(tt.after)
			synctest.Wait()
			if got := log.count(line); got != tt.lines || log.count("msg=pruned") != got {
				t.Errorf("%s: pruned %d times, want %d", time.Now(), got, tt.lines)
			}
			if tt.after == time.Minute {
				remember(t, eng, time.Now())
			}
		}
		if err := schedule.Shutdown(); err != nil {
			t.Error(err)
		}
		checkRemembered(t, eng)
	})
}

// checkRemembered wants what was remembered of the newest days, and no more.
func checkRemembered(t *testing.T, eng *engine) {
	t.Helper()
	snapshots, err := eng.store.Snapshots(t.Context(), testAccount)
	if err != nil || len(snapshots) < 3 || snapshots[0].FetchedAt.Year() < 2000 {
		t.Errorf("snapshots %v, error %v", snapshots, err)
	}
	revisions, err := eng.store.Revisions(t.Context(), testAccount, 0, fetcher.NewDay(2001, time.January, 1))
	if err != nil || len(revisions) != 2 {
		t.Errorf("revisions %v, error %v, want the two that are not old", revisions, err)
	}
	charges, err := eng.store.Charges(t.Context(), testAccount, 0, fetcher.NewDay(2001, time.January, 1))
	if err != nil || len(charges) == 0 || charges[0].BillingPeriodStart < fetcher.NewDay(1999, time.December, 1) {
		t.Errorf("%d charges, error %v, want those of this winter", len(charges), err)
	}
}

// TestPruneMistrustsTheClock lets the clock be years ahead, before anything is
// known and after: nothing is old then that was not before.
func TestPruneMistrustsTheClock(t *testing.T) {
	w := newWorld(t, prunedRules, twoMonths())
	now := time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(now)
	eng := w.open(t)
	defer eng.store.Close()
	if err := eng.prune(t.Context(), now); err != nil {
		t.Errorf("nothing known yet: %v", err)
	}
	if err := eng.sweep(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	remember(t, eng, now)
	before, err := eng.store.Snapshots(t.Context(), testAccount)
	if err != nil {
		t.Fatal(err)
	}
	for _, ahead := range []time.Time{now.AddDate(80, 0, 0), now.AddDate(0, 2, 0)} {
		if err := eng.prune(t.Context(), ahead); err != nil {
			t.Errorf("%s: %v", ahead, err)
		}
	}
	after, err := eng.store.Snapshots(t.Context(), testAccount)
	if err != nil || len(after) != len(before)-1 {
		t.Errorf("%d snapshots of %d are left, error %v, want all but that of 1998", len(after), len(before), err)
	}
}

// TestPruneKeepsOffABrokenTree spoils the pages of an open database where only a
// deletion reads them: nothing is deleted, and nothing written afterwards.
func TestPruneKeepsOffABrokenTree(t *testing.T) {
	w := newWorld(t, prunedRules, twoMonths())
	now := time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	w.cloud.SetNow(now)
	eng := w.open(t)
	defer eng.store.Close()
	if err := eng.sweep(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(w.env.dbFile, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	const size = 4096
	for id := uint64(2); ; id++ {
		head := make([]byte, 16) // its number, and at 12 over how many more it runs on
		if _, err := file.ReadAt(head, int64(id)*size); err != nil {
			break
		}
		if binary.NativeEndian.Uint64(head) == id {
			head[12]++
			if _, err := file.WriteAt(head, int64(id)*size); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := eng.prune(t.Context(), now); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("got error %v, want ErrDamaged", err)
	}
	if err := eng.store.Intact(); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("afterwards: got error %v, want ErrDamaged", err)
	}
}
