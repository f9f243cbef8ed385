package store

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/billbot/billbot/fetcher"
)

// TestEncodeRevision: what is written reads as what json.Marshal writes, with
// every field of a revision.
func TestEncodeRevision(t *testing.T) {
	if n := reflect.TypeFor[fetcher.Revision]().NumField(); n != 12 {
		t.Fatalf("a revision has %d fields: have encodeRevision write the new ones", n)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.Just(""), rapid.String(), rapid.SampledFrom([]string{"a\"b", "<&>", "\u2028"}))
		day := rapid.Custom(func(t *rapid.T) fetcher.Day { return fetcher.Day(rapid.IntRange(10_000, 40_000).Draw(t, "day")) })
		amount := rapid.Custom(func(t *rapid.T) decimal.Decimal {
			return decimal.New(rapid.Int64().Draw(t, "coefficient"), rapid.Int32Range(-30, 5).Draw(t, "exponent"))
		})
		r := fetcher.Revision{
			SeenAt:             time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC(),
			BillingPeriodStart: day.Draw(t, "period"), Day: day.Draw(t, "day"), Service: text.Draw(t, "service"),
			SubscriptionID: text.Draw(t, "subscription"), ZoneID: text.Draw(t, "zone"), Currency: text.Draw(t, "currency"),
			OldCost: amount.Draw(t, "old cost"), NewCost: amount.Draw(t, "new cost"),
			OldQuantity: amount.Draw(t, "old quantity"), NewQuantity: amount.Draw(t, "new quantity"), Vanished: rapid.Bool().Draw(t, "vanished"),
		}
		want, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := encodeRevision(r)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := decodeRevision(t, got), decodeRevision(t, want); !reflect.DeepEqual(a, b) {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func decodeRevision(t *rapid.T, data []byte) (fields map[string]any) {
	if err := json.Unmarshal(data, &fields); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return fields
}
