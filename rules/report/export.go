package report

import (
	"encoding/csv"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// CSVOf writes the present billing periods of accounts as CSV, a row for each
// service, exact to the last digit. It returns how many rows follow the
// heading.
func CSVOf(accounts []Billed, now time.Time) (text string, rows int) {
	var out strings.Builder
	w := csv.NewWriter(&out)
	_ = w.Write([]string{"account", "service", "currency", "period_start", "data_through", "cost"}) // a Builder does not fail
	for _, a := range accounts {
		if a.Bill.Through().IsZero() {
			continue
		}
		sums := map[string]map[string]*fetcher.Sum{}
		days := addParts(sums, a.Bill, SpanPeriod, PartService, now)
		for currency, costs := range inOrder(sums) {
			for _, c := range partSum(currency, costs).Lines {
				rows++
				_ = w.Write([]string{
					cell(a.Bill.Account.Name), cell(c.Name), cell(currency),
					days.Start.String(), a.Bill.Through().String(), c.Cost.String(),
				})
			}
		}
	}
	w.Flush()
	return out.String(), rows
}

// cell keeps a spreadsheet from taking a name for a formula.
func cell(text string) string {
	text = Name(text, textRunes)
	if strings.ContainsAny(text[:1], "=+-@") {
		return "'" + text
	}
	return text
}
