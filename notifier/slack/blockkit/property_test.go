package blockkit

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"
)

// lengths are those around the limits, and far above.
var lengths = rapid.SampledFrom([]int{0, 1, 5, 20, 21, 29, 30, 31, 75, 76, 150, 151, 255, 256, 300, 301, 1999, 2001, 2999, 3000, 3001, 9000, 13000})

// counts are how many there are of something.
var counts = rapid.SampledFrom([]int{0, 1, 2, 3, 6, 7, 10, 11, 20, 21, 25, 26, 49, 50, 51, 101})

func words(t *rapid.T) string { return repeated(t, lengths.Draw(t, "length")) }

// short is a text for where there are many.
func short(t *rapid.T) string {
	return repeated(t, rapid.SampledFrom([]int{0, 1, 30, 300}).Draw(t, "length"))
}

func repeated(t *rapid.T, n int) string {
	unit := rapid.SampledFrom([]string{"a", "é", "&amp;", "<@U012AB3CD> ", "```\n", "< ", "x\n", "\U0001F525", "\xff", "*b* "}).Draw(t, "unit")
	return strings.Repeat(unit, n/len(unit)+min(n, 1)) + strings.Repeat("z", n%len(unit))
}

func textOf(t *rapid.T) *slack.TextBlockObject {
	kind := rapid.SampledFrom([]string{"", slack.PlainTextType, slack.MarkdownType}).Draw(t, "kind")
	if kind == "" {
		return nil
	}
	return slack.NewTextBlockObject(kind, words(t), false, false)
}

func several[T any](t *rapid.T, one func(*rapid.T) T) []T {
	what := one(t) // one of each would be slow to draw, and is no harder
	all := times(counts.Draw(t, "count"), func(int) T { return what })
	if rapid.Bool().Draw(t, "another") {
		all = append(all, one(t))
	}
	return all
}

func optionOf(t *rapid.T) *slack.OptionBlockObject {
	text := slack.NewTextBlockObject(slack.PlainTextType, short(t), false, false)
	return slack.NewOptionBlockObject(short(t), text, text)
}

func elementOf(t *rapid.T) slack.BlockElement {
	id := rapid.SampledFrom([]string{"", "a", "b", long(256)}).Draw(t, "action")
	switch rapid.IntRange(0, 8).Draw(t, "element") {
	case 0:
		b := slack.NewButtonBlockElement(id, words(t), textOf(t))
		b.URL, b.Confirm = words(t), slack.NewConfirmationBlockObject(textOf(t), textOf(t), textOf(t), textOf(t))
		return b
	case 1:
		return slack.NewOverflowBlockElement(id, several(t, optionOf)...)
	case 2:
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, textOf(t), id, several(t, optionOf)...)
		e.InitialOption = optionOf(t)
		return e
	case 3:
		e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeExternal, textOf(t), id)
		e.OptionGroups = []*slack.OptionGroupBlockObject{nil, slack.NewOptionGroupBlockElement(textOf(t), several(t, optionOf)...)}
		return e
	case 4:
		e := slack.NewPlainTextInputBlockElement(textOf(t), id)
		e.MaxLength, e.MinLength, e.InitialValue = lengths.Draw(t, "max"), lengths.Draw(t, "min"), words(t)
		return e
	case 5:
		return slack.NewRadioButtonsBlockElement(id, several(t, optionOf)...)
	case 6:
		return slack.NewImageBlockElement(words(t), words(t))
	case 7:
		return slack.NewDatePickerBlockElement(id)
	}
	return (*slack.ButtonBlockElement)(nil)
}

func tableCell(t *rapid.T) slack.TableCell {
	switch rapid.IntRange(0, 3).Draw(t, "cell") {
	case 0:
		return nil
	case 1:
		return slack.NewTableRawNumberCell(rapid.Float64().Draw(t, "number"))
	case 2:
		return slack.NewTableRichTextCell(slack.NewRichTextSection(slack.NewRichTextSectionTextElement(short(t), nil)))
	}
	return slack.NewTableRawTextCell(short(t))
}

