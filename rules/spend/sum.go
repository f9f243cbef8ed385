package spend

import (
	"cmp"
	"maps"
	"slices"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
)

// Sums is money by currency. Currencies are never added to each other.
type Sums map[string]decimal.Decimal

// Add adds an amount to its currency's sum.
func (s Sums) Add(currency string, amount decimal.Decimal) {
	s[currency] = s[currency].Add(amount)
}

// Currencies returns the currencies there are sums in, in order.
func (s Sums) Currencies() []string { return slices.Sorted(maps.Keys(s)) }

// Sum adds up the cost of the lines that keep accepts, by currency.
func Sum(b fetcher.Bill, keep func(*fetcher.Line) bool) Sums {
	exact := map[string]*fetcher.Sum{}
	for i := range b.Lines {
		line := &b.Lines[i]
		if !keep(line) {
			continue
		}
		if exact[line.BillingCurrency] == nil {
			exact[line.BillingCurrency] = &fetcher.Sum{}
		}
		line.Costs.AddTo(exact[line.BillingCurrency], 0, line.Costs.Len())
	}
	sums := Sums{}
	for currency, sum := range exact {
		sums[currency] = sum.Decimal()
	}
	return sums
}

// ServiceCost is what one service used and cost.
type ServiceCost struct {
	Service  string
	Cost     decimal.Decimal
	Quantity decimal.Decimal
	Unit     string
}

// ByService adds up lines of one currency by service, dearest first.
func ByService(b fetcher.Bill, currency string, keep func(*fetcher.Line) bool) []ServiceCost {
	at := map[string]int{}
	var services []ServiceCost
	var costs, quantities []fetcher.Sum
	for i := range b.Lines {
		line := &b.Lines[i]
		if line.BillingCurrency != currency || !keep(line) {
			continue
		}
		place, seen := at[line.Service]
		if !seen {
			place = len(services)
			at[line.Service] = place
			services = append(services, ServiceCost{Service: line.Service})
			costs, quantities = append(costs, fetcher.Sum{}), append(quantities, fetcher.Sum{})
		}
		line.Costs.AddTo(&costs[place], 0, line.Costs.Len())
		line.Quantities.AddTo(&quantities[place], 0, line.Quantities.Len())
		services[place].Unit = line.ConsumedUnit
	}
	for i := range services {
		services[i].Cost, services[i].Quantity = costs[i].Decimal(), quantities[i].Decimal()
	}
	slices.SortStableFunc(services, func(a, b ServiceCost) int {
		return cmp.Or(b.Cost.Cmp(a.Cost), cmp.Compare(a.Service, b.Service))
	})
	return services
}

// Currency is the currency an account is billed in now: that of its newest
// charge, "" when there is none.
func Currency(b fetcher.Bill) string {
	var newest fetcher.Day
	currency := ""
	for i := range b.Lines {
		if last := b.Lines[i].Last(); last >= newest {
			newest, currency = last, b.Lines[i].BillingCurrency
		}
	}
	return currency
}
