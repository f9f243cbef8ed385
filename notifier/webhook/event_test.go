package webhook

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/shopspring/decimal"
)

var update = flag.Bool("update", false, "write the examples anew")

var at = time.Date(2026, time.April, 4, 7, 0, 0, 0, time.UTC)

func day(text string) fetcher.Day {
	d, err := fetcher.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

// spike is an alert of one service.
func spike() rules.Alert {
	amount := decimal.RequireFromString
	return rules.Alert{
		ID: "57tvvywu", State: rules.Firing, Since: at, Day: day("2026-04-03"),
		Finding: rules.Finding{
			Rule: "runaway", Kind: rules.KindSpike, Severity: rules.Critical, Open: true, Currency: "USD", Trusted: true,
			Subject: rules.Subject{Account: "production", Service: "Durable Objects Storage Rows Read"},
			Episode: day("2026-04-03"), Day: day("2026-04-03"), Through: day("2026-04-03"),
			Amount: amount("4400.12"), Usual: amount("0.31"), Limit: amount("1.00"), Projected: amount("118803.55"),
			Period: fetcher.Period{Start: day("2026-04-01"), End: day("2026-04-30")},
		},
	}
}

// signals is one of each type, by the name of its example.
func signals() map[string]notifier.Signal {
	a := spike()
	worse := a
	worse.Finding.Amount = decimal.RequireFromString("9120.5")
	held := a
	held.AcknowledgedBy, held.SnoozedUntil = "U012AB3CD", at.Add(24*time.Hour)
	over := a
	over.State, over.Ended, over.EndedAt = rules.Resolved, rules.EndedBack, at.Add(72*time.Hour)
	asked := a
	asked.Approval = &rules.Approval{State: rules.Approved, At: at, Webhook: "automation", Approver: "U012AB3CD"}
	summary := report.Summary{Date: "2026-04-04", Accounts: []report.AccountSummary{{
		Account: "production", Currency: "USD", Day: day("2026-04-03"), Cost: decimal.RequireFromString("4412.02"),
		Usual: decimal.RequireFromString("12.2"), ToDate: decimal.RequireFromString("4436.40"), Period: a.Finding.Period,
		Forecast: &report.Forecast{Total: decimal.RequireFromString("119000")}, Open: []report.OpenAlert{{}},
		Trust: fetcher.Trust{Verdict: fetcher.Trusted},
	}}}
	deed := func(t rules.EventType, until time.Time) *rules.Deed {
		return &rules.Deed{At: at, By: "U012AB3CD", Type: t, Alert: a.ID, Until: until, Reason: "backfill of the search index"}
	}
	return map[string]notifier.Signal{
		"fired":        {Type: rules.Fired, At: at, Alert: &a, Account: accountID},
		"escalated":    {Type: rules.Escalated, At: at, Alert: &worse, Account: accountID},
		"acknowledged": {Type: rules.Acknowledged, At: at, Alert: &held, Account: accountID, Deed: deed(rules.Acknowledged, time.Time{})},
		"snoozed":      {Type: rules.Snoozed, At: at, Alert: &held, Account: accountID, Deed: deed(rules.Snoozed, held.SnoozedUntil)},
		"expected":     {Type: rules.Expected, At: at, Alert: &a, Account: accountID, Deed: deed(rules.Expected, at.Add(48*time.Hour))},
		"resolved":     {Type: rules.Recovered, At: at, Alert: &over, Account: accountID},
		"action":       {Type: notifier.Acted, At: at, Alert: &asked, Account: accountID, Deed: deed(rules.ActionApproved, time.Time{})},
		"summary":      {Type: notifier.Summarized, At: at, Summary: &summary},
		"state":        {Type: notifier.Stated, At: at, State: []notifier.Standing{{Account: accountID, Alert: held}}},
	}
}

const accountID = "023e105f4ecef8ad9ca31a8372d0c353"

var docs = filepath.Join("..", "..", "docs")

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	made, err := jsonschema.NewCompiler().Compile(filepath.Join(docs, "webhook.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func validate(schema *jsonschema.Schema, body []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return schema.Validate(document)
}

// The published examples are what is sent, and fit the published schema; there
// is one of each type that the schema knows.
func TestExamples(t *testing.T) {
	events := schema(t)
	for name, signal := range signals() {
		body, err := Body(notifier.NewSignal("automation", signal, at))
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(events, body); err != nil {
			t.Errorf("%s does not fit the schema: %v\n%s", name, err, body)
		}
		var shown bytes.Buffer
		if err := json.Indent(&shown, append(body, '\n'), "", "  "); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(docs, "webhook-examples", name+".json")
		if *update {
			if err := os.WriteFile(file, shown.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, shown.Bytes()) {
			t.Errorf("%s is not what is sent (%v): go test ./notifier/webhook -update", file, err)
		}
	}
	wantTypes(t, signals())
}

// wantTypes wants an example, and a row of the docs, for each type of the schema.
func wantTypes(t *testing.T, examples map[string]notifier.Signal) {
	t.Helper()
	var known struct {
		Properties struct{ Type struct{ Enum []string } }
	}
	data, err := os.ReadFile(filepath.Join(docs, "webhook.schema.json"))
	if err == nil {
		err = json.Unmarshal(data, &known)
	}
	text, unread := os.ReadFile(filepath.Join(docs, "webhooks.md"))
	if err != nil || unread != nil {
		t.Fatal(err, unread)
	}
	if len(known.Properties.Type.Enum) != len(examples) {
		t.Errorf("the schema has types %v, the examples %d", known.Properties.Type.Enum, len(examples))
	}
	for _, name := range known.Properties.Type.Enum {
		if _, is := examples[name]; !is || !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("type %s has no example, or is not in docs/webhooks.md", name)
		}
	}
}

// What is new in a body has to be in the schema first.
func TestSchemaRefuses(t *testing.T) {
	events := schema(t)
	body, err := Body(notifier.NewSignal("automation", signals()["fired"], at))
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct{ old, new string }{
		{`"type":"fired"`, `"type":"burnt"`},
		{`"amount":"4400.12"`, `"amount":4400.12`},
		{`"rule":"runaway",`, ``},
		{`"level":`, `"token":"x","level":`},
		{`"data":{`, `"data":{"alerts":[],`},
	} {
		changed := strings.Replace(string(body), change.old, change.new, 1)
		if changed == string(body) || validate(events, []byte(changed)) == nil {
			t.Errorf("%s for %s fits the schema", change.new, change.old)
		}
	}
}
