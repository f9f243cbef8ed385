package cloudflaretest

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

// Account describes an account by what it uses. [Account.Recording] makes a
// recording of it.
type Account struct {
	ID       string   // required
	Name     string   // optional
	Currency string   // "" means USD
	Anchor   int      // day of the month on which billing periods begin; 0 means 1
	Lag      int      // days until a row is told; 0 means 1
	Pricing  Pricing  // "" means PricingBilled
	Series   []Series // what it uses

	Subscriptions []Subscription // needed for a Series with an anchor of its own
}

// Series is what an account uses of one service, day by day.
type Series struct {
	Service      Service
	Zone         Zone   // optional
	Subscription string // optional; the ID

	// Price is what one unit past the allowance costs. For $0.30 a million
	// write decimal.New(30, -2).Shift(-6).
	Price    decimal.Decimal
	Included decimal.Decimal // the allowance of a billing period; zero: none

	From  fetcher.Day       // the day of Daily[0]
	Daily []decimal.Decimal // consumed quantity of each day; a zero is a row with 0
}

// Steady is a service that costs the same every day: a price of 1, no
// allowance, and the quantity as given. All of that may be changed in the
// Series it returns.
func Steady(service string, from fetcher.Day, days int, quantity decimal.Decimal) Series {
	return Series{
		Service: Service{Name: service},
		Price:   decimal.NewFromInt(1),
		From:    from,
		Daily:   slices.Repeat([]decimal.Decimal{quantity}, days),
	}
}

// Weekly is [Steady] with a quantity for each day of the week, Sunday first.
func Weekly(service string, from fetcher.Day, days int, quantities [7]decimal.Decimal) Series {
	s := Steady(service, from, days, decimal.Zero)
	for i := range s.Daily {
		s.Daily[i] = quantities[(from + fetcher.Day(i)).Weekday()]
	}
	return s
}

// On returns the series with another quantity on one day. A day after the last
// makes the series longer, with zeros between; one before the first is left
// out.
func (s Series) On(d fetcher.Day, quantity decimal.Decimal) Series {
	at := int(d - s.From)
	if at < 0 {
		return s
	}
	s.Daily = slices.Clone(s.Daily)
	for len(s.Daily) <= at {
		s.Daily = append(s.Daily, decimal.Zero)
	}
	s.Daily[at] = quantity
	return s
}

// Recording makes the recording: one row for each service and day, with the
// cost of what is past the allowance in that billing period. Each Series has
// an allowance of its own; several of one service are rows that add up.
func (a Account) Recording() Recording {
	r := Recording{
		AccountID: a.ID, AccountName: a.Name, Currency: cmp.Or(a.Currency, "USD"),
		Anchor: a.Anchor, Lag: a.Lag, Pricing: cmp.Or(a.Pricing, PricingBilled),
		Subscriptions: a.Subscriptions,
	}
	seen := map[key]int{}
	for _, s := range a.Series {
		same := Line{Service: s.Service, Zone: s.Zone, Subscription: s.Subscription}.key()
		part := ""
		if n := seen[same]; n > 0 {
			part = strconv.Itoa(n + 1)
		}
		seen[same]++
		r.Lines = append(r.Lines, s.lines(r.anchorOf(s.Subscription), part)...)
	}
	return r
}

func (s Series) lines(anchor int, part string) []Line {
	var lines []Line
	var period fetcher.Day
	var used decimal.Decimal
	for i, quantity := range s.Daily {
		d := s.From + fetcher.Day(i)
		if start := periodStart(d, anchor); start != period {
			period, used = start, decimal.Zero
		}
		billed := s.past(used.Add(quantity)).Sub(s.past(used))
		used = used.Add(quantity)
		lines = append(lines, Line{
			Day: d, Service: s.Service, Zone: s.Zone, Subscription: s.Subscription, Part: part,
			Consumed: quantity, Billed: billed, Cost: billed.Mul(s.Price),
		})
	}
	return lines
}

// past is what of a quantity is past the allowance.
func (s Series) past(quantity decimal.Decimal) decimal.Decimal {
	return decimal.Max(decimal.Zero, quantity.Sub(s.Included))
}
