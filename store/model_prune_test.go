package store

import (
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"pgregory.net/rapid"
)

// drawOld makes what is old: any of the three, from nothing to everything.
func (m *machine) drawOld(t *rapid.T) Old {
	var old Old
	if rapid.Bool().Draw(t, "charges") {
		old.Charges = rapid.SampledFrom([]fetcher.Day{may, june, june + 1, july, july + 1, july + 60}).Draw(t, "charges before")
	}
	if rapid.Bool().Draw(t, "snapshots") {
		old.Snapshots = noon.Add(time.Duration(rapid.IntRange(0, m.ticks+1).Draw(t, "snapshots before")) * time.Minute)
	}
	if rapid.Bool().Draw(t, "revisions") {
		old.Revisions = rapid.SampledFrom([]fetcher.Day{june, july, july + 1}).Draw(t, "revisions before")
	}
	return old
}

// Prune deletes what is old, a few at a time; now and then it is interrupted
// after the first transaction, and billbot is started again.
func (m *machine) Prune(t *rapid.T) {
	old := m.drawOld(t)
	room := rapid.IntRange(1, 5).Draw(t, "room")
	var first Pruned
	if rapid.Bool().Draw(t, "interrupted") {
		first = m.pruneOnce(t, old, room)
		m.Reopen(t)
	}
	got, err := m.store.pruneWith(t.Context(), old, room)
	if err != nil {
		t.Fatal(err)
	}
	want := m.prune(t, old)
	if diff := quickDiff(want, first.plus(got)); diff != "" {
		t.Fatalf("Prune (-want +got):\n%s", diff)
	}
}

func (m *machine) pruneOnce(t *rapid.T, old Old, room int) Pruned {
	ids, err := m.store.accountIDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := pruning{old: old, room: room, waiting: ids}
	if err := m.store.update(t.Context(), "prune", p.apply); err != nil {
		t.Fatal(err)
	}
	return p.done
}

// prune is Prune of the model. Each transaction that takes charges of an
// account raises its generation; how many did is the store's own.
func (m *machine) prune(t *rapid.T, old Old) (done Pruned) {
	for id, view := range m.model.views {
		before := len(m.model.periods[id])
		for start, charges := range m.model.periods[id] {
			// A period lasts 31 days at most, and one to spare.
			if last := charges[len(charges)-1].ChargePeriodStart; max(last, start+31) < old.Charges {
				delete(m.model.periods[id], start)
				done.Periods++
			}
		}
		done.Snapshots += drop(m.model.snapshots, id, func(s fetcher.Snapshot) bool { return s.FetchedAt.Before(old.Snapshots) })
		done.Revisions += drop(m.model.revisions, id, func(r fetcher.Revision) bool { return r.Day < old.Revisions })
		got, err := m.store.Load(t.Context(), fetcher.Account{ID: id}, 0)
		raised := got.Generation - view.Generation
		if gone := uint64(before - len(m.model.periods[id])); err != nil || raised > gone || raised == 0 && gone > 0 {
			t.Fatalf("generation raised by %d after %d periods were deleted, error %v", raised, gone, err)
		}
		view.Generation = got.Generation
		m.model.views[id] = view
	}
	return done
}

// drop deletes what is old of an account and counts it.
func drop[T any](all map[string][]T, id string, old func(T) bool) int {
	before := len(all[id])
	all[id] = slices.DeleteFunc(all[id], old)
	return before - len(all[id])
}
