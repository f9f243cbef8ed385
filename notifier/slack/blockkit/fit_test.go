package blockkit

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

func encoded(t testing.TB, p Page) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"text": p.Text, "blocks": p.Blocks})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestWhatNumbersDoNotSay is of what breaks a rule that is no number, or that is
// less than there must be.
func TestWhatNumbersDoNotSay(t *testing.T) {
	press := func(id string) slack.BlockElement { return slack.NewButtonBlockElement(id, "", plain(1)) }
	none := func(limit, place string, least int) Broken { return Broken{Limit: limit, Place: place, Least: least} }
	says := func(limit, place, why string) Broken { return Broken{Limit: limit, Place: place, Why: why} }
	alert := slack.NewAlertBlock(plain(1))
	unaligned := table(1, 1, 1)
	unaligned.ColumnSettings[0].Align = ""
	uneven := dataTable(2, 2, 1)
	uneven.Rows[1] = uneven.Rows[1][:1]
	uncaptioned := dataTable(2, 2, 1)
	uncaptioned.Caption = ""
	initial := menu(func(m *slack.SelectBlockElement) {
		m.InitialOption = slack.NewOptionBlockObject("other", plain(1), nil)
	})
	for name, tt := range map[string]struct {
		page Page
		want Broken
	}{
		"no text":                  {Page{Blocks: sections(1)}, none("text", "text", 1)},
		"a nil block":              {message((*slack.SectionBlock)(nil), section(1)), says("block", "blocks[0]", "there is none")},
		"an empty header":          {message(slack.NewHeaderBlock(plain(0)), section(1)), says("header", "blocks[0]", "it is empty")},
		"an empty section":         {message(section(0)), none("section text", "blocks[0].text", 1)},
		"a section of nothing":     {message(slack.NewSectionBlock(nil, nil, nil)), says("section", "blocks[0]", "it is empty")},
		"an empty context":         {message(slack.NewContextBlock("")), says("context", "blocks[0]", "it is empty")},
		"no actions":               {message(actions()), says("actions", "blocks[0]", "it is empty")},
		"block_id twice":           {message(slack.NewDividerBlock(), slack.NewActionBlock("a", press("1")), slack.NewActionBlock("a", press("1"))), says("block_id", "blocks[2].block_id", "another block has it")},
		"action_id twice":          {message(actions(press("1"), press("1"))), says("action_id", "blocks[0].elements[1].action_id", "another of its block has it")},
		"a menu of nothing":        {message(actions(slack.NewOverflowBlockElement("m"))), none("overflow options", "blocks[0].elements[0].options", 1)},
		"a choice that is not":     {message(initial), says("initial option", "blocks[0].elements[0].initial_option", "it is not offered")},
		"no text on a button":      {message(pressed(func(b *slack.ButtonBlockElement) { b.Text = nil })), none("button text", "blocks[0].elements[0].text", 1)},
		"a question without words": {message(asked(func(c *slack.ConfirmationBlockObject) { c.Text = plain(0) })), none("confirm text", "blocks[0].elements[0].confirm.text", 1)},
		"no alt text":              {message(slack.NewImageBlock("url", "", "", nil)), none("alt_text", "blocks[0].alt_text", 1)},
		"an alert in a message":    {message(alert), says("alert block", "blocks[0]", "not taken here")},
		"an alert in home":         {Page{On: InHome, Blocks: []slack.Block{alert}}, says("alert block", "blocks[0]", "not taken here")},
		"a table in a form":        {Page{On: InModal, Blocks: []slack.Block{table(1, 1, 1)}}, says("table", "blocks[0]", "not taken here")},
		"an empty cell":            {message(table(1, 1, 0)), none("table cell", "blocks[0].rows[0][0]", 1)},
		"an empty table":           {message(table(0, 0, 0)), says("table", "blocks[0]", "it is empty")},
		"a column without sides":   {message(unaligned), says("column alignment", "blocks[0].column_settings[0].align", "neither left nor center nor right")},
		"an uneven table":          {message(uneven), says("table columns", "blocks[0].rows[1]", "not as many as in the head")},
		"a head alone":             {message(dataTable(1, 1, 1)), Broken{Limit: "data table rows", Place: "blocks[0].rows", Got: 1, Least: 2}},
		"no caption":               {message(uncaptioned), none("data table caption", "blocks[0].caption", 1)},
		"a segment of nothing":     {message(pie(1, 0)), says("chart", "blocks[0]", "segment 0 value must be greater than 0")},
		"an endless segment":       {message(pie(1, math.Inf(1))), says("chart", "blocks[0]", "a value that cannot be written")},
	} {
		t.Run(name, func(t *testing.T) { checkBreaks(t, tt.page, []Broken{tt.want}) })
	}
	checkFits(t, Page{On: InModal, Blocks: []slack.Block{alert}})
}

