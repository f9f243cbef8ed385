package notifier

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// DigestPrefix begins the key of a message that stands for several; the ID of
// one of their items follows.
const DigestPrefix = "digest-"

// Digest is a message that stands for several that waited for one channel at
// once. Each of them goes on in it, as an alert does in a message of its own:
// what changes of one is an edit of the digest, and its thread is theirs.
type Digest struct {
	// Entries are what it tells: what is critical first, then what is on, then
	// the dearest. The store keeps them beside the item, one by one.
	Entries []Entry `json:"entries,omitempty"`
}

// Entry is one message that a digest stands for.
type Entry struct {
	Key     string  `json:"key"` // of the message
	Content Content `json:"content"`
}

// NewDigest returns a digest of entries.
func NewDigest(entries []Entry) *Digest {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), b.stake().Cmp(a.stake()), cmp.Compare(a.Key, b.Key))
	})
	return &Digest{Entries: sorted}
}

// rank is the less the more an entry matters.
func (e Entry) rank() int {
	alerts := e.Content.Alerts()
	switch {
	case slices.ContainsFunc(alerts, isCritical):
		return 0
	case slices.ContainsFunc(alerts, rules.Alert.On):
		return 1
	case len(alerts) > 0:
		return 2
	}
	return 3
}

// stake is what an entry is about in money. Currencies are not told apart: it is
// for the order alone.
func (e Entry) stake() decimal.Decimal {
	sum := decimal.Zero
	for _, a := range e.Content.Alerts() {
		sum = sum.Add(atStake(a))
	}
	return sum
}

// mentions are the people to call for what is on, each once.
func (d Digest) mentions() []string {
	var called []string
	for _, e := range d.Entries {
		if slices.ContainsFunc(e.Content.Alerts(), rules.Alert.On) {
			called = append(called, e.Content.Mention...)
		}
	}
	slices.Sort(called)
	return slices.Compact(called)
}

// EntryOf is what a digest tells of an item. A chart has no room in it.
func EntryOf(item Item) Entry {
	entry := Entry{Key: item.Key, Content: item.Content}
	entry.Content.Chart = nil
	if item.Reply { // a message of its own goes on beside it
		entry.Key += "#" + strconv.FormatUint(item.ID, 10)
	}
	return entry
}

// InDigest is a reply as the thread of a digest has it: it names its alert, which
// is one of many there.
func (i Item) InDigest(key string) Item {
	i.Key = key
	if a := i.Content.Alert; i.Content.Deed != nil && a != nil {
		i.Content.Alert, i.Content.Storm = nil, []rules.Alert{*a}
	}
	return i
}

// Mentions are the people whom a message calls.
func (c Content) Mentions() []string {
	if c.Digest != nil {
		return c.Digest.mentions()
	}
	return c.Mention
}

// digestOf is the digest to put items into: one of them, or a new one.
func digestOf(items []Item) Item {
	first := items[0]
	key, created := DigestPrefix+strconv.FormatUint(first.ID, 10), first.CreatedAt
	for _, item := range items {
		if item.Content.Digest != nil {
			key = item.Key
			break
		}
	}
	return Item{Key: key, Channel: first.Channel, CreatedAt: created, Content: Content{Digest: &Digest{}}}
}

// sureToWait reports whether an item waits and no attempt at it can have been
// accepted, as far as anybody knows.
func (i Item) sureToWait() bool { return i.State == Pending && i.UnsureSince.IsZero() && i.Repeat == 0 }

// Absorbs reports whether a digest takes in what is said in reply to its
// entries: it is not there yet, and will tell them as they are by then.
func (i Item) Absorbs() bool { return i.State == Dead || i.sureToWait() }

// GroupWait is how long the first alert of a channel waits for others, so that
// what comes together is told together.
const GroupWait = 20 * time.Second

// joinsGroup reports whether an item waits for others: alerts do, unless they
// are critical.
func (i Item) joinsGroup() bool {
	return i.Content.Digest == nil && len(i.Content.Alerts()) > 0 && !i.Critical()
}
