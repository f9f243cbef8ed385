package webhook

import (
	"cmp"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

// Summary is a regular report, of the accounts that the webhook watches.
type Summary struct {
	Every    rules.Every      `json:"every"`
	Date     string           `json:"date"`           // the local date it went out on
	Span     *fetcher.Period  `json:"span,omitempty"` // of a week or a month
	Accounts []AccountSummary `json:"accounts"`
	Text     string           `json:"text"` // for people
}

// AccountSummary is one account's part of a summary, in one currency.
type AccountSummary struct {
	Account  string           `json:"account"`
	Currency string           `json:"currency"`
	Day      *fetcher.Day     `json:"day"`    // the newest charge day; null while there is none
	Cost     decimal.Decimal  `json:"cost"`   // of the day, or the span
	Usual    decimal.Decimal  `json:"usual"`  // of such a day, or the span before
	Period   *fetcher.Period  `json:"period"` // the billing period; null while none is known
	ToDate   decimal.Decimal  `json:"to_date"`
	Forecast *decimal.Decimal `json:"forecast"` // of the period; null where nobody can tell
	Open     int              `json:"open"`     // alerts
}

func summaryOf(s report.Summary) *Summary {
	told := &Summary{Every: cmp.Or(s.Every, rules.EveryDay), Date: s.Date, Span: s.Span, Text: report.SummaryLine(s)}
	for _, a := range s.Accounts {
		part := AccountSummary{
			Account: a.Account, Currency: a.Currency, Day: dayUnlessZero(a.Day), Cost: a.Cost, Usual: a.Usual,
			ToDate: a.ToDate, Open: len(a.Open),
		}
		if !a.Period.Start.IsZero() {
			part.Period = &a.Period
		}
		if a.Forecast != nil {
			part.Forecast = &a.Forecast.Total
		}
		told.Accounts = append(told.Accounts, part)
	}
	return told
}
