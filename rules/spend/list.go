package spend

import (
	"slices"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
)

// listPrice is one line of Cloudflare's public price list for its paid plans:
// so much for so many units, once those included in a billing period are used
// up.
type listPrice struct {
	service  string // as key writes it
	unit     string // a part of ConsumedUnit, where units differ
	price    string
	per      int64
	included int64
}

// listed is the public price of a service, the zero Tariff for one that is not
// listed. It stands in for a service that has not been billed yet, so that the
// first bill is no surprise; what a bill says comes first, and usage beyond the
// listed allowance that was not billed refutes it.
//
// Every line was compared with Cloudflare's own documentation on 23 November
// 2026 (the pages under developers.cloudflare.com, as the cloudflare-docs
// repository has them):
//
//   - workers/platform/pricing: requests, CPU time, Logpush, KV, Queues, D1
//   - workers/ci-cd/builds/limits-and-pricing: build minutes
//   - durable-objects/platform/pricing: requests, duration, rows
//   - r2/pricing: classes A and B of Standard storage
//   - vectorize/platform/pricing: queried dimensions
//   - images/pricing: transformations
//   - browser-rendering/platform/pricing: browser hours
//   - email-service/platform/pricing: emails sent
//   - billing/understand/how-charges-accrue: the 500,000 queries that Load
//     Balancing includes; $0.50 for 500,000 more is what its users report
//
// Not listed are services without an allowance, which are billed on their first
// day; storage, whose rows are shares of a month; Argo, which includes a
// gigabyte a domain and not an account; logs, whose price changes on 1 December
// 2026; and what no page of today states, as Workers Bundled.
func listed(service, unit string) Tariff {
	unit = strings.ToLower(unit)
	if strings.Contains(unit, "million") || strings.Contains(unit, "thousand") {
		return Tariff{}
	}
	name := key(service)
	for _, l := range [...]listPrice{
		{"worker standard request", "", "0.30", million, 10 * million},
		{"worker cpu", "ms", "0.02", million, 30 * million},
		{"logpush enabled worker request", "", "0.05", million, 10 * million},
		{"worker build minute", "", "0.005", 1, 6000},
		{"d1 row read", "", "0.001", million, 25_000 * million},
		{"d1 row written", "", "1.00", million, 50 * million},
		{"durable object request", "", "0.15", million, million},
		{"durable object duration", "gb", "12.50", million, 400_000},
		{"durable object row read", "", "0.001", million, 25_000 * million},
		{"durable object row written", "", "1.00", million, 50 * million},
		{"kv read", "", "0.50", million, 10 * million},
		{"kv write", "", "5.00", million, million},
		{"kv delete", "", "5.00", million, million},
		{"kv list", "", "5.00", million, million},
		{"r2 class a", "", "4.50", million, million},
		{"r2 class b", "", "0.36", million, 10 * million},
		{"queue standard", "", "0.40", million, million},
		{"queue", "operation", "0.40", million, million},
		{"vectorize queried dimension", "", "0.01", million, 50 * million},
		{"image transformation", "", "0.50", 1000, 5000},
		{"load balancing querie", "", "1.00", million, million / 2},
		{"browser hour", "hour", "0.09", 1, 10},
		{"browser rendering", "ms", "0.09", hour, 10 * hour},
		{"email sent", "", "0.35", 1000, 3000},
	} {
		if l.service == name && strings.Contains(unit, l.unit) {
			return l.tariff()
		}
	}
	return Tariff{}
}

const (
	million = 1_000_000
	hour    = 3_600_000 // in milliseconds
)

func (l listPrice) tariff() Tariff {
	return Tariff{
		price:         price{cost: decimal.RequireFromString(l.price), quantity: decimal.NewFromInt(l.per), full: true},
		Included:      decimal.NewFromInt(l.included),
		IncludedKnown: true, Listed: true,
	}
}

// key is a service's name without what its spellings differ in: "Durable
// Objects - Compute Requests" and "Durable Objects Requests" are both "durable
// object request".
func key(service string) string {
	words := strings.FieldsFunc(strings.ToLower(service), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words = slices.DeleteFunc(words, func(w string) bool {
		switch w {
		case "compute", "storage", "operations", "operation", "ms", "time", "service", "run":
			return true
		}
		return false
	})
	for i, w := range words {
		if !strings.HasSuffix(w, "ss") {
			words[i] = strings.TrimSuffix(w, "s")
		}
	}
	if len(words) > 1 && words[0] == "worker" && words[1] == "kv" {
		words = words[1:]
	}
	if len(words) > 2 && (words[0] == "browser" || words[0] == "email") && words[2] != "" && words[1] == words[0] {
		words = words[1:]
	}
	return strings.Join(words, " ")
}
