package webhook

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

// Alert is an alert as machines are told it: the keys of billbot alerts --format
// json, and what that leaves to the database.
type Alert struct {
	ID             string          `json:"id"`
	Rule           string          `json:"rule"`
	Kind           rules.Kind      `json:"kind"`
	Account        string          `json:"account"` // by name; "" for all together
	AccountID      string          `json:"account_id"`
	Service        string          `json:"service"` // "" for all
	Zone           string          `json:"zone,omitempty"`
	Period         *fetcher.Period `json:"period"`  // null where there is none
	Day            *fetcher.Day    `json:"day"`     // the newest charge day that speaks for it
	Through        *fetcher.Day    `json:"through"` // data goes through this day
	State          rules.State     `json:"state"`
	Ended          rules.Ending    `json:"ended,omitempty"` // how, once it is over
	Level          rules.Severity  `json:"level"`
	Since          time.Time       `json:"since"`
	Amount         decimal.Decimal `json:"amount"`
	Limit          decimal.Decimal `json:"limit"`
	Usual          decimal.Decimal `json:"usual"`
	Projected      decimal.Decimal `json:"projected"` // what the period will come to if nothing changes; 0 where nobody can tell
	Currency       string          `json:"currency,omitempty"`
	Unit           string          `json:"unit,omitempty"` // of a budget's quantity; else the amounts are money
	AcknowledgedBy string          `json:"acknowledged_by"`
	SnoozedUntil   *time.Time      `json:"snoozed_until"`
	// Action is how far the action of its rule has come; left out where it has none.
	Action rules.ApprovalState `json:"action,omitempty"`
	Text   string              `json:"text"` // for people
}

func alertOf(accountID string, a rules.Alert) Alert {
	f := a.Finding
	if accountID == rules.FleetID {
		accountID = ""
	}
	told := Alert{
		ID: a.ID, Rule: f.Rule, Kind: f.Kind, Account: f.Subject.Account, AccountID: accountID, Service: f.Subject.Service,
		Zone: f.Subject.Zone, Day: dayUnlessZero(f.Day), Through: dayUnlessZero(f.Through), State: a.State, Ended: a.Ended,
		Level: f.Severity, Since: a.Since.UTC(), Amount: f.Amount, Limit: f.Limit, Usual: f.Usual, Projected: f.Projected,
		Currency: f.Currency, Unit: f.Unit, AcknowledgedBy: a.AcknowledgedBy, SnoozedUntil: unlessZero(a.SnoozedUntil),
		Text: report.Sentence(a),
	}
	if a.Approval != nil {
		told.Action = a.Approval.State
	}
	if !f.Period.Start.IsZero() {
		told.Period = &f.Period
	}
	return told
}

func dayUnlessZero(d fetcher.Day) *fetcher.Day {
	if d.IsZero() {
		return nil
	}
	return &d
}
