package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
	bolt "go.etcd.io/bbolt"
)

var (
	may    = fetcher.NewDay(2026, time.May, 4)
	june   = fetcher.NewDay(2026, time.June, 4)
	july   = fetcher.NewDay(2026, time.July, 4)
	noon   = time.Date(2026, time.July, 10, 12, 0, 0, 0, time.UTC)
	prod   = fetcher.Account{Name: "production", ID: "023e105f4ecef8ad9ca31a8372d0c353"}
	client = fetcher.Account{Name: "client", ID: "9a7806061c88ada191ed06f989cc3dac"}
)

// testCharges makes n charges of a period, thirty services a day.
func testCharges(period fetcher.Day, n int) []fetcher.Charge {
	charges := make([]fetcher.Charge, n)
	for i := range charges {
		cost := decimal.New(int64(1000+i*7), -4)
		charges[i] = fetcher.Charge{
			BillingAccountID: prod.ID, BillingCurrency: "USD",
			ServiceName:        fmt.Sprintf("Service %02d (first 25 billion included)", i%30),
			ServiceFamilyName:  "Developer Platform",
			SubscriptionID:     "sub_1",
			BillingPeriodStart: period, ChargePeriodStart: period + fetcher.Day(i/30),
			ConsumedQuantity: fetcher.NumberOf(decimal.New(int64(i)*35_000_000_001, 0)), ConsumedUnit: "Rows",
			PricingQuantity: fetcher.NumberOf(decimal.New(int64(i)*35_000, -6)), PricingUnit: "Million rows",
			ContractedCost: fetcher.NumberOf(cost), CumulatedContractedCost: fetcher.NumberOf(cost.Mul(decimal.NewFromInt(int64(i + 1)))),
			CumulatedPricingQuantity: fetcher.NumberOf(decimal.New(int64(i)*70_000, -6)),
		}
	}
	fetcher.SortCharges(charges)
	return charges
}

func mustCommit(t testing.TB, s *Store, commits ...Commit) {
	t.Helper()
	if err := s.Commit(t.Context(), commits...); err != nil {
		t.Fatal(err)
	}
}

