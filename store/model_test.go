package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// model is what the store promises, said with maps and slices.
type model struct {
	views     map[string]View
	periods   map[string]map[fetcher.Day][]fetcher.Charge
	alerts    map[string]map[string]rules.Alert
	snapshots map[string][]fetcher.Snapshot
	revisions map[string][]fetcher.Revision
	items     []notifier.Item
	receipts  map[string]*notifier.Receipt
	summaries map[string]bool
	lastID    uint64
	homes     map[string]string                    // by message: the digest that stands for it
	entries   map[string]map[string]notifier.Entry // by digest and message
}

func newModel() *model {
	return &model{
		views: map[string]View{}, periods: map[string]map[fetcher.Day][]fetcher.Charge{},
		alerts: map[string]map[string]rules.Alert{}, snapshots: map[string][]fetcher.Snapshot{},
		revisions: map[string][]fetcher.Revision{}, receipts: map[string]*notifier.Receipt{}, summaries: map[string]bool{},
		homes: map[string]string{}, entries: map[string]map[string]notifier.Entry{},
	}
}

func (m *model) commit(c Commit) {
	v := m.views[c.Account.ID]
	if c.Poll != nil {
		v.Poll = *c.Poll
	}
	if !c.pollOnly() {
		m.commitLedger(c, &v)
	}
	m.views[c.Account.ID] = v
}

func (m *model) commitLedger(c Commit, v *View) {
	id := c.Account.ID
	if said := slices.DeleteFunc(slices.Clone(c.Items), m.absorbed); len(said) > 0 || !v.Known || !onlyItems(c) {
		v.Generation++
	}
	v.Known = true
	if c.Doubts != nil {
		v.Ledger.Doubts = *c.Doubts
	}
	if m.periods[id] == nil {
		m.periods[id], m.alerts[id] = map[fetcher.Day][]fetcher.Charge{}, map[string]rules.Alert{}
	}
	maps.Copy(m.periods[id], c.Periods)
	for _, a := range c.Alerts {
		m.alerts[id][a.ID] = a
	}
	m.snapshots[id] = append(m.snapshots[id], c.Snapshots...)
	m.revisions[id] = append(m.revisions[id], c.Revisions...)
	slices.SortStableFunc(m.revisions[id], func(a, b fetcher.Revision) int { return int(a.Day - b.Day) })
	for _, item := range c.Items {
		m.enqueue(item)
	}
}

func (m *model) enqueue(item notifier.Item) {
	if home := m.homes[item.Key]; home != "" {
		m.enqueueInto(home, item)
		return
	}
	m.put(item)
}

func (m *model) put(item notifier.Item) {
	i := slices.IndexFunc(m.items, func(waits notifier.Item) bool { return waits.Key == item.Key && !waits.Reply })
	if item.Reply || i < 0 {
		m.lastID++
		item.ID, item.Version, item.State = m.lastID, 1, notifier.Pending
		m.items = append(m.items, item)
		return
	}
	waits := &m.items[i]
	waits.Version++
	waits.Content, waits.Channel, waits.CreatedAt = item.Content, item.Channel, item.CreatedAt
	if waits.State == notifier.Dead {
		waits.State, waits.Attempts = notifier.Pending, 0
	}
}

// machine drives a store and the model alike.
type machine struct {
	path  string
	store *Store
	model *model
	ticks int
	begun map[uint64]notifier.Item // attempts under way
}

// now is a different moment at each call, so that contents always differ.
func (m *machine) now() time.Time {
	m.ticks++
	return noon.Add(time.Duration(m.ticks) * time.Minute)
}

func (m *machine) account(t *rapid.T) fetcher.Account {
	return rapid.SampledFrom([]fetcher.Account{prod, client, {ID: rules.FleetID}}).Draw(t, "account")
}

func (m *machine) item(t *rapid.T) notifier.Item {
	at := m.now()
	return notifier.Item{
		Key:     rapid.SampledFrom([]string{"k1", "k2", "k3"}).Draw(t, "key"),
		Channel: rapid.SampledFrom([]string{"#a", "#b"}).Draw(t, "channel"),
		Reply:   rapid.Bool().Draw(t, "reply"), CreatedAt: at,
		Content: notifier.Content{Alert: new(asRead(t, rules.Alert{ID: "k", Since: at}))},
	}
}

// draw makes a commit of random parts; each part differs from all before it.
func (m *machine) draw(t *rapid.T, account fetcher.Account) Commit {
	at := m.now()
	c := Commit{Account: account, Generation: m.model.views[account.ID].Generation}
	part := func(name string) bool { return rapid.Bool().Draw(t, name) }
	if part("poll") {
		c.Poll = &fetcher.PollState{LastAttempt: at, Trust: fetcher.Trust{Verdict: fetcher.NoData}}
	}
	if part("doubts") {
		c.Doubts = &[]fetcher.Doubt{{Item: fetcher.Item{Service: fmt.Sprint(m.ticks)}, Since: july}}
	}
	if part("periods") {
		period := rapid.SampledFrom([]fetcher.Day{may, june, july}).Draw(t, "period")
		rows := testCharges(period, rapid.IntRange(2, 5).Draw(t, "rows"))[1:]
		rows[0].ChargeDescription = fmt.Sprint(m.ticks)
		c.Periods = map[fetcher.Day][]fetcher.Charge{period: rows}
	}
	if part("history") {
		c.Snapshots = []fetcher.Snapshot{{FetchedAt: at, Hash: "h"}}
		day := rapid.SampledFrom([]fetcher.Day{june, july}).Draw(t, "day")
		c.Revisions = asRead(t, []fetcher.Revision{{SeenAt: at, Day: day, Service: "D1"}, {SeenAt: at, Day: day, Service: "KV"}})
	}
	if part("alerts") {
		id := rapid.SampledFrom([]string{"a1", "a2"}).Draw(t, "alert")
		c.Alerts = asRead(t, []rules.Alert{{ID: id, State: rules.Firing, Since: at}})
	}
	if part("items") {
		c.Items = []notifier.Item{m.item(t), m.item(t)}
	}
	return c
}

