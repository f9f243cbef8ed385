package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/billbot/billbot/notifier"
	"pgregory.net/rapid"
)

func (m *machine) Summary(t *rapid.T) {
	date := rapid.SampledFrom([]string{"2026-07-10", "2026-07-11"}).Draw(t, "date")
	item := m.item(t)
	done, err := m.store.EnqueueSummary(t.Context(), "#a", date, m.now(), &item)
	if err != nil || done == m.model.summaries[date] {
		t.Fatalf("EnqueueSummary: %v, %v, was done: %v", done, err, m.model.summaries[date])
	}
	if done {
		m.model.summaries[date] = true
		m.model.enqueue(item)
	}
}

func (m *machine) Begin(t *rapid.T) {
	if len(m.model.items) == 0 {
		t.Skip("the outbox is empty")
	}
	item := &m.model.items[rapid.IntRange(0, len(m.model.items)-1).Draw(t, "item")]
	now := m.now()
	got, err := m.store.Begin(t.Context(), item.ID, now)
	if item.State == notifier.Dead {
		if !errors.Is(err, notifier.ErrGone) {
			t.Fatalf("got error %v, want ErrGone", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	*item = item.Begun(now)
	if diff := quickDiff(*item, got); diff != "" {
		t.Fatalf("Begin (-want +got):\n%s", diff)
	}
	m.begun[item.ID] = *item
}

func (m *machine) Finish(t *rapid.T) {
	if len(m.begun) == 0 {
		t.Skip("nothing begun")
	}
	item := m.begun[rapid.SampledFrom(slices.Sorted(maps.Keys(m.begun))).Draw(t, "item")]
	delete(m.begun, item.ID)
	var receipt *notifier.Receipt
	item.State = rapid.SampledFrom([]notifier.State{notifier.Pending, notifier.Dead}).Draw(t, "state")
	if rapid.Bool().Draw(t, "delivered") {
		receipt = &notifier.Receipt{Channel: "C1", TS: fmt.Sprint(m.ticks)}
	}
	item.LastError = "503"
	if err := m.store.Finish(t.Context(), item, receipt); err != nil {
		t.Fatal(err)
	}
	m.finish(item, receipt)
}

func (m *machine) finish(item notifier.Item, receipt *notifier.Receipt) {
	if receipt != nil && !item.Reply {
		m.model.receipts[item.Key] = receipt
	}
	i := slices.IndexFunc(m.model.items, func(kept notifier.Item) bool { return kept.ID == item.ID })
	if i < 0 {
		return // it was merged
	}
	kept := m.model.items[i]
	newer := kept.Version != item.Version
	switch {
	case receipt != nil && !newer:
		m.model.items = slices.Delete(m.model.items, i, i+1)
		return
	case receipt != nil:
		item.Attempts, item.StartedAt, item.LastError, item.UnsureSince = 0, time.Time{}, "", time.Time{}
		item.State = notifier.Pending
	case newer && item.State == notifier.Dead:
		item.State, item.Attempts = notifier.Pending, 0
	}
	item.Version, item.Channel, item.Content, item.CreatedAt = kept.Version, kept.Channel, kept.Content, kept.CreatedAt
	m.model.items[i] = item
}
