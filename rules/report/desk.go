package report

import (
	"slices"
	"sync"

	"github.com/billbot/billbot/fetcher"
)

// Desk keeps what accounts cost ready to be told: a report takes milliseconds to
// work out, most of them for the forecast, and nothing of it changes before the
// bill or the day does. The zero Desk is empty. It may be used by many
// goroutines at once.
type Desk struct {
	mu    sync.Mutex
	ready map[string]readyReport // by account ID
}

type readyReport struct {
	generation uint64
	day        fetcher.Day
	spends     []Spend
}

// Keep keeps the reports of an account at a generation of what is stored of it,
// as they read on a day.
func (d *Desk) Keep(accountID string, generation uint64, day fetcher.Day, spends []Spend) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ready == nil {
		d.ready = map[string]readyReport{}
	}
	d.ready[accountID] = readyReport{generation, day, spends}
}

// Spends returns the reports of an account, if they are ready for that
// generation and day. How well the account could be read is not in them.
func (d *Desk) Spends(accountID string, generation uint64, day fetcher.Day) ([]Spend, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, known := d.ready[accountID]
	if !known || r.generation != generation || r.day != day {
		return nil, false
	}
	return slices.Clone(r.spends), true
}