func (m *machine) Commit(t *rapid.T) {
	c := m.draw(t, m.account(t))
	ready := c
	if rapid.Bool().Draw(t, "prepared") {
		var err error
		if ready, err = Prepare(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.store.Commit(t.Context(), ready); err != nil {
		t.Fatal(err)
	}
	m.model.commit(c)
}

func (m *machine) CommitStale(t *rapid.T) {
	good, stale := m.draw(t, prod), m.draw(t, client)
	stale.Generation++
	err := m.store.Commit(t.Context(), good, stale)
	switch {
	case stale.empty() && err == nil:
		m.model.commit(good)
	case !errors.Is(err, ErrMoved):
		t.Fatalf("got error %v, want ErrMoved", err)
	}
}

func (m *machine) Reopen(t *rapid.T) {
	if err := m.store.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(m.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	m.store = s
	clear(m.begun)
}

// asRead is a value in the form that reading gives it: a decimal has several.
func asRead[T any](t *rapid.T, value T) (read T) {
	written, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(written, &read)
	}
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// quickDiff is cmp.Diff, faster on what is the same.
func quickDiff(want, got any, options ...cmp.Option) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got, options...)
}

// Check is called after each step.
func (m *machine) Check(t *rapid.T) {
	for _, account := range []fetcher.Account{prod, client, {ID: rules.FleetID}} {
		m.checkAccount(t, account)
	}
	items, err := m.store.Undelivered(t.Context())
	if diff := quickDiff(m.model.items, items, cmpopts.EquateEmpty()); err != nil || diff != "" {
		t.Fatalf("Undelivered: %v (-want +got):\n%s", err, diff)
	}
	for _, key := range []string{"k1", "k2", "k3"} {
		receipt, err := m.store.Receipt(t.Context(), key)
		if diff := quickDiff(m.model.receipts[m.model.home(key)], receipt); err != nil || diff != "" {
			t.Fatalf("Receipt %s: %v (-want +got):\n%s", key, err, diff)
		}
	}
	for _, date := range []string{"2026-07-10", "2026-07-11"} {
		done, err := m.store.SummaryDone(t.Context(), "#a", date)
		if err != nil || done != m.model.summaries[date] {
			t.Fatalf("SummaryDone %s: %v, %v", date, done, err)
		}
	}
}

func (m *machine) checkAccount(t *rapid.T, account fetcher.Account) {
	id := account.ID
	want := m.model.views[id]
	want.Ledger.Account, want.Ledger.Trust = account, want.Poll.Trust
	for _, period := range []fetcher.Day{may, june, july} {
		want.Ledger.Charges = append(want.Ledger.Charges, m.model.periods[id][period]...)
	}
	for _, alert := range slices.Sorted(maps.Keys(m.model.alerts[id])) {
		want.Alerts = append(want.Alerts, m.model.alerts[id][alert])
	}
	got, err := m.store.Load(t.Context(), account, 0)
	if err == nil {
		m.checkBill(t, want, got.Bill)
		got, err = m.store.Rows(t.Context(), got, got.Bill.Calendar().Starts)
		got.Bill = fetcher.Bill{}
	}
	if diff := quickDiff(want, got, exact, cmpopts.EquateEmpty()); err != nil || diff != "" {
		t.Fatalf("Load %s: %v (-want +got):\n%s", id, err, diff)
	}
	snapshots, err := m.store.Snapshots(t.Context(), id)
	if diff := quickDiff(m.model.snapshots[id], snapshots, cmpopts.EquateEmpty()); err != nil || diff != "" {
		t.Fatalf("Snapshots: %v (-want +got):\n%s", err, diff)
	}
	revisions, err := m.store.Revisions(t.Context(), id, june, july)
	if diff := quickDiff(m.model.revisions[id], revisions, cmpopts.EquateEmpty()); err != nil || diff != "" {
		t.Fatalf("Revisions: %v (-want +got):\n%s", err, diff)
	}
}

// checkBill compares the lines, which are read without the rows, with those of
// the rows.
func (m *machine) checkBill(t *rapid.T, want View, got fetcher.Bill) {
	if diff := diffLines(want.Ledger.Charges, got.Lines); diff != "" {
		t.Fatalf("lines of %s (-of the charges +read):\n%s", got.Account.ID, diff)
	}
	got.Lines = nil
	l := want.Ledger
	if diff := quickDiff(fetcher.Bill{Account: l.Account, Terms: l.Terms, Trust: l.Trust}, got); diff != "" {
		t.Fatalf("bill of %s (-want +got):\n%s", got.Account.ID, diff)
	}
}

func TestStoreIsItsModel(t *testing.T) {
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		m := &machine{path: filepath.Join(dir, fmt.Sprint(n)), model: newModel(), begun: map[uint64]notifier.Item{}}
		s, err := Open(m.path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		m.store = s
		defer func() { _ = m.store.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"commit": m.Commit, "stale": m.CommitStale, "summary": m.Summary,
			"begin": m.Begin, "finish": m.Finish, "merge": m.Merge, "reopen": m.Reopen, "prune": m.Prune, "": m.Check,
		})
	})
}
