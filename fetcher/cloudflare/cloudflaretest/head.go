package cloudflaretest

import (
	"errors"
	"fmt"

	"github.com/billbot/billbot/fetcher"
)

// headFields says how many fields each kind of head line takes.
func headFields(kind string) (least, most int, known bool) {
	switch kind {
	case "uncovered":
		return 0, 0, true
	case "currency", "anchor", "lag", "pricing", "empty":
		return 1, 1, true
	case "account":
		return 1, 2, true
	case "subscription":
		return 2, 2, true
	case "zone":
		return 3, 3, true
	case "service":
		return 2, 4, true
	}
	return 0, 0, false
}

func (p *parser) head(kind string, f []string) error {
	least, most, known := headFields(kind)
	if !known {
		return fmt.Errorf("unknown kind of line %q", kind)
	}
	if len(f) < least || len(f) > most {
		return fmt.Errorf("%s takes %d to %d fields, not %d", kind, least, most, len(f))
	}
	if most > 0 && f[0] == "" {
		return fmt.Errorf("%s has an empty field", kind)
	}
	if kind == "lag" && len(p.recording.Lines) > 0 {
		return errors.New("lag stands after a row, whose morning depends on it")
	}
	f = append(f, make([]string, most-len(f))...)
	var err error
	r := &p.recording
	switch kind {
	case "account":
		r.AccountID, r.AccountName = f[0], f[1]
	case "currency":
		r.Currency = f[0]
	case "anchor":
		r.Anchor, err = wholeNumber(f[0], 1, 31)
	case "lag":
		r.Lag, err = wholeNumber(f[0], 1, 31)
	case "pricing":
		r.Pricing, err = pricing(f[0])
	case "uncovered":
		r.Uncovered = true
	case "empty":
		var morning fetcher.Day
		morning, err = day(f[0])
		r.Empty = append(r.Empty, morning)
	case "subscription":
		s := Subscription{ID: f[0]}
		s.Anchor, err = wholeNumber(f[1], 1, 31)
		r.Subscriptions = append(r.Subscriptions, s)
	case "zone":
		p.zones[f[0]] = Zone{ID: f[1], Name: f[2]}
	case "service":
		p.services[f[0]] = Service{Name: f[1], Family: f[2], Unit: f[3]}
	}
	return err
}
