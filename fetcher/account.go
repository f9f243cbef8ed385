package fetcher

import "time"

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
}

// PollState is what is known of the polling of one account, kept apart from
// its ledger so that an unchanged answer writes nothing else.
type PollState struct {
	LastAttempt time.Time `json:"last_attempt"`
	LastTrusted time.Time `json:"last_trusted"` // zero: never
	Trust       Trust     `json:"trust"`        // of the last answer
	Failure     string    `json:"failure,omitempty"`
	NotBefore   time.Time `json:"not_before"` // the source asked us to wait until then
}
