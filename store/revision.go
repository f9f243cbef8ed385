package store

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/billbot/billbot/fetcher"
)

// encodeRevision writes a revision as JSON. A refresh restates three
// days of every service, and reflection over them was a twelfth of its cost.
func encodeRevision(r fetcher.Revision) ([]byte, error) {
	to := make([]byte, 0, 320)
	to = append(to, `{"seen_at":"`...)
	to = r.SeenAt.AppendFormat(to, time.RFC3339Nano)
	to = append(to, `","period":"`...)
	to = append(to, r.BillingPeriodStart.String()...)
	to = append(to, `","day":"`...)
	to = append(to, r.Day.String()...)
	to = append(to, '"')
	for _, text := range []struct{ name, value string }{
		{"service", r.Service}, {"subscription", r.SubscriptionID}, {"zone", r.ZoneID}, {"currency", r.Currency},
		{"old_cost", r.OldCost.String()}, {"new_cost", r.NewCost.String()},
		{"old_quantity", r.OldQuantity.String()}, {"new_quantity", r.NewQuantity.String()},
	} {
		if text.value == "" && (text.name == "subscription" || text.name == "zone") {
			continue
		}
		to = append(append(append(to, `,"`...), text.name...), `":`...)
		var err error
		if to, err = jsontext.AppendQuote(to, text.value); err != nil {
			return nil, fmt.Errorf("encode a revision of %q: %w", r.Service, err)
		}
	}
	if r.Vanished {
		to = append(to, `,"vanished":true`...)
	}
	return append(to, '}'), nil
}
