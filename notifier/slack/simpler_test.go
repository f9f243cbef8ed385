package slack

import (
	"strings"
	"testing"

	"github.com/billbot/billbot/notifier"
	"github.com/slack-go/slack"
)

// TestRefusedTableBecomesLines has Slack refuse a table, and then the chart
// beside it as well.
func TestRefusedTableBecomesLines(t *testing.T) {
	t.Parallel() // the pace takes real seconds
	acting := alertWithTable(t)
	for name, tt := range map[string]struct {
		m     Message
		kinds []string // of young blocks, in each form
	}{
		"a table":           {acting, []string{"", "text"}},
		"a chart":           {Render(contents(t)["spike_chart"]), []string{"", "text"}},
		"both":              {Render(contents(t)["summary_day"]), []string{"table", "data_visualization", "", "text"}},
		"neither":           {Render(contents(t)["budget_over"]), []string{"text"}},
		"nothing but chart": {Message{Text: "x", Blocks: Render(contents(t)["spike_chart"]).Blocks[3:4]}, []string{"text"}},
	} {
		var got []string
		for _, form := range simplerForms(tt.m) {
			got = append(got, young(form))
		}
		if strings.Join(got, ",") != strings.Join(tt.kinds, ",") {
			t.Errorf("%s: got %q, want %q", name, got, tt.kinds)
		}
	}
	form := simplerForms(acting)[0]
	if !has(form, slack.MBTAction) || !strings.Contains(PlainText(form), "Workers Standard Requests · $9.10") {
		t.Errorf("got\n%s\nwant the buttons, and the table as lines", PlainText(form))
	}
	s, item := newServer(t, refuse("invalid_attachments")), contents(t)["close_first"]
	item.Channel = "#cloud-spend"
	checkOutcome(t, s.client(t).Send(t.Context(), item, nil), notifier.Sent, "")
	if r := s.requests(); len(r) != 2 || strings.Contains(r[1].Args.Get("blocks"), `"table"`) || !strings.Contains(r[1].Args.Get("blocks"), "D1 - Rows Read ·") {
		t.Errorf("got %v, want a second request with the table as lines", r)
	}
}

// alertWithTable is a message with buttons and a table.
func alertWithTable(t *testing.T) Message {
	m := Render(contents(t)["budget_over"])
	for _, b := range Render(contents(t)["close_first"]).Blocks {
		if b.BlockType() == slack.MBTTable {
			m.Blocks = append(m.Blocks, b)
		}
	}
	return m
}

// young names the blocks of a form that Slack may not know yet; "text" if it has
// no blocks.
func young(m Message) string {
	var kinds []string
	for _, kind := range []slack.MessageBlockType{slack.MBTTable, slack.MBTDataVisualization} {
		if has(m, kind) {
			kinds = append(kinds, string(kind))
		}
	}
	if len(m.Blocks) == 0 {
		return "text"
	}
	return strings.Join(kinds, " ")
}
