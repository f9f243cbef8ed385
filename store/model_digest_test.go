package store

import (
	"fmt"
	"maps"
	"slices"

	"github.com/billbot/billbot/notifier"
	"pgregory.net/rapid"
)

// home is the key under which the message of a key is.
func (m *model) home(key string) string {
	if home := m.homes[key]; home != "" {
		return home
	}
	return key
}

// enqueueInto enqueues what is said under a key that a digest stands for.
func (m *model) enqueueInto(digest string, item notifier.Item) {
	if item.Reply {
		if !m.absorbed(item) {
			m.put(item.InDigest(digest))
		}
		return
	}
	m.entries[digest][item.Key] = notifier.EntryOf(item)
	m.renew(digest, item)
}

// absorbed reports whether a digest that is not there yet takes in what is said,
// so that nothing is written.
func (m *model) absorbed(item notifier.Item) bool {
	home := m.homes[item.Key]
	waits := slices.IndexFunc(m.items, func(i notifier.Item) bool { return i.Key == home && !i.Reply })
	return item.Reply && home != "" && m.receipts[home] == nil && m.items[waits].Absorbs()
}

// onlyItems reports whether a commit has nothing else that is new.
func onlyItems(c Commit) bool {
	c.Items, c.Poll = nil, nil
	return c.pollOnly()
}

// renew has a digest sent or edited.
func (m *model) renew(digest string, item notifier.Item) {
	item.Key, item.Reply = digest, false
	item.Content = notifier.Content{Digest: &notifier.Digest{}}
	for _, i := range m.items {
		if i.Key == digest && !i.Reply {
			item.Channel = i.Channel
		}
	}
	m.put(item)
	for i, kept := range m.items {
		if kept.Content.Digest != nil {
			var entries []notifier.Entry
			for _, key := range slices.Sorted(maps.Keys(m.entries[kept.Key])) {
				entries = append(entries, m.entries[kept.Key][key])
			}
			m.items[i].Content.Digest = notifier.NewDigest(entries)
		}
	}
}

// Merge merges any items, some of which do not wait, into a new digest or one that
// waits.
func (m *machine) Merge(t *rapid.T) {
	if len(m.model.items) == 0 {
		t.Skip("the outbox is empty")
	}
	at := m.now()
	digest := notifier.Item{Key: fmt.Sprintf("d%d", m.ticks), Channel: "#a", CreatedAt: at, Content: notifier.Content{Digest: &notifier.Digest{}}}
	var ids []uint64
	for _, item := range m.model.items {
		if rapid.Bool().Draw(t, "merged") {
			ids = append(ids, item.ID)
		}
		if item.Content.Digest != nil && m.model.receipts[item.Key] == nil && rapid.Bool().Draw(t, "into") {
			digest.Key = item.Key
		}
	}
	for _, id := range ids { // the caller merges no edits
		i := slices.IndexFunc(m.model.items, func(i notifier.Item) bool { return i.ID == id })
		if item := m.model.items[i]; !item.Reply && m.model.receipts[item.Key] != nil {
			t.Skip("an edit")
		}
	}
	if err := m.store.Merge(t.Context(), append(ids, 1<<40), digest); err != nil {
		t.Fatal(err)
	}
	m.model.merge(ids, digest)
}

func (m *model) merge(ids []uint64, digest notifier.Item) {
	gone, merged := map[string]bool{}, false
	if m.entries[digest.Key] == nil {
		m.entries[digest.Key] = map[string]notifier.Entry{}
	}
	for _, id := range ids {
		i := slices.IndexFunc(m.items, func(i notifier.Item) bool { return i.ID == id })
		item := m.items[i]
		if item.Key == digest.Key || item.State != notifier.Pending || !item.Absorbs() || item.Quiet {
			continue
		}
		merged = true
		entry := notifier.EntryOf(item)
		switch {
		case item.Reply:
			m.items[i].Quiet = true
			m.entries[digest.Key][entry.Key] = entry
			continue
		case item.Content.Digest != nil:
			maps.Copy(m.entries[digest.Key], m.entries[item.Key])
			for key, home := range m.homes {
				if home == item.Key {
					m.homes[key] = digest.Key
				}
			}
		default:
			m.entries[digest.Key][entry.Key], m.homes[item.Key], gone[item.Key] = entry, digest.Key, true
		}
		m.items = slices.Delete(m.items, i, i+1)
	}
	m.items = slices.DeleteFunc(m.items, func(i notifier.Item) bool { return i.Reply && gone[i.Key] })
	if merged {
		m.renew(digest.Key, digest)
	}
}
