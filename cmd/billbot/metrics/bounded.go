package metrics

import (
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

// How many names are told apart: of one account, of all accounts together, and
// the currencies that one account can be billed in.
const (
	mostOfAccount  = 30
	mostOfAll      = 2000
	mostCurrencies = 4
)

// other is the name of all that is not told apart. A service that is called so
// is summed with them.
const other = "other"

// mostNames is how many names each of some accounts has room for: at least one.
func mostNames(accounts int) int {
	return max(1, min(mostOfAccount, mostOfAll/max(1, accounts)))
}

// nameRunes is how long a name may be.
const nameRunes = 80

// named is a name from the bill as a label. What is not there stays empty.
func named(name string) string {
	if name == "" {
		return ""
	}
	return report.Name(name, nameRunes)
}

// amount is the edge where an exact number becomes a float.
func amount(d decimal.Decimal) float64 { return d.InexactFloat64() }
