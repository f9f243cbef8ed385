package fetcher

import "slices"

// GoneColumn is an optional column that rows had and have no more: what it told
// is not known any longer.
type GoneColumn struct {
	Name  string `json:"name"`
	Since Day    `json:"since"` // the day of the first answer without it
}

// gone is the columns that disappeared, after an answer about the present. A
// column that is empty because what it told of ended is not gone: it must have
// been filled for a service that is still there.
func (l Ledger) gone(a Answer) []GoneColumn {
	var gone []GoneColumn
	for _, g := range l.Terms.Gone {
		if slices.Contains(a.Missing, g.Name) {
			gone = append(gone, g)
		}
	}
	for _, column := range a.Missing {
		if !slices.Contains(l.Terms.Absent, column) && l.filled(column, a) {
			gone = append(gone, GoneColumn{column, DayOf(a.FetchedAt)})
		}
	}
	return gone
}

// filled reports whether a charge of a service that the answer names has the
// column.
func (l Ledger) filled(column string, a Answer) bool {
	services := map[string]bool{}
	for _, c := range a.Charges {
		services[c.Service()] = true
	}
	return slices.ContainsFunc(l.Charges, func(c Charge) bool {
		return services[c.Service()] && c.optional(column) != ""
	})
}

// optional is what a charge has in one of the columns that an answer may lack.
func (c Charge) optional(column string) string {
	switch column {
	case "ServiceFamilyName":
		return c.ServiceFamilyName
	case "SubscriptionId":
		return c.SubscriptionID
	case "ZoneId":
		return c.ZoneID
	case "ZoneName":
		return c.ZoneName
	case "PricingUnit":
		return c.PricingUnit
	case "ChargeDescription":
		return c.ChargeDescription
	case "BillingAccountId":
		return c.BillingAccountID
	}
	return ""
}
