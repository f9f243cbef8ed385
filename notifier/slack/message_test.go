package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMessagesAreAsReadAloud(t *testing.T) {
	messages := map[string]Message{}
	for name, item := range contents(t) {
		messages[name] = Render(item)
	}
	maps.Copy(messages, answers(t))
	messages["spend"] = RenderSpend(spends(t))
	messages["spend_several"] = RenderSpend(append(spends(t), report.Spend{Account: "new"}, spends(t)[0]))
	messages["spend_failed"] = RenderSpend(spendsOf(t, failedSpend))
	messages["spend_stale"] = RenderSpend(spendsOf(t, func(s *report.Spend) { s.Stale = true }))
	messages["spend_zero"] = RenderSpend(spendsOf(t, zeroSpend))
	messages["spend_ended"] = RenderSpend(spendsOf(t, endedSpend))
	messages["spend_none"] = RenderSpend(nil)
	for _, name := range slices.Sorted(maps.Keys(messages)) {
		t.Run(name, func(t *testing.T) {
			m := messages[name]
			checkLimits(t, m)
			checkGolden(t, filepath.Join("testdata", name+".json"), indented(t, m))
			checkGolden(t, filepath.Join("testdata", name+".txt"), []byte(PlainText(m)+"\n"))
		})
	}
}

func indented(t *testing.T, m Message) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(map[string]any{"text": m.Text, "blocks": m.Blocks, "metadata": m.Metadata}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func checkGolden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); -update writes it anew:\n%s", path, diff)
	}
}

// checkLimits holds a message against what Slack takes, and what we want to say.
func checkLimits(t rapid.TB, m Message) {
	t.Helper()
	if broken := blockkit.Check(blockkit.Page{Text: m.Text, Blocks: m.Blocks}); len(broken) > 0 {
		t.Errorf("%s: in a message that begins with %.300q", blockkit.Told(broken), m.Text)
	}
	if n := utf8.RuneCountInString(m.Text); n > maxText || !utf8.ValidString(m.Text) {
		t.Errorf("the text has %d characters, want at most %d of UTF-8: %.60q", n, maxText, m.Text)
	}
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			if len(b.Fields) > maxFields {
				t.Errorf("%d fields, want at most %d", len(b.Fields), maxFields)
			}
		case *slack.TableBlock:
			checkTable(t, b)
		case *slack.HeaderBlock, *slack.ContextBlock, *slack.ActionBlock, *slack.DataVisualizationBlock:
		default:
			t.Errorf("block %T is not one of ours", b)
		}
		for _, text := range texts(b) {
			if !utf8.ValidString(text.Text) {
				t.Errorf("not UTF-8: %q", text.Text)
			}
		}
	}
	if meta, err := json.Marshal(m.Metadata); err != nil || len(meta) > 4096 {
		t.Errorf("metadata has %d bytes (%v), want at most 4096", len(meta), err)
	}
}

func chartsOf(m Message) int {
	n := 0
	for _, b := range m.Blocks {
		if b.BlockType() == slack.MBTDataVisualization {
			n++
		}
	}
	return n
}

// checkTable wants a table to have a head, and as many cells in every row.
func checkTable(t rapid.TB, b *slack.TableBlock) {
	t.Helper()
	rows := tableTexts(b)
	if len(rows) < 2 || len(b.ColumnSettings) != len(rows[0]) {
		t.Errorf("got %d rows with %d settings", len(rows), len(b.ColumnSettings))
	}
	for _, row := range rows {
		if len(row) != len(rows[0]) || strings.ContainsAny(strings.Join(row, ""), "\u202e\u200b\x07\n") {
			t.Errorf("bad cells in %q", row)
		}
	}
}

// checkHarmless is the oracle for what data may do: nothing.
func checkHarmless(t testing.TB, m Message, allowed ...string) {
	t.Helper()
	all := []*slack.TextBlockObject{{Type: slack.MarkdownType, Text: m.Text}}
	for _, b := range m.Blocks {
		all = append(all, texts(b)...)
	}
	for _, text := range all {
		rest := text.Text
		if text.Type == slack.MarkdownType {
			for _, mention := range allowed {
				rest = strings.ReplaceAll(rest, mention, "")
			}
			if strings.ContainsAny(rest, "~`") || strings.Count(rest, "*") > 2 {
				t.Errorf("formatting from data: %q", text.Text)
			}
		}
		if strings.ContainsAny(rest, "<>") {
			t.Errorf("unescaped from data: %q", text.Text)
		}
		for _, entity := range []string{"&amp;", "&lt;", "&gt;"} {
			rest = strings.ReplaceAll(rest, entity, "")
		}
		if strings.Contains(rest, "&") {
			t.Errorf("half an entity: %q", text.Text)
		}
		if strings.ContainsAny(rest, "\u202e\u200b\x07\x1b") {
			t.Errorf("invisible characters: %q", text.Text)
		}
	}
}

func TestOnlyTheRulesFileMentions(t *testing.T) {
	m := Render(contents(t)["hostile_names"])
	checkHarmless(t, m, "<@U012AB3CD>")
	if got := strings.Count(string(indented(t, m)), "<@U012AB3CD>"); got != 1 {
		t.Errorf("got %d mentions, want the configured one once", got)
	}
	resolved := Render(contents(t)["spike_resolved"])
	if strings.Contains(string(indented(t, resolved)), "subteam") {
		t.Error("a resolved alert calls people")
	}
}

