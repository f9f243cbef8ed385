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

// Sum adds up the cost of the charges that keep accepts, by currency.
func Sum(charges []fetcher.Charge, keep func(fetcher.Charge) bool) Sums {
	exact := map[string]*fetcher.Sum{}
	for _, c := range charges {
		if !keep(c) {
			continue
		}
		if exact[c.BillingCurrency] == nil {
			exact[c.BillingCurrency] = &fetcher.Sum{}
		}
		exact[c.BillingCurrency].Add(c.ContractedCost)
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

// ByService adds up charges of one currency by service, dearest first.
func ByService(charges []fetcher.Charge, currency string, keep func(fetcher.Charge) bool) []ServiceCost {
	at := map[string]int{}
	var services []ServiceCost
	var costs, quantities []fetcher.Sum
	for _, c := range charges {
		if c.BillingCurrency != currency || !keep(c) {
			continue
		}
		i, seen := at[c.Service()]
		if !seen {
			i = len(services)
			at[c.Service()] = i
			services = append(services, ServiceCost{Service: c.Service()})
			costs, quantities = append(costs, fetcher.Sum{}), append(quantities, fetcher.Sum{})
		}
		costs[i].Add(c.ContractedCost)
		quantities[i].Add(c.ConsumedQuantity)
		services[i].Unit = c.ConsumedUnit
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
func Currency(charges []fetcher.Charge) string {
	var newest fetcher.Charge
	for _, c := range charges {
		if c.ChargePeriodStart >= newest.ChargePeriodStart {
			newest = c
		}
	}
	return newest.BillingCurrency
}
