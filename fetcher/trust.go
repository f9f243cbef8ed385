package fetcher

import (
	"fmt"
	"slices"
)

// Verdict says how far an answer can be believed.
type Verdict string

// The verdicts on an answer.
const (
	Trusted   Verdict = "trusted"
	NoData    Verdict = "no_data"   // nothing yet, and nothing expected: not zero
	Untrusted Verdict = "untrusted" // it contradicts what is known
)

// Trust is the verdict on an answer, with its reason. Nothing resolves on an
// answer that is not trusted.
type Trust struct {
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason,omitempty"`
}

// OK reports whether the answer can be believed.
func (t Trust) OK() bool { return t.Verdict == Trusted }

// graceAfterPeriod is how many days a new billing period may stay without
// rows: they arrive one to two days late.
const graceAfterPeriod = 3

// trustInEmpty judges an answer without rows.
func (l Ledger) trustInEmpty(a Answer) Trust {
	if trust := l.trustInPeriods(a); a.ranged() || !trust.OK() {
		return trust
	}
	starts := l.PeriodStarts()
	if len(starts) == 0 && l.Terms.uncovered() {
		return Trust{NoData, "the usage API does not cover this account"}
	}
	if len(starts) == 0 {
		return Trust{NoData, "no usage rows yet"}
	}
	due := l.Period(starts[len(starts)-1]).End + 1
	if DayOf(a.FetchedAt) > due+graceAfterPeriod {
		return Trust{Untrusted, fmt.Sprintf("no rows for the billing period from %s", due)}
	}
	return Trust{NoData, fmt.Sprintf("no rows yet for the billing period from %s", due)}
}

// trustInPeriods misses the open billing periods that had rows before and have
// none now. A look at days that were asked for cannot mend what the last look
// at the present left.
func (l Ledger) trustInPeriods(a Answer) Trust {
	if a.ranged() {
		return l.Trust
	}
	for _, start := range l.PeriodStarts() {
		today := DayOf(a.FetchedAt)
		if start <= today && today <= l.Period(start).End && !a.HasPeriod(start) {
			return Trust{Untrusted, fmt.Sprintf("no rows for the billing period from %s, which had rows before", start)}
		}
	}
	return Trust{Verdict: Trusted}
}

func firstBad(verdicts ...Trust) Trust {
	for _, t := range verdicts {
		if !t.OK() {
			return t
		}
	}
	return Trust{Verdict: Trusted}
}

// HasPeriod reports whether the answer has rows of the billing period that
// starts on start.
func (a Answer) HasPeriod(start Day) bool {
	return slices.ContainsFunc(a.Charges, func(c Charge) bool { return c.BillingPeriodStart == start })
}

func (m *merger) trust() Trust {
	if len(m.waiting) == 0 {
		return Trust{Verdict: Trusted}
	}
	first := fmt.Sprintf("%s on %s", m.waiting[0].Service, m.waiting[0].Day)
	if len(m.waiting) == 1 {
		return Trust{Untrusted, fmt.Sprintf("1 item told before is missing (%s); it counts until an answer of another day agrees", first)}
	}
	return Trust{Untrusted, fmt.Sprintf("%d items told before are missing (%s the first); they count until an answer of another day agrees",
		len(m.waiting), first)}
}