func blockOf(t *rapid.T) slack.Block {
	id := rapid.SampledFrom([]string{"", "", "", "a", "b", long(256)}).Draw(t, "block")
	switch rapid.IntRange(0, 13).Draw(t, "kind") {
	case 0:
		return slack.NewHeaderBlock(textOf(t), slack.HeaderBlockOptionBlockID(id))
	case 1:
		return slack.NewSectionBlock(textOf(t), several(t, textOf), slack.NewAccessory(slack.NewImageBlockElement(words(t), words(t))))
	case 2:
		return slack.NewContextBlock(id, several(t, func(t *rapid.T) slack.MixedElement { return textOf(t) })...)
	case 3:
		return slack.NewActionBlock(id, several(t, elementOf)...)
	case 4:
		return slack.NewInputBlock(id, textOf(t), textOf(t), elementOf(t))
	case 5:
		return slack.NewImageBlock(words(t), words(t), id, textOf(t))
	case 6:
		return slack.NewMarkdownBlock(id, words(t))
	case 7:
		b := slack.NewTableBlock(id)
		b.Rows = several(t, func(t *rapid.T) []slack.TableCell { return several(t, tableCell) })
		b.ColumnSettings = several(t, func(*rapid.T) slack.ColumnSetting { return slack.ColumnSetting{} })
		return b
	case 8:
		b := slack.NewDataTableBlock(words(t))
		b.Rows = several(t, func(t *rapid.T) []slack.DataTableCell {
			return several(t, func(t *rapid.T) slack.DataTableCell { return slack.NewDataTableRawTextCell(short(t)) })
		})
		return b
	case 9:
		return lines(counts.Draw(t, "series"), counts.Draw(t, "points"), func(b *slack.DataVisualizationBlock, c *slack.DataVisualizationLineChart) {
			b.Title, c.AxisConfig.XLabel = words(t), words(t)
		})
	case 10:
		return pie(counts.Draw(t, "segments"), rapid.Float64().Draw(t, "value"))
	case 11:
		return slack.NewRichTextBlock(id, slack.NewRichTextSection(slack.NewRichTextSectionTextElement(words(t), nil)))
	case 12:
		return slack.NewAlertBlock(textOf(t))
	}
	return nil
}

// pageOf is any page: some are as they should be, most are not.
func pageOf(t *rapid.T) Page {
	p := Page{On: rapid.SampledFrom([]Surface{InMessage, InHome, InModal}).Draw(t, "surface"), Text: words(t)}
	for range rapid.IntRange(0, 6).Draw(t, "blocks") {
		b := blockOf(t)
		times := counts.Draw(t, "times")
		if text, err := json.Marshal(b); err != nil || len(text) > 20000 {
			times = min(times, 3) // or there would be a gigabyte
		}
		p.Blocks = append(p.Blocks, slices.Repeat([]slack.Block{b}, times)...)
	}
	return p
}

// TestWhateverIsGivenFits is the promise of [Fit]: what comes out keeps all
// limits, can be written, and is left as it is when it comes again.
func TestWhateverIsGivenFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pageOf(t)
		checkMended(t, p)
	})
}

// checkMended makes a page fit, and again.
func checkMended(t rapid.TB, p Page) {
	t.Helper()
	before, readable := json.Marshal(p.Blocks)
	fitted, broken := Fit(p)
	if left := Check(fitted); len(left) > 0 {
		t.Fatalf("still broken: %s, after %s", Told(left), Told(broken))
	}
	once, err := json.Marshal(fitted)
	if err != nil {
		t.Fatalf("what fits cannot be written: %v", err)
	}
	again, _ := Fit(fitted)
	if twice, _ := json.Marshal(again); string(once) != string(twice) {
		t.Fatalf("fits otherwise the second time:\n%s\n%s", once, twice)
	}
	if after, _ := json.Marshal(p.Blocks); readable == nil && string(before) != string(after) {
		t.Fatalf("the page that was given was changed, from\n%s\nto\n%s", before, after)
	}
	if len(broken) == 0 && len(p.Blocks) > 0 && &p.Blocks[0] != &fitted.Blocks[0] {
		t.Fatal("what fits is not returned as it is")
	}
}

// FuzzFit makes fit what others wrote.
func FuzzFit(f *testing.F) {
	f.Add(0, `[{"type":"header","text":{"type":"plain_text","text":"x"}},{"type":"divider"},{"type":"section","fields":[null,{"type":"mrkdwn","text":"&amp;"}]}]`)
	f.Add(0, `[{"type":"table","rows":[[{"type":"raw_text","text":""},null,{"type":"raw_number","value":1}],[]],"column_settings":[{"align":""}]}]`)
	f.Add(1, `[{"type":"actions","block_id":"a","elements":[{"type":"button","text":null},{"type":"overflow","options":[null]}]},{"type":"actions","block_id":"a"}]`)
	f.Add(2, `[{"type":"input","label":{"type":"plain_text","text":"x"},"element":{"type":"plain_text_input","min_length":-1,"max_length":9999}},{"type":"new","x":1}]`)
	f.Add(0, `[{"type":"data_visualization","title":"t","chart":{"type":"pie","segments":[{"label":"a","value":0}]}},{"type":"alert"},{"type":"rich_text"}]`)
	f.Fuzz(func(t *testing.T, surface int, text string) {
		var blocks slack.Blocks
		if json.Unmarshal([]byte(text), &blocks) != nil {
			return
		}
		checkMended(t, Page{On: Surface(surface & 3 % 3), Text: text, Blocks: blocks.BlockSet})
	})
}
