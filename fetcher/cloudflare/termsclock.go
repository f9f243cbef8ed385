package cloudflare

import (
	"sync"
	"time"
)

// termsEvery is how often the terms of an account are asked for. They change
// once a month at most, and Cloudflare counts every request of a token.
const termsEvery = 24 * time.Hour

// termsClock remembers when the terms of each account were learnt. The zero
// value has learnt nothing.
type termsClock struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (t *termsClock) due(accountID string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, known := t.at[accountID]
	return !known || now.Before(at) || now.Sub(at) >= termsEvery
}

func (t *termsClock) learnt(accountID string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.at == nil {
		t.at = map[string]time.Time{}
	}
	t.at[accountID] = now
}