func mustLoad(t testing.TB, s *Store, account fetcher.Account, since fetcher.Day) View {
	t.Helper()
	v, err := s.Load(t.Context(), account, since)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// withoutBill compares views by their charges; those of the bill are in columns.
var withoutBill = cmpopts.IgnoreFields(View{}, "Bill")

// mustRead is mustLoad with all charges of the bill's periods.
func mustRead(t testing.TB, s *Store, account fetcher.Account, since fetcher.Day) View {
	t.Helper()
	v := mustLoad(t, s, account, since)
	v, err := s.Rows(t.Context(), v, v.Bill.Calendar().Starts)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// transactions counts the write transactions that were ever committed.
func transactions(t testing.TB, s *Store) (id int) {
	t.Helper()
	err := s.db.View(func(tx *bolt.Tx) error {
		id = tx.ID()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// contents is every value of the database, by bucket and key.
func contents(t testing.TB, s *Store) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	err := s.db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			all[string(name)] = map[string]string{}
			return b.ForEach(func(k, v []byte) error {
				all[string(name)][string(k)] = string(v)
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// fullCommit has something of everything.
func fullCommit(account fetcher.Account) Commit {
	covered := true
	return Commit{
		Account: account,
		Periods: map[fetcher.Day][]fetcher.Charge{june: testCharges(june, 90), july: testCharges(july, 60)},
		Doubts:  &[]fetcher.Doubt{{Item: fetcher.Item{BillingPeriodStart: july, Day: july, Service: "D1"}, Since: july + 2}},
		Terms:   &fetcher.Terms{Covered: &covered, Anchors: []fetcher.Day{june}, NextBillDate: july + 31},
		Snapshots: []fetcher.Snapshot{{FetchedAt: noon, Hash: "ab", Through: july + 1, Rows: 60, Totals: []fetcher.SnapshotTotal{
			{BillingPeriodStart: july, Service: "D1", Currency: "USD", ContractedCost: decimal.RequireFromString("12.50")}}}},
		Revisions: []fetcher.Revision{
			{SeenAt: noon, BillingPeriodStart: july, Day: july, Service: "D1", OldCost: decimal.New(1, 0), NewCost: decimal.New(2, 0)},
			{SeenAt: noon, BillingPeriodStart: july, Day: july, Service: "KV", Vanished: true},
		},
		Alerts: []rules.Alert{{ID: "alert-1", State: rules.Firing, Since: noon, Day: july}},
		Items:  []notifier.Item{{Key: "alert-1", Channel: "#spend", CreatedAt: noon, Content: notifier.Content{Alert: &rules.Alert{ID: "alert-1"}}}},
		Poll:   &fetcher.PollState{LastAttempt: noon, LastTrusted: noon, Trust: fetcher.Trust{Verdict: fetcher.Trusted}},
	}
}

func TestLoadReturnsWhatWasCommitted(t *testing.T) {
	path := testPath(t)
	s := openTest(t, path)
	c := fullCommit(prod)
	if v := mustLoad(t, s, prod, 0); v.Known || v.Generation != 0 {
		t.Fatalf("a new account is %+v", v)
	}
	mustCommit(t, s, c)
	mustClose(t, s)
	s = openTest(t, path)
	want := View{
		Generation: 1, Known: true, Poll: *c.Poll, Alerts: c.Alerts,
		Ledger: fetcher.Ledger{
			Account: prod, Charges: append(testCharges(june, 90), testCharges(july, 60)...),
			Doubts: *c.Doubts, Terms: *c.Terms, Trust: c.Poll.Trust,
		},
	}
	if diff := cmp.Diff(want, mustRead(t, s, prod, june), withoutBill); diff != "" {
		t.Errorf("Load (-want +got):\n%s", diff)
	}
	snapshots, err := s.Snapshots(t.Context(), prod.ID)
	if diff := cmp.Diff(c.Snapshots, snapshots); err != nil || diff != "" {
		t.Errorf("Snapshots: %v (-want +got):\n%s", err, diff)
	}
	revisions, err := s.Revisions(t.Context(), prod.ID, july, july)
	if diff := cmp.Diff(c.Revisions, revisions); err != nil || diff != "" {
		t.Errorf("Revisions: %v (-want +got):\n%s", err, diff)
	}
	accounts, err := s.Accounts(t.Context())
	if diff := cmp.Diff([]AccountState{{prod, *c.Poll, true}}, accounts); err != nil || diff != "" {
		t.Errorf("Accounts: %v (-want +got):\n%s", err, diff)
	}
}

func TestLoadTakesThePeriodsThatMayReach(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, Commit{Account: prod, Periods: map[fetcher.Day][]fetcher.Charge{
		may: testCharges(may, 1), june: testCharges(june, 1), july: testCharges(july, 1),
	}})
	tests := []struct {
		since fetcher.Day
		want  []fetcher.Day
	}{
		{0, []fetcher.Day{may, june, july}},
		{june + 1, []fetcher.Day{june, july}},
		{july - 1, []fetcher.Day{june, july}},
		{july + 2, []fetcher.Day{july}},
		{july + 40, nil},
	}
	for _, tt := range tests {
		got := mustLoad(t, s, prod, tt.since).Bill.Calendar().Starts
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("since %s (-want +got):\n%s", tt.since, diff)
		}
	}
}

func TestLoadLeavesOldAlertsOut(t *testing.T) {
	s := openTest(t, testPath(t))
	ended := func(id string, daysAgo int) rules.Alert {
		at := noon.AddDate(0, 0, -daysAgo)
		return rules.Alert{ID: id, State: rules.Resolved, Since: at.AddDate(0, 0, -1), Ended: rules.EndedBack, EndedAt: at}
	}
	firing := rules.Alert{ID: "a-firing", State: rules.Firing, Since: noon.AddDate(-1, 0, 0)}
	mustCommit(t, s, Commit{Account: prod, Alerts: []rules.Alert{ended("new", 0), ended("late", 59), ended("old", 61), firing}})
	var got []string
	for _, a := range mustLoad(t, s, prod, 0).Alerts {
		got = append(got, a.ID)
	}
	if diff := cmp.Diff([]string{"a-firing", "late", "new"}, got); diff != "" {
		t.Errorf("alerts (-want +got):\n%s", diff)
	}
	all, err := s.Alerts(t.Context())
	if err != nil || len(all) != 4 || all[0].AccountID != prod.ID {
		t.Errorf("Alerts: %v, %v, want all four", all, err)
	}
}

func TestCommitOfAnOldGenerationWritesNothing(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, fullCommit(prod))
	before := contents(t, s)
	stale := fullCommit(prod) // says generation 0
	stale.Alerts[0].State = rules.Resolved
	poll := fetcher.PollState{Failure: "503"}
	for _, commits := range [][]Commit{
		{stale},
		{fullCommit(client), stale},
		{{Account: prod, Poll: &poll}},
	} {
		if err := s.Commit(t.Context(), commits...); !errors.Is(err, ErrMoved) {
			t.Errorf("got error %v, want ErrMoved", err)
		}
		if diff := cmp.Diff(before, contents(t, s)); diff != "" {
			t.Errorf("something was written (-before +after):\n%s", diff)
		}
	}
}

func TestCommitOfAPollStateWritesNothingElse(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, fullCommit(prod))
	before := contents(t, s)
	mustCommit(t, s, Commit{Account: prod, Generation: 1, Poll: &fetcher.PollState{LastAttempt: noon.Add(time.Hour)}})
	after := contents(t, s)
	if cmp.Equal(before[bucketPolls], after[bucketPolls]) {
		t.Error("the poll state was not written")
	}
	delete(before, bucketPolls)
	delete(after, bucketPolls)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("more was written (-before +after):\n%s", diff)
	}
	if v := mustLoad(t, s, prod, 0); v.Generation != 1 || !v.Poll.LastAttempt.Equal(noon.Add(time.Hour)) {
		t.Errorf("generation %d, last attempt %s", v.Generation, v.Poll.LastAttempt)
	}
}

func TestPollStateAloneDoesNotMakeAnAccountKnown(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, Commit{Account: prod, Poll: &fetcher.PollState{Failure: "403"}})
	if mustLoad(t, s, prod, 0).Known {
		t.Error("known after a poll state")
	}
	mustCommit(t, s, Commit{Account: prod, Doubts: &[]fetcher.Doubt{}})
	if v := mustLoad(t, s, prod, 0); !v.Known || v.Generation != 1 {
		t.Errorf("after a commit: known %v, generation %d", v.Known, v.Generation)
	}
}

func TestCommitOfWhatIsThereIsNoTransaction(t *testing.T) {
	s := openTest(t, testPath(t))
	c := fullCommit(prod)
	mustCommit(t, s, c)
	c.Generation, c.Revisions = 1, nil
	before := transactions(t, s)
	mustCommit(t, s, c)
	mustCommit(t, s)
	mustCommit(t, s, Commit{Account: prod})
	if after := transactions(t, s); after != before {
		t.Errorf("%d transactions, want none", after-before)
	}
	if v := mustLoad(t, s, prod, 0); v.Generation != 1 {
		t.Errorf("generation %d, want 1", v.Generation)
	}
}

func TestCommitReplacesWholePeriods(t *testing.T) {
	s := openTest(t, testPath(t))
	for i, n := range []int{90, 120, 31, 0, 5} {
		mustCommit(t, s, Commit{Account: prod, Generation: uint64(i), Periods: map[fetcher.Day][]fetcher.Charge{
			july: testCharges(july, n), june: testCharges(june, 2),
		}})
		got := mustRead(t, s, prod, 0).Ledger.Charges
		if diff := cmp.Diff(append(testCharges(june, 2), testCharges(july, n)...), got); diff != "" {
			t.Errorf("%d charges (-want +got):\n%s", n, diff)
		}
	}
}

func TestCommitRefuses(t *testing.T) {
	s := openTest(t, testPath(t))
	tests := []struct {
		name    string
		commits []Commit
	}{
		{"no account", []Commit{{Poll: &fetcher.PollState{}}}},
		{"account twice", []Commit{{Account: prod, Poll: &fetcher.PollState{}}, {Account: prod, Doubts: &[]fetcher.Doubt{}}}},
		{"charge of another period", []Commit{{Account: prod, Periods: map[fetcher.Day][]fetcher.Charge{june: testCharges(july, 1)}}}},
		{"alert without ID", []Commit{{Account: prod, Alerts: []rules.Alert{{}}}}},
		{"item without key", []Commit{{Account: prod, Items: []notifier.Item{{CreatedAt: noon}}}}},
		{"item without time", []Commit{{Account: prod, Items: []notifier.Item{{Key: "k"}}}}},
	}
	empty := contents(t, s)
	for _, tt := range tests {
		if err := s.Commit(t.Context(), tt.commits...); err == nil {
			t.Errorf("%s: no error", tt.name)
		}
	}
	if diff := cmp.Diff(empty, contents(t, s)); diff != "" {
		t.Errorf("something was written (-before +after):\n%s", diff)
	}
}

func TestChargesAreOfTheDaysAsked(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, Commit{Account: prod, Periods: map[fetcher.Day][]fetcher.Charge{
		june: testCharges(june, 900), july: testCharges(july, 300),
	}})
	got, err := s.Charges(t.Context(), prod.ID, july-2, july+1)
	if err != nil {
		t.Fatal(err)
	}
	if want := 2*30 + 2*30; len(got) != want {
		t.Errorf("%d charges, want %d", len(got), want)
	}
}

