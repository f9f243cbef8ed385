package cloudflaretest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

const small = `# Everything the format has.
account,acc-1,"Example, Inc."
currency,EUR
anchor,31
lag,2
pricing,consumed
subscription,sub-1,15
zone,z,zone-1,example.com
service,cpu,"Workers CPU ms (first 30M, included)",Workers
service,r2,R2 Data Storage (First 10GB-Month included),R2,GB-months

empty,2026-03-05
2026-03-01,cpu,12
2026-03-01,r2,12.50,2.5,0.0375,seen=2026-03-02,zone=z,sub=sub-1,part=b
2026-03-01,cpu,gone,seen=2026-03-04
`

func TestParseRecording(t *testing.T) {
	got, err := ParseRecording(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	cpu := Service{Name: "Workers CPU ms (first 30M, included)", Family: "Workers"}
	r2 := Service{Name: "R2 Data Storage (First 10GB-Month included)", Family: "R2", Unit: "GB-months"}
	first := date(t, "2026-03-01")
	want := Recording{
		AccountID: "acc-1", AccountName: "Example, Inc.", Currency: "EUR", Anchor: 31, Lag: 2,
		Pricing:       PricingConsumed,
		Subscriptions: []Subscription{{"sub-1", 15}},
		Empty:         []fetcher.Day{first + 4},
		Lines: []Line{
			{Day: first, Service: cpu, Consumed: dec("12")},
			{
				Day: first, Seen: first + 1, Service: r2, Zone: Zone{"zone-1", "example.com"}, Subscription: "sub-1",
				Part: "b", Consumed: dec("12.5"), Billed: dec("2.5"), Cost: dec("0.0375"),
			},
			{Day: first, Seen: first + 3, Service: cpu, Gone: true},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("recording differs (-want +got):\n%s", diff)
	}
}

func TestParseRecordingRefuses(t *testing.T) {
	head := "account,a\nservice,s,Service\n"
	tests := []struct{ name, text, want string }{
		{"nothing", "", "no account line"},
		{"unknown line", "colour,red\n", `line 1: unknown kind of line "colour"`},
		{"too many fields", "currency,USD,EUR\n", "line 1: currency takes 1 to 1 fields, not 2"},
		{"empty field", "account,\n", "line 1: account has an empty field"},
		{"anchor", "anchor,32\n", "line 1: \"32\" is not a whole number from 1 to 31"},
		{"pricing", "pricing,free\n", `line 1: pricing is billed or consumed, not "free"`},
		{"unknown service", "account,a\n2026-03-01,s,1\n", `line 2: unknown service "s"`},
		{"no number", head + "2026-03-01,s\n", "line 3: a row needs a day, a service and a quantity"},
		{"two numbers", head + "2026-03-01,s,1,2\n", "line 3: a row has one number or three, not 2"},
		{"exponent", head + "2026-03-01,s,1e9\n", `line 3: "1e9" is not a number in plain digits`},
		{"no day", head + "2026-02-30,s,1\n", `line 3: day "2026-02-30" is not written as 2006-01-31`},
		{"told before it happened", head + "2026-03-01,s,1,seen=2026-03-01\n", "line 3: a row for 2026-03-01 cannot be told on 2026-03-01"},
		{"unknown option", head + "2026-03-01,s,1,colour=red\n", `line 3: unknown option "colour=red"`},
		{"unknown zone", head + "2026-03-01,s,1,zone=z\n", `line 3: unknown option "zone=z"`},
		{"told twice", head + "2026-03-01,s,1\n2026-03-01,s,2\n", "line 4: a second line for Service of 2026-03-01 on the morning of 2026-03-02"},
		{"late lag", head + "2026-03-01,s,1\nlag,2\n", "line 4: lag stands after a row"},
		{"quotes", "account,\"a\n", "extraneous or missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseRecording(strings.NewReader(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func FuzzParseRecording(f *testing.F) {
	f.Add(small)
	f.Add("account,a\nservice,s,S\n2026-03-01,s,1,1,0.1\nuncovered\n")
	f.Add("account,a\nanchor,30\nservice,s,S\n9999-12-31,s,-1\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRecording(strings.NewReader(text))
		if err != nil {
			return
		}
		_, last := r.Days()
		for _, c := range r.At((last + 40).Time()) {
			if c.BillingPeriodStart > c.ChargePeriodStart || c.ChargePeriodStart-c.BillingPeriodStart > 30 {
				t.Errorf("day %s is in the period from %s", c.ChargePeriodStart, c.BillingPeriodStart)
			}
			if c.BillingAccountID == "" || c.ServiceName != "" && c.ChargeDescription == "" {
				t.Errorf("a row without a name: %+v", c)
			}
		}
	})
}

func date(t *testing.T, s string) fetcher.Day {
	t.Helper()
	d, err := fetcher.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// noon is a moment at which a morning's rows are told.
func noon(t *testing.T, day string) time.Time {
	t.Helper()
	return date(t, day).Time().Add(12 * time.Hour)
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }
