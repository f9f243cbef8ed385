package report

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// Spend is what one account costs, in one currency. Its JSON form is the
// output of billbot spend.
type Spend struct {
	Account  string          `json:"account"`
	Currency string          `json:"currency"`
	Through  fetcher.Day     `json:"through"` // data goes through this day
	Period   fetcher.Period  `json:"period"`  // the billing period of Through
	Total    decimal.Decimal `json:"total"`   // of the period, to date
	// Forecast is null until there is enough of the period to say.
	Forecast *Forecast      `json:"forecast"`
	Services []ServiceSpend `json:"services"` // dearest first

	Trust       fetcher.Trust `json:"-"`
	LastTrusted time.Time     `json:"-"`
	Periods     int           `json:"-"` // how many open billing periods Total spans
}

// Forecast is what a period will cost, with a band.
type Forecast struct {
	Total decimal.Decimal `json:"total"`
	Lo    decimal.Decimal `json:"lo"`
	Hi    decimal.Decimal `json:"hi"`
}

// ServiceSpend is one service's part. A day that has no data yet is null: no
// silence is taken for zero.
type ServiceSpend struct {
	Service   string           `json:"service"`
	Today     *decimal.Decimal `json:"today"`
	Yesterday *decimal.Decimal `json:"yesterday"`
	Period    decimal.Decimal  `json:"period"`
	Usual     decimal.Decimal  `json:"usual"` // of a day
}

// Summary is the daily message of one channel.
type Summary struct {
	Date     string           `json:"date"` // the local date it is for, 2006-01-02
	Accounts []AccountSummary `json:"accounts"`
	Short    bool             `json:"short"` // nothing to say: one line
}

// AccountSummary is one account's part of a summary.
type AccountSummary struct {
	Account  string          `json:"account"`
	Currency string          `json:"currency"`
	Day      fetcher.Day     `json:"day"` // the newest charge day: "yesterday", as far as data goes
	Cost     decimal.Decimal `json:"cost"`
	Usual    decimal.Decimal `json:"usual"`
	Movers   []Mover         `json:"movers,omitempty"` // against usual, largest first
	Period   fetcher.Period  `json:"period"`
	ToDate   decimal.Decimal `json:"to_date"`
	Forecast *Forecast       `json:"forecast,omitempty"`
	Budgets  []BudgetLine    `json:"budgets,omitempty"`
	Open     []OpenAlert     `json:"open,omitempty"`

	Trust       fetcher.Trust `json:"trust"`
	LastTrusted time.Time     `json:"last_trusted"`
	Quiet       bool          `json:"quiet"` // nothing open, no mover, fresh data
}

// Mover is a service that cost much more, or less, than usual on a day.
type Mover struct {
	Service string          `json:"service"`
	Cost    decimal.Decimal `json:"cost"`
	Usual   decimal.Decimal `json:"usual"`
}

// BudgetLine is where a budget stands.
type BudgetLine struct {
	Rule     string           `json:"rule"`
	Subject  rules.Subject    `json:"subject"`
	Spent    decimal.Decimal  `json:"spent"`
	Limit    decimal.Decimal  `json:"limit"`
	Currency string           `json:"currency"`
	Kind     rules.PeriodKind `json:"kind"`
	Period   fetcher.Period   `json:"period"`
}

// OpenAlert names an alert that is still on.
type OpenAlert struct {
	ID       string         `json:"id"`
	Severity rules.Severity `json:"severity"`
	Text     string         `json:"text"`
}

// Welcome is the first message about an account: what is watched from now on,
// and what was already the matter when billbot came.
type Welcome struct {
	Account  string          `json:"account"`
	Through  fetcher.Day     `json:"through"` // zero: no data yet
	Rules    []string        `json:"rules"`   // a line each
	Budgets  []BudgetLine    `json:"budgets,omitempty"`
	Spikes   []OpenAlert     `json:"spikes,omitempty"` // of the last three days
	Period   fetcher.Period  `json:"period"`
	ToDate   decimal.Decimal `json:"to_date"`
	Currency string          `json:"currency"`
}