// TestFitShowsWhatItCut reads what is left of pages that are too large.
func TestFitShowsWhatItCut(t *testing.T) {
	rows := table(120, 22, 1)
	for name, tt := range map[string]struct {
		page Page
		want []string // in its JSON
	}{
		"a text":     {message(section(3001)), []string{strings.Repeat("é", 2999) + `…"`}},
		"fields":     {message(slack.NewSectionBlock(nil, times(13, func(int) *slack.TextBlockObject { return plain(1) }), nil)), []string{"Left out, as Slack takes no more: 3 fields."}},
		"blocks":     {message(sections(60)...), []string{"Left out, as Slack takes no more: 11 blocks."}},
		"a table":    {message(rows), []string{"20 rows, 2 columns."}},
		"tables":     {message(table(1, 1, 1), table(1, 1, 1)), []string{"no more: 1 table."}},
		"a chart":    {message(lines(9, 25, nil)), []string{"3 series, 5 points.", `"label":"C4"`}},
		"cells":      {message(table(1, 1, 0)), []string{`"text":"–"`}},
		"a button":   {message(section(1), pressed(func(b *slack.ButtonBlockElement) { b.Value = long(2001) })), []string{"1 button or menu."}},
		"only words": {Page{Text: "Over budget", Blocks: []slack.Block{slack.NewAlertBlock(plain(1))}}, []string{`"text":"Over budget\nLeft out, as Slack takes no more: 1 block."`, `"blocks":null`}},
		"a question": {message(asked(func(c *slack.ConfirmationBlockObject) { c.Title = nil })), []string{`"title":{"type":"plain_text","text":"…"`}},
	} {
		t.Run(name, func(t *testing.T) {
			fitted, _ := Fit(tt.page)
			got := encoded(t, fitted)
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("got %.300s … %.300s, want %q in it", got, got[max(0, len(got)-300):], want)
				}
			}
		})
	}
}

// TestWhatPeopleActWithIsKept has a message say too much before its buttons.
func TestWhatPeopleActWithIsKept(t *testing.T) {
	blocks := append(sections(55), pressed(func(*slack.ButtonBlockElement) {}), section(2))
	fitted, _ := Fit(message(blocks...))
	last := fitted.Blocks[len(fitted.Blocks)-2]
	if len(fitted.Blocks) != MaxBlocks || last.BlockType() != slack.MBTAction {
		t.Errorf("got %d blocks that end with %s, want the buttons and the note", len(fitted.Blocks), last.BlockType())
	}
	fitted, _ = Fit(message(section(3000), section(3000), section(3000), section(3000), section(7), pressed(func(*slack.ButtonBlockElement) {})))
	if got := len(fitted.Blocks); got != 6 {
		t.Errorf("got %d blocks, want all but one and the note", got)
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		text  string
		limit int
		want  string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"ab cd", 4, "ab…"},
		{"ab&amp;cd", 5, "ab…"},
		{"ab&amp;cd", 7, "ab…"},
		{"ab&amp;cd", 8, "ab&amp;…"},
		{"R&D of", 4, "R&D…"},
		{"ask <@U012AB3CD> now", 10, "ask…"},
		{"ask <@U012AB3CD> now", 17, "ask <@U012AB3CD>…"},
		{"a < b and so on", 8, "a < b a…"},
		{"<https://example.com|x>", 9, "…"},
		{"```\nsome code\n```", 15, "```\nsome c…\n```"},
		{"é\xff\xfeab", 4, "é\ufffd\ufffd…"},
		{"ab", 1, "…"},
	} {
		got := cut(tt.text, tt.limit)
		if got != tt.want || utf8.RuneCountInString(got) > tt.limit {
			t.Errorf("%q to %d: got %q, want %q", tt.text, tt.limit, got, tt.want)
		}
	}
}

func TestViews(t *testing.T) {
	form := slack.ModalViewRequest{Title: plain(24), Submit: plain(24), Close: plain(24), PrivateMetadata: long(3000), CallbackID: long(255),
		ExternalID: long(255), Blocks: slack.Blocks{BlockSet: sections(100)}}
	if broken := CheckModal(form); len(broken) > 0 {
		t.Errorf("got %s, want nothing broken", Told(broken))
	}
	form.Title, form.Submit, form.Close = plain(25), plain(25), plain(25)
	form.Blocks.BlockSet = sections(101)
	fitted, broken, err := FitModal(form)
	if err != nil || len(broken) != 4 || len(CheckModal(fitted)) > 0 || len(form.Blocks.BlockSet) != 101 {
		t.Errorf("got %v, %s, and then %s", err, Told(broken), Told(CheckModal(fitted)))
	}
	form.PrivateMetadata += "x"
	if _, broken, err := FitModal(form); err == nil || len(broken) != 5 {
		t.Errorf("got %v, %s: what comes back with a form cannot be cut", err, Told(broken))
	}
	home := slack.HomeTabViewRequest{CallbackID: long(256), Blocks: slack.Blocks{BlockSet: sections(101)}}
	got, broken, err := FitHome(home)
	if err == nil || len(broken) != 2 || len(got.Blocks.BlockSet) != 100 || len(CheckHome(home)) != 2 {
		t.Errorf("got %v, %s", err, Told(broken))
	}
}

func TestTold(t *testing.T) {
	var broken []Broken
	for i := range 12 {
		broken = append(broken, Broken{Limit: "limit", Place: fmt.Sprint(i), Got: 2, Most: 1})
	}
	got := Told(broken)
	if !strings.HasPrefix(got, "limit at 0: 2, at most 1; limit at 1: ") || !strings.HasSuffix(got, "; and 2 more") {
		t.Errorf("got %q", got)
	}
}
