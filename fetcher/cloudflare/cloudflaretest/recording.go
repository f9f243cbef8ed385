package cloudflaretest

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

// Morning is the time of day, in UTC, from which the rows of a morning are
// told.
const Morning = 6 * time.Hour

// Recording is what the billing API said about one account over a while. It is
// a value; its methods leave it as it was.
type Recording struct {
	AccountID   string
	AccountName string // "" is told as null
	Currency    string // ISO 4217
	Anchor      int    // day of the month on which billing periods begin, 1 to 31; 0 means 1
	Lag         int    // days from a charge day to the morning it is told; 0 means 1
	Pricing     Pricing
	Uncovered   bool // the API does not serve this account and has no rows for it

	Subscriptions []Subscription // optional; those with an anchor of their own
	Lines         []Line         // of one key, the last one seen holds
	Empty         []fetcher.Day  // mornings on which the API answers an empty result
}

// Pricing says what PricingQuantity shows. Live accounts differ.
type Pricing string

// The two ways an account tells PricingQuantity.
const (
	PricingBilled   Pricing = "billed"   // 0 inside the allowance; the default
	PricingConsumed Pricing = "consumed" // what was consumed, inside the allowance too
)

// Line is one line of a recording: a row of the bill as told from one morning
// on.
type Line struct {
	Day  fetcher.Day // the charge day
	Seen fetcher.Day // the first morning it is told; zero: Day + Recording.Lag

	Service      Service
	Zone         Zone   // optional
	Subscription string // the ID; optional
	Part         string // tells rows apart which the API itself does not; never told

	Consumed decimal.Decimal // what was used
	Billed   decimal.Decimal // what of it was past the allowance
	Cost     decimal.Decimal // what Billed costs, in Recording.Currency

	Gone bool // the row is no longer told
}

// Service is how the bill names a service.
type Service struct {
	Name   string // with its allowance: "D1 - Rows Read (first 25 billion included)"
	Family string // optional: "D1"
	Unit   string // ConsumedUnit: "GB-months"; "" for what is counted
}

// Zone is a zone a row may be for.
type Zone struct {
	ID   string
	Name string
}

// Subscription is one of several subscriptions of an account.
type Subscription struct {
	ID     string
	Anchor int // day of the month on which its billing periods begin, 1 to 31
}

// key names the row that a line tells or restates.
type key struct {
	day                         fetcher.Day
	service, zone, subscription string
	part                        string
}

func (l Line) key() key {
	return key{l.Day, l.Service.Name, l.Zone.ID, l.Subscription, l.Part}
}

// With returns the recording with more lines after its own: restatements, rows
// that vanish, new days.
func (r Recording) With(lines ...Line) Recording {
	r.Lines = slices.Concat(r.Lines, lines)
	return r
}

// WithEmpty returns the recording with mornings on which the API answers an
// empty result.
func (r Recording) WithEmpty(mornings ...fetcher.Day) Recording {
	r.Empty = slices.Concat(r.Empty, mornings)
	return r
}

// Days returns the first and the last charge day, both zero when there are no
// lines.
func (r Recording) Days() (first, last fetcher.Day) {
	for i, l := range r.Lines {
		if i == 0 {
			first = l.Day
		}
		first, last = min(first, l.Day), max(last, l.Day)
	}
	return first, last
}

// Period returns the billing period that holds the day, by the account's own
// anchor.
func (r Recording) Period(d fetcher.Day) fetcher.Period {
	return fetcher.Period{Start: periodStart(d, r.Anchor), End: nextStart(d, r.Anchor) - 1}
}

// seen is the first morning on which a line is told.
func (r Recording) seen(l Line) fetcher.Day {
	if !l.Seen.IsZero() {
		return l.Seen
	}
	return l.Day + fetcher.Day(max(1, r.Lag))
}

// anchorOf is the anchor of a subscription; those without one of their own
// have the account's.
func (r Recording) anchorOf(subscription string) int {
	for _, s := range r.Subscriptions {
		if s.ID == subscription {
			return s.Anchor
		}
	}
	return r.Anchor
}