func TestAccountsWhoseNamesBeginAlikeAreApart(t *testing.T) {
	s := openTest(t, testPath(t))
	short, long := fetcher.Account{ID: "a"}, fetcher.Account{ID: "ab"}
	mustCommit(t, s, fullCommit(long))
	if v := mustRead(t, s, short, 0); len(v.Ledger.Charges)+len(v.Alerts) > 0 {
		t.Errorf("account a has what is account ab's: %+v", v)
	}
	mustCommit(t, s, Commit{Account: short, Periods: map[fetcher.Day][]fetcher.Charge{june: testCharges(june, 1)}})
	if got := len(mustRead(t, s, long, 0).Ledger.Charges); got != 150 {
		t.Errorf("account ab has %d charges, want 150", got)
	}
}

func TestFleetIsNoAccount(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, Commit{Account: fetcher.Account{ID: rules.FleetID}, Alerts: []rules.Alert{{ID: "total", Since: noon}}})
	if accounts, err := s.Accounts(t.Context()); err != nil || len(accounts) != 0 {
		t.Errorf("Accounts: %v, %v, want none", accounts, err)
	}
	if v := mustLoad(t, s, fetcher.Account{ID: rules.FleetID}, 0); len(v.Alerts) != 1 {
		t.Errorf("alerts %v, want one", v.Alerts)
	}
}