func FuzzRender(f *testing.F) {
	f.Add(hostile, "rows", "USD", "41.2", true)
	f.Add(strings.Repeat("&", 9000), strings.Repeat("<", 300), "€€", "1e30", false)
	f.Add("\xff\xfe", "Count", "", "-0.0000001", true)
	f.Add("a:100:b _x_ *", "", "CHF", "1e-4000", false)
	f.Fuzz(func(t *testing.T, name, unit, currency, number string, spike bool) {
		amount, err := fuzzAmount(number)
		if err != nil {
			t.Skip()
		}
		a := budgetAlert(t)
		if spike {
			a = spikeAlert(t)
		}
		a.ID, a.Finding.Rule, a.Finding.Currency = name, name, currency
		a.Finding.Subject = rules.Subject{Account: name, Service: name, Zone: name}
		a.Finding.Amount, a.Finding.Projected, a.Finding.Usual = amount, amount, amount.Neg()
		a.Finding.Causes = []rules.Cause{{Service: name, Amount: amount, Quantity: amount, UsualQuantity: dec("3"), Unit: unit}}
		a.AcknowledgedBy, a.SnoozedBy, a.SnoozedUntil = name, name, pressedAt
		a.Expected = &rules.Expectation{Reason: name, By: name, Until: a.Day}
		deed := &rules.Deed{By: name, Reason: name, Type: rules.Snoozed}
		for _, event := range []rules.EventType{rules.Fired, rules.Recovered, rules.Snoozed} {
			history := notifier.Content{Alert: &a, Event: event}
			if event == rules.Snoozed {
				history.Deed = deed
			}
			m := Render(notifier.Item{Key: name, Reply: true, Content: history})
			checkLimits(t, m)
			if !slackID.MatchString(name) {
				checkHarmless(t, m)
			}
			history.Storm, history.Alert = slices.Repeat([]rules.Alert{a}, 130), nil
			checkLimits(t, Render(notifier.Item{Key: name, Reply: true, Content: history}))
		}
		for _, reply := range []bool{false, true} {
			m := Render(notifier.Item{Key: name, Reply: reply, Content: notifier.Content{Alert: &a, Mention: []string{name, "S0123ABCD"}}})
			checkLimits(t, m)
			if !slackID.MatchString(name) {
				checkHarmless(t, m, "<!subteam^S0123ABCD>")
			}
			storm := Render(notifier.Item{Key: name, Reply: reply, Content: notifier.Content{Storm: slices.Repeat([]rules.Alert{a}, 130)}})
			checkLimits(t, storm)
			checkLimits(t, Render(digestOf(name, slices.Repeat([]notifier.Content{{Alert: &a, Mention: []string{name}}}, 400)...)))
			if !slackID.MatchString(name) {
				checkHarmless(t, storm)
			}
		}
		for _, doubt := range []rules.Alert{staleAlert(t), mismatchAlert(t), unmatchedAlert(t)} {
			doubt.Finding.Subject.Account = name
			switch {
			case doubt.Finding.Dark != nil:
				doubt.Finding.Dark.Reason, doubt.Finding.Dark.Fault = name, fetcher.Fault(name)
			case doubt.Finding.Unmatched != nil:
				doubt.Finding.Rule, doubt.Finding.Unmatched.Wanted, doubt.Finding.Unmatched.Near = name, []string{name}, []string{name}
			default:
				doubt.Finding.Mismatch.Columns = []string{name}
				doubt.Finding.Mismatch.Sums[0].Service, doubt.Finding.Mismatch.Sums[0].Told = name, amount
			}
			m := Render(notifier.Item{Key: name, Content: notifier.Content{Alert: &doubt}})
			checkLimits(t, m)
			checkHarmless(t, m)
		}
		s := summary(t)
		s.Accounts[1].Account, s.Accounts[1].Movers[0] = name, report.Mover{Service: name, Cost: amount}
		s.Accounts[2].Trust = fetcher.Trust{Verdict: fetcher.Untrusted, Reason: name}
		s.Accounts[0].Quiet, s.Accounts[0].Failure, s.Accounts[0].Open = false, name, []report.OpenAlert{{ID: name, Text: name}}
		m := Render(notifier.Item{Key: name, Content: notifier.Content{Summary: s}})
		checkLimits(t, m)
		checkHarmless(t, m)
		chart := &report.Chart{Of: name, Unit: unit, Each: 1, Layered: spike, Days: fetcher.Period{Start: 1, End: 2},
			Series: []report.Series{{Name: name, Points: []decimal.Decimal{amount, amount.Neg()}}, {Name: name, Points: []decimal.Decimal{amount, amount}}}}
		table := &report.SpanTable{Currency: currency, More: 3, Parts: slices.Repeat([]report.TablePart{{Name: name, Cost: amount, Usual: amount}}, 5)}
		shut := report.Close{Account: name, Currency: currency, Total: amount, Before: &amount, Breakdown: table, Chart: chart, Alerts: 3,
			Foretold: []report.Foretold{{Day: 5, Total: amount.Neg(), Hi: amount}}, Open: s.Accounts[0].Open}
		s.Accounts, s.Breakdown, s.Chart = s.Accounts[:1], table, chart
		for _, c := range []notifier.Content{{Closes: []report.Close{shut, shut}}, {Summary: s}, {Alert: &a, Chart: chart}} {
			m := Render(notifier.Item{Key: name, Content: c})
			checkLimits(t, m)
			checkHarmless(t, m)
		}
		w := Render(notifier.Item{Key: name, Content: notifier.Content{Welcome: &report.Welcome{Account: name, Rules: []string{name, name},
			Passed: []report.OpenAlert{{Text: name}}}}})
		checkLimits(t, w)
		checkHarmless(t, w)
		spent := RenderSpend(spendsOf(t, func(s *report.Spend) { s.Account, s.Failure, s.Total, s.Services[0].Service = name, name, amount, name }))
		checkLimits(t, spent)
		checkHarmless(t, spent)
	})
}
