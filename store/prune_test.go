package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"
)

// everythingOld is Old for all that a history has.
func everythingOld() Old {
	return Old{Charges: july + 60, Snapshots: noon.AddDate(1, 0, 0), Revisions: july + 60}
}

// history commits a year of periods, snapshots and revisions of an account.
func history(t testing.TB, s *Store, account fetcher.Account) {
	t.Helper()
	c := Commit{Account: account, Periods: map[fetcher.Day][]fetcher.Charge{}}
	for month := range 12 {
		start := fetcher.NewDay(2025, time.August+time.Month(month), 4)
		c.Periods[start] = testCharges(start, 40)
		at := start.Time().Add(6 * time.Hour)
		c.Snapshots = append(c.Snapshots, fetcher.Snapshot{FetchedAt: at, Hash: fmt.Sprint(month)})
		c.Revisions = append(c.Revisions, fetcher.Revision{SeenAt: at, Day: start, Service: "D1"})
	}
	mustCommit(t, s, c)
}

func mustPrune(t *testing.T, s *Store, old Old) Pruned {
	t.Helper()
	done, err := s.Prune(t.Context(), old)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestPruneDeletesWhatIsOld(t *testing.T) {
	s := openTest(t, testPath(t))
	history(t, s, prod)
	history(t, s, client)
	moment := fetcher.NewDay(2026, time.May, 4).Time().Add(6 * time.Hour)
	// The period from 4 March may go on to 4 April, the day an anchor may slip.
	got := mustPrune(t, s, Old{Charges: fetcher.NewDay(2026, time.April, 5), Snapshots: moment, Revisions: june})
	if want := (Pruned{Periods: 2 * 8, Snapshots: 2 * 9, Revisions: 2 * 10}); !cmp.Equal(want, got) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	v := mustLoad(t, s, prod, 0)
	if starts := v.Ledger.PeriodStarts(); len(starts) != 4 || starts[0] != fetcher.NewDay(2026, time.April, 4) || v.Generation != 2 || !v.Known {
		t.Errorf("periods %v, generation %d, known %v", starts, v.Generation, v.Known)
	}
	snapshots, err := s.Snapshots(t.Context(), prod.ID)
	if err != nil || len(snapshots) != 3 || !snapshots[0].FetchedAt.Equal(moment) {
		t.Errorf("snapshots %v, error %v, want those from %s on", snapshots, err, moment)
	}
	revisions, err := s.Revisions(t.Context(), prod.ID, 0, july)
	if err != nil || len(revisions) != 2 || revisions[0].Day != june {
		t.Errorf("revisions %v, error %v, want those from %s on", revisions, err, june)
	}
}

func TestPruneWithNothingOldWritesNothing(t *testing.T) {
	s := openTest(t, testPath(t))
	history(t, s, prod)
	before := transactions(t, s)
	for _, old := range []Old{{}, {Charges: fetcher.NewDay(2025, time.September, 4), Snapshots: time.Unix(1, 0), Revisions: 1}} {
		if done := mustPrune(t, s, old); !done.Empty() || transactions(t, s) != before {
			t.Errorf("%+v: got %+v and %d transactions", old, done, transactions(t, s)-before)
		}
	}
	mustPrune(t, s, everythingOld())
	before = transactions(t, s)
	if done := mustPrune(t, s, everythingOld()); !done.Empty() || transactions(t, s) != before {
		t.Errorf("a second time: got %+v and %d transactions", done, transactions(t, s)-before)
	}
}

// TestPruneGoesOn interrupts after each number of transactions, opens the file
// again and prunes it: the end is always the same.
func TestPruneGoesOn(t *testing.T) {
	var want map[string]map[string]string
	for steps := range 13 {
		path := testPath(t)
		s := openTest(t, path)
		history(t, s, prod)
		ids, err := s.accountIDs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var first Pruned
		for range steps {
			p := pruning{old: everythingOld(), room: 3, waiting: ids}
			if err := s.update(t.Context(), "prune", p.apply); err != nil {
				t.Fatal(err)
			}
			first = first.plus(p.done)
		}
		mustClose(t, s)
		s = openTest(t, path)
		done := first.plus(mustPrune(t, s, everythingOld()))
		if all := (Pruned{Periods: 12, Snapshots: 12, Revisions: 12}); !cmp.Equal(all, done) {
			t.Errorf("after %d steps: pruned %+v, want %+v", steps, done, all)
		}
		got := contents(t, s)
		delete(got, bucketAccounts) // its generation counts transactions
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %d steps (-want +got):\n%s", steps, diff)
		}
	}
}

