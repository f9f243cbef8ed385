package cloudflaretest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/billbot/billbot/fetcher"
)

// Profile is what billing/profile says of an account, among personal data that
// a client must not keep.
type Profile struct {
	NextBillDate string // as written on the wire: "2026-04-15T00:00:00Z"; "" leaves it out
	Balance      string // "" means "0"
}

// SetProfile gives an account a profile. Without one it answers 404, as the
// live API does for an account that never paid.
func (s *Server) SetProfile(accountID string, p Profile) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.profiles[accountID] = p
}

// PersonalData returns the invented personal data every profile holds, so that
// a test can look for it where it must not be.
func PersonalData() []string {
	return []string{"Ada Example", "ada@personal.example", "12 Private Road", "xxxx-xxxx-xxxx-4242", "+44 20 7946 0958"}
}

func (s *Server) profile(account string) reply {
	s.mu.Lock()
	p, ok := s.profiles[account]
	s.mu.Unlock()
	if !ok {
		return failure(http.StatusNotFound, 1001, "Billing profile not found")
	}
	if p.Balance == "" {
		p.Balance = "0"
	}
	cols := []Column{{"balance", text(p.Balance)}}
	if p.NextBillDate != "" {
		cols = append(cols, Column{"next_bill_date", text(p.NextBillDate)})
	}
	for i, name := range []string{"full_name", "primary_email", "address", "card_number", "telephone"} {
		cols = append(cols, Column{name, text(PersonalData()[i])})
	}
	return success(object(cols))
}

// onlySubscription is the ID told for an account recorded without any.
const onlySubscription = "5ab5c1d0000000000000000000000001"

// info answers a request about the account's subscriptions.
func (s *Server) info(rec Recording) reply {
	if s.InfoStatus != 0 {
		return failure(s.InfoStatus, 10000, http.StatusText(s.InfoStatus))
	}
	if rec.Uncovered {
		return success(`{"covered":false,"subscriptions":[]}`)
	}
	start, _ := rec.Days()
	if start.IsZero() {
		start = fetcher.DayOf(s.Now())
	}
	var told []string
	for _, sub := range rec.allSubscriptions() {
		told = append(told, object([]Column{
			{"id", text(sub.ID)},
			{"billing_cycle_anchor_timestamp", instant(anchorDate(start, sub.Anchor))},
			{"start_timestamp", instant(anchorDate(start, sub.Anchor))},
		}))
	}
	return success(fmt.Sprintf(`{"covered":true,"subscriptions":[%s]}`, strings.Join(told, ",")))
}

// allSubscriptions adds the one that rows without a subscription belong to.
func (r Recording) allSubscriptions() []Subscription {
	all := r.Subscriptions
	for _, l := range r.Lines {
		if l.Subscription == "" {
			return append([]Subscription{{onlySubscription, r.Anchor}}, all...)
		}
	}
	if len(all) == 0 {
		return []Subscription{{onlySubscription, r.Anchor}}
	}
	return all
}
