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
	LastTrusted time.Time     `json:"-"` // zero: never
	Failure     string        `json:"-"` // why the account could not be read; "" if it could
	Stale       bool          `json:"-"` // Through is longer ago than data is ever late
	Periods     int           `json:"-"` // how many open billing periods Total spans
}

// Forecast is what a period will cost, with a band that holds four times in
// five. While services run away nobody knows: Lo has them fixed now, GoesOn has
// them go on as on the newest day, Hi has them grow, and Total is between.
type Forecast struct {
	Total    decimal.Decimal  `json:"total"`
	Lo       decimal.Decimal  `json:"lo"`
	Hi       decimal.Decimal  `json:"hi"`
	GoesOn   *decimal.Decimal `json:"goes_on,omitempty"`  // null while no service runs away
	Incident []string         `json:"incident,omitempty"` // the services that run away
}

// ServiceSpend is one service's part. A day that has no data yet is null: no
// silence is taken for zero.
type ServiceSpend struct {
	Service   string           `json:"service"`
	Today     *decimal.Decimal `json:"today"`
	Yesterday *decimal.Decimal `json:"yesterday"`
	Period    decimal.Decimal  `json:"period"`
	Usual     decimal.Decimal  `json:"usual"` // of a day
	Newest    decimal.Decimal  `json:"-"`     // of the newest charge day
	Ahead     decimal.Decimal  `json:"-"`     // of the period in all, where [Spend.Forecast] is known
}

// Summary is the regular message of one channel: of the newest day, or of a
// span, a week or a month. That of a billing period is a [Close].
type Summary struct {
	Date     string           `json:"date"`            // the local date it is for, 2006-01-02
	Every    rules.Every      `json:"every,omitempty"` // "" is the day
	Span     *fetcher.Period  `json:"span,omitempty"`  // null for the day
	Accounts []AccountSummary `json:"accounts"`
	Totals   Totals           `json:"totals,omitzero"` // of the rules across accounts
	Short    bool             `json:"short"`           // nothing to say: one line

	Breakdown *SpanTable `json:"breakdown,omitempty"` // null where nothing adds up
	Chart     *Chart     `json:"chart,omitempty"`
}

// Totals is what the rules across accounts have to say.
type Totals struct {
	Budgets []BudgetLine `json:"budgets,omitempty"`
	Open    []OpenAlert  `json:"open,omitempty"`
}

// AccountSummary is one account's part of a summary.
type AccountSummary struct {
	Account  string          `json:"account"`
	Currency string          `json:"currency"`
	Day      fetcher.Day     `json:"day"` // the newest charge day: "yesterday", as far as data goes
	Cost     decimal.Decimal `json:"cost"`
	Usual    decimal.Decimal `json:"usual"`
	Movers   []Mover         `json:"movers,omitempty"`   // against usual, largest first; none that Open names
	Billable []Billable      `json:"billable,omitempty"` // what was free until Day, and is billed now
	Period   fetcher.Period  `json:"period"`
	ToDate   decimal.Decimal `json:"to_date"`
	Forecast *Forecast       `json:"forecast,omitempty"`
	Budgets  []BudgetLine    `json:"budgets,omitempty"`
	Open     []OpenAlert     `json:"open,omitempty"`

	Trust       fetcher.Trust `json:"trust"`
	LastTrusted time.Time     `json:"last_trusted"`
	Failure     string        `json:"failure,omitempty"` // why the account could not be read; "" if it could
	Stale       bool          `json:"stale,omitempty"`   // Day is longer ago than data is ever late
	Quiet       bool          `json:"quiet"`             // nothing open, no mover, fresh data

	// Of a week or a month: Cost is of the span, and Usual of the one before.
	Span *fetcher.Period `json:"span,omitempty"`
	New  bool            `json:"new,omitempty"` // the span before is not known whole
}

// Mover is a service that cost much more, or less, than usual on a day.
type Mover struct {
	Service string          `json:"service"`
	Cost    decimal.Decimal `json:"cost"`
	Usual   decimal.Decimal `json:"usual"`
}

// Billable is a service that began to cost on a day, after it was free.
type Billable struct {
	Service   string          `json:"service"`
	Cost      decimal.Decimal `json:"cost"`          // of its billing period so far
	Projected decimal.Decimal `json:"projected"`     // of the period, if nothing changes
	End       fetcher.Day     `json:"end"`           // of the period
	New       bool            `json:"new,omitempty"` // it was not used before
}

// BudgetLine is where a budget stands.
type BudgetLine struct {
	Rule     string           `json:"rule"`
	Subject  rules.Subject    `json:"subject"`
	Spent    decimal.Decimal  `json:"spent"`
	Limit    decimal.Decimal  `json:"limit"`
	Currency string           `json:"currency"`
	Billed   string           `json:"billed,omitempty"` // the currency charged instead: the budget cannot be judged
	Kind     rules.PeriodKind `json:"kind"`
	Period   fetcher.Period   `json:"period"`
	Quantity bool             `json:"quantity,omitempty"` // Spent and Limit are of what was used, in Unit
	Unit     string           `json:"unit,omitempty"`
	Unjudged rules.Unjudged   `json:"unjudged,omitempty"` // why there is no limit
	Ahead    *Forecast        `json:"ahead,omitempty"`    // of Period; null while nobody can say
}

// OpenAlert names an alert that is still on.
type OpenAlert struct {
	ID       string          `json:"id"`
	State    rules.State     `json:"state,omitempty"` // "" is firing
	Severity rules.Severity  `json:"severity"`
	Text     string          `json:"text"`
	Rule     string          `json:"rule,omitempty"`
	Kind     rules.Kind      `json:"kind,omitempty"`
	Subject  rules.Subject   `json:"subject,omitzero"`
	Amount   decimal.Decimal `json:"amount,omitzero"`
	Standing string          `json:"standing,omitempty"` // what people did about it: see [Standing]
	Over     bool            `json:"over,omitempty"`     // a budget is over, not just past a lower line
}

func (o OpenAlert) ofBudget() bool {
	return o.Kind == rules.KindBudget || o.Kind == rules.KindForecast
}

// Welcome is the first message about an account: what is watched from now on,
// and what was already the matter when billbot came.
type Welcome struct {
	Account  string          `json:"account"`
	Through  fetcher.Day     `json:"through"` // zero: no data yet
	Rules    []string        `json:"rules"`   // a line each
	Budgets  []BudgetLine    `json:"budgets,omitempty"`
	Passed   []OpenAlert     `json:"passed,omitempty"` // budgets that are over, or past a line, already
	Spikes   []OpenAlert     `json:"spikes,omitempty"` // of the last three days
	Doubts   []OpenAlert     `json:"doubts,omitempty"` // about the data
	Period   fetcher.Period  `json:"period"`
	ToDate   decimal.Decimal `json:"to_date"`
	Currency string          `json:"currency"`
}
