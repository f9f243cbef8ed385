package rules

import (
	"slices"

	"github.com/billbot/billbot/fetcher"
)

// oneCurrency is the currency of items that have but one, as nearly all do.
func oneCurrency(items []*item) (string, bool) {
	if len(items) == 0 {
		return "", true
	}
	first := items[0].currency
	return first, !slices.ContainsFunc(items, func(it *item) bool { return it.currency != first })
}

// firstCurrency is the currency of the earliest day that a stretch holds.
func firstCurrency(items []*item, s stretch) string {
	one, ok := oneCurrency(items)
	if ok {
		return one
	}
	var first fetcher.Day
	currency := ""
	for _, it := range items {
		for _, line := range it.lines {
			if from, to := s.of(line); from <= to && (first.IsZero() || from < first) {
				first, currency = from, it.currency
			}
		}
	}
	return currency
}

// newestCurrency is the currency that items are billed in now.
func newestCurrency(items []*item) string {
	one, ok := oneCurrency(items)
	if ok {
		return one
	}
	var newest fetcher.Day
	currency := ""
	for _, it := range items {
		for _, line := range it.lines {
			if line.Last() >= newest {
				newest, currency = line.Last(), it.currency
			}
		}
	}
	return currency
}
