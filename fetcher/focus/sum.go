package focus

import (
	"strings"

	"github.com/billbot/billbot/fetcher"
)

// summed adds rows up to charges: those that differ in no column but the
// numbers are one. Rows of a file that [Write] wrote are charges already.
type summed struct {
	ours  bool
	sums  []sum
	place map[fetcher.Charge]int // by a charge without numbers
	words map[string]string      // one of each, as rows repeat them
}

type sum struct {
	key                              fetcher.Charge
	cost, consumed, priced           fetcher.Sum
	cumulatedCost, cumulatedQuantity fetcher.Number // of our own files
}

// add adds a row; false if there are too many charges.
func (s *summed) add(c fetcher.Charge) bool {
	key := s.keyOf(c)
	if s.ours {
		key.ChargeDescription = s.word(c.ChargeDescription)
		return s.keep(key, c)
	}
	place, met := s.place[key]
	if !met {
		if len(s.sums) == maxCharges {
			return false
		}
		if s.place == nil {
			s.place = map[fetcher.Charge]int{}
		}
		place = len(s.sums)
		s.place[key] = place
		s.sums = append(s.sums, sum{key: key})
	}
	s.sums[place].add(c)
	return true
}

// keep takes a row as it is.
func (s *summed) keep(key, c fetcher.Charge) bool {
	s.sums = append(s.sums, sum{key: key, cumulatedCost: c.CumulatedContractedCost, cumulatedQuantity: c.CumulatedPricingQuantity})
	s.sums[len(s.sums)-1].add(c)
	return len(s.sums) <= maxCharges
}

func (s *sum) add(c fetcher.Charge) {
	s.cost.Add(c.ContractedCost)
	s.consumed.Add(c.ConsumedQuantity)
	s.priced.Add(c.PricingQuantity)
}

// keyOf is a charge without numbers. Descriptions are of resources and hours,
// and would keep each of them apart.
func (s *summed) keyOf(c fetcher.Charge) fetcher.Charge {
	return fetcher.Charge{
		BillingAccountID: s.word(c.BillingAccountID), BillingCurrency: s.word(c.BillingCurrency),
		ServiceName: s.word(c.ServiceName), ServiceFamilyName: s.word(c.ServiceFamilyName),
		SubscriptionID: s.word(c.SubscriptionID), ZoneID: s.word(c.ZoneID), ZoneName: s.word(c.ZoneName),
		BillingPeriodStart: c.BillingPeriodStart, ChargePeriodStart: c.ChargePeriodStart,
		ConsumedUnit: s.word(c.ConsumedUnit), PricingUnit: s.word(c.PricingUnit),
	}
}

// word is a copy of a word that does not keep the row it came with.
func (s *summed) word(text string) string {
	if known, met := s.words[text]; met {
		return known
	}
	if s.words == nil {
		s.words = map[string]string{}
	}
	text = strings.Clone(text)
	s.words[text] = text
	return text
}

// charges is the sums so far, in the ledger's order.
func (s *summed) charges() []fetcher.Charge {
	charges := make([]fetcher.Charge, len(s.sums))
	for i, sum := range s.sums {
		c := sum.key
		c.ContractedCost, c.ConsumedQuantity, c.PricingQuantity = sum.cost.Number(), sum.consumed.Number(), sum.priced.Number()
		c.CumulatedContractedCost, c.CumulatedPricingQuantity = sum.cumulatedCost, sum.cumulatedQuantity
		charges[i] = c
	}
	return fetcher.Sorted(charges)
}
