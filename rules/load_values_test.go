package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"
)

func mustLoad(t testing.TB, data string) *Rules {
	t.Helper()
	rules, err := Load("rules.yaml", []byte(data))
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return rules
}

func money(t testing.TB, digits string) decimal.Decimal {
	t.Helper()
	d, err := decimal.NewFromString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// byText compares what has unexported parts by what it says.
func byText() cmp.Options {
	return cmp.Options{
		cmp.Comparer(func(a, b Pattern) bool { return a.Text == b.Text }),
		cmpopts.IgnoreTypes(Source{}),
		cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
	}
}

func TestLoadDefaults(t *testing.T) {
	got := mustLoad(t, `
accounts: [{name: a, id: 023e105f4ecef8ad9ca31a8372d0c353}]
summaries: [{}]
rules:
  - {name: b, budget: {amount: 25}}
  - {name: s, spike: {}}
  - name: bare
    spike:
    channel: C0123456
  - name: silent
    stale:
`)
	one := decimal.NewFromInt(1)
	spike := &Spike{Above: decimal.NewFromInt(2), AtLeast: AtLeast{Amount: one, Share: decimal.NewFromInt(2)}}
	want := &Rules{
		Timezone:  time.UTC,
		Poll:      time.Hour,
		Accounts:  []Account{{Name: "a", ID: "023e105f4ecef8ad9ca31a8372d0c353", TokenEnv: "CLOUDFLARE_API_TOKEN"}},
		Summaries: []Summary{{Every: EveryDay, At: 9 * time.Hour, Quiet: QuietShort}},
		Retention: Retention{Charges: Forever, Snapshots: 400, Revisions: 400},
		Rules: []Rule{
			{Name: "b", Per: PerAccount, Severity: Warning, Budget: &Budget{
				Amount: money(t, "25"), Period: ByBillingPeriod, Actual: []Threshold{{Percent: hundred}},
			}},
			{Name: "s", Per: PerService, Severity: Warning, Spike: spike},
			{Name: "bare", Per: PerService, Severity: Warning, Spike: spike, Channel: "C0123456"},
			{Name: "silent", Per: PerAccount, Severity: Warning, Stale: &Stale{After: 72 * time.Hour}},
		},
	}
	if diff := cmp.Diff(want, got, byText()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoadEverySetting(t *testing.T) {
	got := mustLoad(t, `
timezone: Europe/Berlin
accounts:
  - {name: a, id: 12345678901234567890123456789012, token_file: /run/token, channel: C0123456, tags: [x, y]}
poll: 1h30m
slack: {channel: "#cloud-spend", access: {read: [U012AB3CD, G0123456], change: [S0123ABCD, W012AB3CD]}}
summaries: [{every: day, at: "23:59", quiet: skip}, {every: week}, {every: month}, {every: billing_period}]
retention: {charges: 800d, snapshots: forever, revisions: 30d}
rules:
  - name: b
    services: ["D1 - Rows Read (first 25 billion included)", "KV*"]
    exclude: [Argo]
    families: [Workers]
    zones: [example.com, 1234]
    accounts: ["tag:x", "A*"]
    per: total
    budget: {amount: 20.50, currency: EUR, period: week, actual: [100%, 10.250000000000001, 12.5%]}
    severity: critical
    mention: [U012AB3CD, S0123ABCD]
    channel: "#données"
  - {name: s, spike: {above: 2.5, at_least: {amount: "0.10", share: 0.5%}}, severity: info, per: service}
`)
	line := money(t, "10.250000000000001")
	want := &Rules{
		Timezone: mustZone(t, "Europe/Berlin"),
		Poll:     90 * time.Minute,
		Accounts: []Account{{
			Name: "a", ID: "12345678901234567890123456789012", TokenFile: "/run/token", Channel: "C0123456", Tags: []string{"x", "y"},
		}},
		Slack: Slack{Channel: "#cloud-spend", Access: Access{
			Read: []string{"U012AB3CD", "G0123456"}, Change: []string{"S0123ABCD", "W012AB3CD"},
		}},
		Summaries: []Summary{
			{Every: EveryDay, At: 23*time.Hour + 59*time.Minute, Quiet: QuietSkip},
			{Every: EveryWeek, At: 9 * time.Hour, Quiet: QuietShort},
			{Every: EveryMonth, At: 9 * time.Hour, Quiet: QuietShort},
			{Every: EveryBillingPeriod, At: 9 * time.Hour, Quiet: QuietShort},
		},
		Retention: Retention{Charges: 800, Snapshots: Forever, Revisions: 30},
		Rules: []Rule{
			{
				Name: "b",
				Match: Match{
					Services: Patterns{{Text: "D1 - Rows Read (first 25 billion included)"}, {Text: "KV*"}},
					Exclude:  Patterns{{Text: "Argo"}},
					Families: Patterns{{Text: "Workers"}},
					Zones:    Patterns{{Text: "example.com"}, {Text: "1234"}},
					Accounts: Patterns{{Text: "tag:x"}, {Text: "A*"}},
				},
				Per: PerTotal,
				Budget: &Budget{Amount: money(t, "20.5"), Currency: "EUR", Period: ByWeek, Actual: []Threshold{
					{Percent: money(t, "12.5")}, {Amount: &line}, {Percent: hundred},
				}},
				Severity: Critical,
				Mention:  []string{"U012AB3CD", "S0123ABCD"},
				Channel:  "#données",
			},
			{Name: "s", Per: PerService, Severity: Info, Spike: &Spike{
				Above: money(t, "2.5"), AtLeast: AtLeast{Amount: money(t, "0.1"), Share: money(t, "0.5")},
			}},
			{Name: "stale", Per: PerAccount, Severity: Warning, Stale: &Stale{After: 72 * time.Hour}}, // there is always one
		},
	}
	if diff := cmp.Diff(want, got, byText()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Amounts are the written digits, not what a float makes of them.
func TestLoadAmountsAreExact(t *testing.T) {
	for _, digits := range []string{"0.1", "20.50", "123456789012345.123456789012345", "0.000000000000001"} {
		got := mustLoad(t, "rules: [{name: a, budget: {amount: "+digits+"}}]").Rules[0].Budget.Amount
		if want := money(t, digits); !got.Equal(want) {
			t.Errorf("amount: %s: got %s", digits, got)
		}
	}
}

func TestLoadWarnings(t *testing.T) {
	for _, tc := range []struct{ data, want string }{
		{"poll: 4m59s\nrules: [{name: a, spike: {}}]", "rules.yaml:1:7: \"poll\" is \"4m59s\", below 5m"},
		{"poll: 1s\nrules: [{name: a, spike: {}}]", "below 5m"},
		{"poll: 25h\nrules: [{name: a, spike: {}}]", "above 24h"},
		{"poll: 5m\nrules: [{name: a, spike: {}}]", ""},
		{"accounts: [{name: a, id: test-1}]\nrules: [{name: a, spike: {}}]", "rules.yaml:1:26: the account id is not 32 hex digits"},
		{"poll: 1h", "rules.yaml:1:1: the file has no rules"},
		{"rules:", "rules.yaml:1:7: the file has no rules"},
		{"rules: []", "rules.yaml:1:8: the file has no rules"},
		{"rules: [{name: a, budget: {amount: 10, actual: [80]}}]", "rules.yaml:1:49: threshold 80 is an amount, far above the budget of 10: did you mean 80%?"},
		{"rules: [{name: a, budget: {amount: 20.50, actual: [100%, 30.00]}}]", ""},
		{"rules: [{name: a, budget: {quantity: 5}}]", "rules.yaml:1:27: a quantity of every service: units are not added up"},
		{"rules: [{name: a, per: service, budget: {quantity: 5}}]", ""},
		{"rules: [{name: a, services: [KV], budget: {quantity: 5}}]", ""},
	} {
		var got []string
		for _, warning := range mustLoad(t, tc.data).Warnings {
			got = append(got, warning.String())
		}
		if text := strings.Join(got, "\n"); tc.want == "" && text != "" || !strings.Contains(text, tc.want) || len(got) > 1 {
			t.Errorf("%q: got warnings %q, want %q", tc.data, got, tc.want)
		}
	}
}

// The work of looking for the accounts of patterns ends, and that is said.
func TestLoadLooksAreBounded(t *testing.T) {
	w := newWatched([]Account{{Name: "a", ID: "1"}, {Name: "b", ID: "2"}})
	r := newReader("rules.yaml")
	r.looks = 8
	f := field{key: "accounts", node: &yaml.Node{Line: 3, Column: 5}}
	for range 5 {
		r.watches(f, "zebra*", NewPattern("zebra*"), w)
	}
	if len(r.problems) != 2 || len(r.warnings) != 1 {
		t.Errorf("got %d problems and %d warnings, want 2 and 1:\n%v", len(r.problems), len(r.warnings), r.problems)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"services", "severity", "spike", "id", "at_least", "billing_period"}
	for _, tc := range []struct{ word, want string }{
		{"serivces", "services"},
		{"Severity", "severity"},
		{"spkie", "spike"},
		{"di", "id"},
		{"atleast", "at_least"},
		{"billing", "billing_period"},
		{"zebra", ""},
		{"", ""},
		{strings.Repeat("s", 1<<20), ""},
	} {
		if got, ok := Nearest(tc.word, known); got != tc.want || ok != (tc.want != "") {
			t.Errorf("nearest(%.20q): got %q, %v, want %q", tc.word, got, ok, tc.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"ab", "ba", 1},
		{"services", "serivces", 1},
		{"kitten", "sitting", 3},
		{"abcdef", "badcfe", 3},
	} {
		for _, pair := range [][2]string{{tc.a, tc.b}, {tc.b, tc.a}} {
			if got := distance([]rune(pair[0]), []rune(pair[1])); got != tc.want {
				t.Errorf("distance(%q, %q): got %d, want %d", pair[0], pair[1], got, tc.want)
			}
		}
	}
}

func TestCurrencies(t *testing.T) {
	codes := strings.Fields(currencies)
	for i, code := range codes {
		if !isCurrency(code) || i > 0 && code <= codes[i-1] {
			t.Errorf("%q is no code, or not in order", code)
		}
	}
	for _, code := range []string{"", "US", "usd", "D A", " US", "SDG ", "BGN", "XXX"} {
		if isCurrency(code) {
			t.Errorf("isCurrency(%q): got true", code)
		}
	}
}
