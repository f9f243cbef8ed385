package fetcher

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// Ledger is what billbot believes about one account's bill. It is a value:
// methods return new ledgers and leave theirs as it was.
type Ledger struct {
	Account Account
	Charges []Charge // in the order of [SortCharges]
	// Unread is the starts of the billing periods that have charges too, but
	// were left where they are kept: an answer says nothing of them.
	Unread []Day
	Doubts []Doubt // items the last answers no longer had
	Terms  Terms
	Trust  Trust // of the last answer
}

// Doubt is an item of the bill that an answer no longer had. It is believed
// gone once answers of two different days agree.
type Doubt struct {
	Item  Item `json:"item"`
	Since Day  `json:"since"` // the day of the first answer without it
}

// Item names one item of the bill: charges of one service, day and finer
// parts. Several rows may belong to one item.
type Item struct {
	BillingPeriodStart Day    `json:"period"`
	Day                Day    `json:"day"`
	Service            string `json:"service"`
	SubscriptionID     string `json:"subscription,omitempty"`
	ZoneID             string `json:"zone,omitempty"`
}

// compareItems orders items as the ledger orders their charges.
func compareItems(a, b Item) int {
	return cmp.Or(
		cmp.Compare(a.BillingPeriodStart, b.BillingPeriodStart), cmp.Compare(a.Day, b.Day),
		strings.Compare(a.Service, b.Service), strings.Compare(a.SubscriptionID, b.SubscriptionID), strings.Compare(a.ZoneID, b.ZoneID),
	)
}

func itemOf(c Charge) Item {
	return Item{
		BillingPeriodStart: c.BillingPeriodStart,
		Day:                c.ChargePeriodStart,
		Service:            c.Service(),
		SubscriptionID:     c.SubscriptionID,
		ZoneID:             c.ZoneID,
	}
}

// Through is the newest charge day, zero when there are no charges.
func (l Ledger) Through() Day {
	var through Day
	for i := range l.Charges {
		through = max(through, l.Charges[i].ChargePeriodStart)
	}
	return through
}

// PeriodStarts returns the starts of the billing periods that have charges, read
// or not, oldest first. Periods of several subscriptions may overlap.
func (l Ledger) PeriodStarts() []Day {
	starts := periodsOf(l.Charges)
	if len(l.Unread) > 0 {
		starts = append(starts, l.Unread...)
		slices.Sort(starts)
	}
	return starts
}

// periodsOf is the starts of the billing periods of sorted charges.
func periodsOf(charges []Charge) []Day {
	var starts []Day
	for i := range charges {
		start := charges[i].BillingPeriodStart
		if n := len(starts); n == 0 || starts[n-1] != start {
			starts = append(starts, start)
		}
	}
	return starts
}

// InPeriod returns the charges of the billing period that starts on start.
func (l Ledger) InPeriod(start Day) []Charge {
	lo := sort.Search(len(l.Charges), func(i int) bool { return l.Charges[i].BillingPeriodStart >= start })
	hi := sort.Search(len(l.Charges), func(i int) bool { return l.Charges[i].BillingPeriodStart > start })
	return l.Charges[lo:hi]
}

// Period is [Calendar.Period] of the ledger's calendar.
func (l Ledger) Period(start Day) Period { return l.Calendar().Period(start) }

// OpenPeriods is [Calendar.Open] of the ledger's calendar.
func (l Ledger) OpenPeriods(d Day) []Period { return l.Calendar().Open(d) }

// PreviousPeriod is [Calendar.Previous] of the ledger's calendar.
func (l Ledger) PreviousPeriod(start Day) Period { return l.Calendar().Previous(start) }
