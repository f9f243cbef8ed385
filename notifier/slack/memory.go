package slack

import (
	"sync"
	"time"
)

// memory remembers what was seen within the last ten minutes.
type memory struct {
	mu    sync.Mutex
	seen  map[string]struct{}
	order []sighting // oldest first
}

type sighting struct {
	key string
	at  time.Time
}

// A signature is good for five minutes to both sides of its timestamp, and
// Slack gives up on an envelope long before ten.
const (
	rememberFor = 10 * time.Minute
	rememberAll = 10_000
)

// first reports whether a key is seen for the first time, and remembers it. When
// there is no more room, nothing is: to forget would be to let it be repeated.
func (m *memory) first(key string, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	old := 0
	for old < len(m.order) && now.Sub(m.order[old].at) > rememberFor {
		delete(m.seen, m.order[old].key)
		old++
	}
	m.order = m.order[old:]
	if _, again := m.seen[key]; again || len(m.order) >= rememberAll {
		return false
	}
	if m.seen == nil {
		m.seen = map[string]struct{}{}
	}
	m.seen[key] = struct{}{}
	m.order = append(m.order, sighting{key, now})
	return true
}