func TestPruneIsCancelled(t *testing.T) {
	s := openTest(t, testPath(t))
	history(t, s, prod)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if done, err := s.Prune(ctx, everythingOld()); !errors.Is(err, context.Canceled) || !done.Empty() {
		t.Errorf("got %+v and error %v", done, err)
	}
}

// TestPruneMovesALedgerOn prunes between a load and its commit, and what was
// computed from charges that are gone is not written.
func TestPruneMovesALedgerOn(t *testing.T) {
	s := openTest(t, testPath(t))
	history(t, s, prod)
	v := mustLoad(t, s, prod, 0)
	mustPrune(t, s, Old{Snapshots: noon, Revisions: june})
	if got := mustLoad(t, s, prod, 0).Generation; got != v.Generation {
		t.Errorf("generation %d without charges deleted, want %d", got, v.Generation)
	}
	mustPrune(t, s, Old{Charges: june})
	first := v.Ledger.PeriodStarts()[0]
	stale := Commit{Account: prod, Generation: v.Generation, Periods: map[fetcher.Day][]fetcher.Charge{first: testCharges(first, 2)}}
	if err := s.Commit(t.Context(), stale); !errors.Is(err, ErrMoved) {
		t.Errorf("got error %v, want ErrMoved", err)
	}
}

// TestPruneNamesWhatIsDamaged deletes what is old and cannot be read: it says
// so, and what is around it can be read again.
func TestPruneNamesWhatIsDamaged(t *testing.T) {
	s := openTest(t, testPath(t))
	history(t, s, prod)
	start := fetcher.NewDay(2025, time.August, 4)
	lost := fetcher.NewDay(2025, time.September, 4)
	putRaw(t, s, bucketSnapshots, appendTime(nameKey(prod.ID), start.Time()), []byte("no snapshot"))
	putRaw(t, s, bucketCharges, chargesKey(start, 1), []byte("no charges"))
	err := s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte(bucketCharges)).Delete(chargesKey(lost, 1)) })
	if err != nil {
		t.Fatal(err)
	}
	got := mustPrune(t, s, Old{Charges: june, Snapshots: noon.AddDate(0, -1, 0), Revisions: june})
	if got.Periods != 9 || got.Snapshots != 12 || got.Revisions != 10 || len(got.Damaged) != 3 {
		t.Fatalf("got %+v", got)
	}
	for i, want := range []string{
		"snapshots, key ", "account " + prod.ID + ", billing period from 2025-08-04: periods, key ",
		"account " + prod.ID + ", billing period from 2025-09-04: periods, key ",
	} {
		if err := got.Damaged[i]; !errors.Is(err, ErrDamaged) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("damaged: got %v, want %q", err, want)
		}
	}
	mustLoad(t, s, prod, 0)
	if _, err := s.Snapshots(t.Context(), prod.ID); err != nil {
		t.Error(err)
	}
}

// TestPruneSparesADamagedAccount keeps the charges whose age nothing tells, and
// goes on with the other accounts.
func TestPruneSparesADamagedAccount(t *testing.T) {
	s := openTest(t, testPath(t))
	history(t, s, prod)
	history(t, s, client)
	putRaw(t, s, bucketAccounts, nameKey(prod.ID), []byte("not what was written"))
	got, err := s.Prune(t.Context(), everythingOld())
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "store: prune the charges of "+prod.ID+": accounts, key ") {
		t.Errorf("got error %v", err)
	}
	if want := (Pruned{Periods: 12, Snapshots: 24, Revisions: 24}); !cmp.Equal(want, got) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if left := len(contents(t, s)[bucketCharges]); left != 12 {
		t.Errorf("%d periods are left, want the 12 of the damaged account", left)
	}
}

// TestPruneInBoundedTransactions counts what each transaction deletes.
func TestPruneInBoundedTransactions(t *testing.T) {
	s := openTest(t, testPath(t))
	for i := range 30 {
		history(t, s, fetcher.Account{ID: fmt.Sprint("account-", i)})
	}
	before := transactions(t, s)
	done := mustPrune(t, s, everythingOld())
	if n, want := transactions(t, s)-before, (30*36+pruneBatch-1)/pruneBatch; n != want || done.Periods != 360 {
		t.Errorf("%d transactions deleted %+v, want %d", n, done, want)
	}
}
