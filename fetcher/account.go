package fetcher

import (
	"slices"
	"time"
)

// Account is one account whose bill is fetched: the name people gave it in the
// rules file, and the ID the source knows it by.
type Account struct {
	Name string `json:"name"`
	ID   string `json:"id"`
}

// Terms is what a source says about an account besides its charges. All of it
// may be unknown: Cloudflare answers 403 or 404 for many accounts.
type Terms struct {
	Covered      *bool `json:"covered,omitempty"`        // false: the API does not serve this account
	Anchors      []Day `json:"anchors,omitempty"`        // first day of each subscription's cycle
	NextBillDate Day   `json:"next_bill_date,omitempty"` // zero: unknown
	// Absent names optional columns that no row of the last answer had.
	Absent []string `json:"absent_columns,omitempty"`
	// Gone are the columns among them that rows had before.
	Gone []GoneColumn `json:"gone_columns,omitempty"`
	// Reaches is the first day from which on all billing periods were asked for,
	// of all anchors; zero until history is asked for. Whole: there is nothing
	// before it.
	Reaches Day  `json:"reaches,omitempty"`
	Whole   bool `json:"whole,omitempty"`
	// Walks is how history was asked for, by anchor.
	Walks []Walk `json:"walks,omitempty"`
}

// with takes what an answer newly knows; what it does not know stays.
func (t Terms) with(a Answer) Terms {
	if a.Terms.Covered != nil {
		t.Covered = a.Terms.Covered
	}
	if len(a.Terms.Anchors) > 0 {
		t.Anchors = a.Terms.Anchors
	}
	if !a.Terms.NextBillDate.IsZero() {
		t.NextBillDate = a.Terms.NextBillDate
	}
	if len(a.Charges) > 0 && !a.ranged() {
		t.Absent = a.Missing
	}
	return t
}

func (t Terms) equal(u Terms) bool {
	return t.uncovered() == u.uncovered() && (t.Covered == nil) == (u.Covered == nil) &&
		slices.Equal(t.Anchors, u.Anchors) && t.NextBillDate == u.NextBillDate && slices.Equal(t.Absent, u.Absent) &&
		slices.Equal(t.Gone, u.Gone) && t.Reaches == u.Reaches && t.Whole == u.Whole && slices.Equal(t.Walks, u.Walks)
}

// uncovered reports whether the source said that it does not serve the account.
func (t Terms) uncovered() bool { return t.Covered != nil && !*t.Covered }

// PollState is what is known of the polling of one account, kept apart from
// its ledger so that an unchanged answer writes nothing else.
type PollState struct {
	LastAttempt time.Time `json:"last_attempt"`
	LastTrusted time.Time `json:"last_trusted"` // zero: never
	// FailingSince is the first attempt after LastTrusted that brought nothing
	// to believe; zero when the last one did.
	FailingSince time.Time `json:"failing_since,omitzero"`
	Trust        Trust     `json:"trust"`             // of the last answer
	Failure      string    `json:"failure,omitempty"` // why there was no answer; "" if there was
	Fault        Fault     `json:"fault,omitempty"`   // of Failure
	NotBefore    time.Time `json:"not_before"`        // the source asked us to wait until then
}

// By is the state as it can be known at a moment: what it says of later was told
// by a clock that was ahead, and is unknown but for that it is past.
func (p PollState) By(now time.Time) PollState {
	if p.LastTrusted.After(now) {
		p.LastTrusted = now
	}
	if p.FailingSince.After(now) {
		p.FailingSince = now
	}
	return p
}

// OK reports whether the last poll brought something to believe, be it that
// there is nothing yet.
func (p PollState) OK() bool { return p.Failure == "" && p.Trust.Verdict != Untrusted }
