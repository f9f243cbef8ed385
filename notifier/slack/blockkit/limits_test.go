package blockkit

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// limit is a limit of Slack's, and a block that has so much of it.
type limit struct {
	name, place string
	most        int
	of          func(n int) slack.Block
}

func textLimits() []limit {
	return []limit{
		{"header text", "blocks[0].text", 150, func(n int) slack.Block { return slack.NewHeaderBlock(plain(n)) }},
		{"section text", "blocks[0].text", 3000, section},
		{"section fields", "blocks[0].fields", 10, func(n int) slack.Block {
			return slack.NewSectionBlock(nil, times(n, func(int) *slack.TextBlockObject { return plain(1) }), nil)
		}},
		{"section field", "blocks[0].fields[0]", 2000, func(n int) slack.Block {
			return slack.NewSectionBlock(nil, []*slack.TextBlockObject{plain(n)}, nil)
		}},
		{"context elements", "blocks[0].elements", 10, func(n int) slack.Block {
			return slack.NewContextBlock("", times(n, func(int) slack.MixedElement { return plain(1) })...)
		}},
		{"context element", "blocks[0].elements[0]", 3000, func(n int) slack.Block { return slack.NewContextBlock("", plain(n)) }},
		{"block_id", "blocks[0].block_id", 255, func(n int) slack.Block { return &slack.DividerBlock{Type: slack.MBTDivider, BlockID: long(n)} }},
		{"image_url", "blocks[0].image_url", 3000, func(n int) slack.Block { return slack.NewImageBlock(long(n), "alt", "", nil) }},
		{"image_url", "blocks[0].elements[0].image_url", 3000, func(n int) slack.Block {
			return slack.NewContextBlock("", slack.NewImageBlockElement(long(n), "alt"))
		}},
		{"alt_text", "blocks[0].alt_text", 2000, func(n int) slack.Block { return slack.NewImageBlock("url", long(n), "", nil) }},
		{"image title", "blocks[0].title", 2000, func(n int) slack.Block { return slack.NewImageBlock("url", "alt", "", plain(n)) }},
		{"input label", "blocks[0].label", 2000, func(n int) slack.Block {
			return typed(func(b *slack.InputBlock, _ *slack.PlainTextInputBlockElement) { b.Label = plain(n) })
		}},
		{"input hint", "blocks[0].hint", 2000, func(n int) slack.Block {
			return typed(func(b *slack.InputBlock, _ *slack.PlainTextInputBlockElement) { b.Hint = plain(n) })
		}},
	}
}

func elementLimits() []limit {
	const e = "blocks[0].elements[0]."
	press := func(change func(*slack.ButtonBlockElement, int)) func(n int) slack.Block {
		return func(n int) slack.Block { return pressed(func(b *slack.ButtonBlockElement) { change(b, n) }) }
	}
	option := func(change func(*slack.OptionBlockObject, int)) func(n int) slack.Block {
		return func(n int) slack.Block { return offered(func(o *slack.OptionBlockObject) { change(o, n) }) }
	}
	ask := func(change func(*slack.ConfirmationBlockObject, int)) func(n int) slack.Block {
		return func(n int) slack.Block { return asked(func(c *slack.ConfirmationBlockObject) { change(c, n) }) }
	}
	chosen := func(change func(*slack.SelectBlockElement, int)) func(n int) slack.Block {
		return func(n int) slack.Block { return menu(func(m *slack.SelectBlockElement) { change(m, n) }) }
	}
	field := func(change func(*slack.PlainTextInputBlockElement, int)) func(n int) slack.Block {
		return func(n int) slack.Block {
			return typed(func(_ *slack.InputBlock, p *slack.PlainTextInputBlockElement) { change(p, n) })
		}
	}
	return []limit{
		{"actions elements", "blocks[0].elements", 25, func(n int) slack.Block {
			return actions(times(n, func(i int) slack.BlockElement { return slack.NewButtonBlockElement(name(i), "", plain(1)) })...)
		}},
		{"action_id", e + "action_id", 255, press(func(b *slack.ButtonBlockElement, n int) { b.ActionID = long(n) })},
		{"button text", e + "text", 75, press(func(b *slack.ButtonBlockElement, n int) { b.Text = plain(n) })},
		{"button value", e + "value", 2000, press(func(b *slack.ButtonBlockElement, n int) { b.Value = long(n) })},
		{"button url", e + "url", 3000, press(func(b *slack.ButtonBlockElement, n int) { b.URL = long(n) })},
		{"accessibility_label", e + "accessibility_label", 75, press(func(b *slack.ButtonBlockElement, n int) { b.AccessibilityLabel = long(n) })},
		{"confirm title", e + "confirm.title", 100, ask(func(c *slack.ConfirmationBlockObject, n int) { c.Title = plain(n) })},
		{"confirm text", e + "confirm.text", 300, ask(func(c *slack.ConfirmationBlockObject, n int) { c.Text = plain(n) })},
		{"confirm button", e + "confirm.confirm", 30, ask(func(c *slack.ConfirmationBlockObject, n int) { c.Confirm = plain(n) })},
		{"deny button", e + "confirm.deny", 30, ask(func(c *slack.ConfirmationBlockObject, n int) { c.Deny = plain(n) })},
		{"option text", e + "options[0].text", 75, option(func(o *slack.OptionBlockObject, n int) { o.Text = plain(n) })},
		{"option description", e + "options[0].description", 75, option(func(o *slack.OptionBlockObject, n int) { o.Description = plain(n) })},
		{"option value", e + "options[0].value", 150, option(func(o *slack.OptionBlockObject, n int) { o.Value = long(n) })},
		{"option url", e + "options[0].url", 3000, option(func(o *slack.OptionBlockObject, n int) { o.URL = long(n) })},
		{"overflow options", e + "options", 5, func(n int) slack.Block { return actions(slack.NewOverflowBlockElement("m", choices(n)...)) }},
		{"checkboxes", e + "options", 10, func(n int) slack.Block { return actions(slack.NewCheckboxGroupsBlockElement("m", choices(n)...)) }},
		{"radio buttons", e + "options", 10, func(n int) slack.Block { return actions(slack.NewRadioButtonsBlockElement("m", choices(n)...)) }},
		{"select options", e + "options", 100, chosen(func(m *slack.SelectBlockElement, n int) { m.Options = choices(n) })},
		{"select options", e + "options", 100, func(n int) slack.Block {
			return actions(slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, nil, "m", choices(n)...))
		}},
		{"option groups", e + "option_groups", 100, chosen(func(m *slack.SelectBlockElement, n int) {
			m.Options, m.OptionGroups = nil, times(n, func(int) *slack.OptionGroupBlockObject {
				return slack.NewOptionGroupBlockElement(plain(5), choices(1)...)
			})
		})},
		{"group options", e + "option_groups[0].options", 100, chosen(func(m *slack.SelectBlockElement, n int) {
			m.Options, m.OptionGroups = nil, []*slack.OptionGroupBlockObject{slack.NewOptionGroupBlockElement(plain(5), choices(n)...)}
		})},
		{"option group label", e + "option_groups[0].label", 75, chosen(func(m *slack.SelectBlockElement, n int) {
			m.Options, m.OptionGroups = nil, []*slack.OptionGroupBlockObject{slack.NewOptionGroupBlockElement(plain(n), choices(1)...)}
		})},
		{"placeholder", e + "placeholder", 150, chosen(func(m *slack.SelectBlockElement, n int) { m.Placeholder = plain(n) })},
		{"placeholder", "blocks[0].element.placeholder", 150, field(func(p *slack.PlainTextInputBlockElement, n int) { p.Placeholder = plain(n) })},
		{"max_length", "blocks[0].element.max_length", 3000, field(func(p *slack.PlainTextInputBlockElement, n int) { p.MaxLength = n })},
		{"min_length", "blocks[0].element.min_length", 3000, field(func(p *slack.PlainTextInputBlockElement, n int) { p.MinLength = n })},
		{"initial_value", "blocks[0].element.initial_value", 9, field(func(p *slack.PlainTextInputBlockElement, n int) { p.MaxLength, p.InitialValue = 9, long(n) })},
		{"max_files", "blocks[0].element.max_files", 10, func(n int) slack.Block {
			return slack.NewInputBlock("f", plain(1), nil, slack.NewFileInputBlockElement("f").WithMaxFiles(n))
		}},
	}
}

func figureLimits() []limit {
	const c = "blocks[0].chart."
	line := func(change func(*slack.DataVisualizationBlock, *slack.DataVisualizationLineChart, int)) func(n int) slack.Block {
		return func(n int) slack.Block {
			return lines(1, 1, func(b *slack.DataVisualizationBlock, l *slack.DataVisualizationLineChart) { change(b, l, n) })
		}
	}
	return []limit{
		{"table rows", "blocks[0].rows", 100, func(n int) slack.Block { return table(n, 2, 1) }},
		{"table columns", "blocks[0].rows[0]", 20, func(n int) slack.Block { return table(1, n, 1) }},
		{"characters in tables", "blocks[0].rows[0]", 10000, func(n int) slack.Block { return table(1, 1, n) }},
		{"column_settings", "blocks[0].column_settings", 20, func(n int) slack.Block {
			b := table(1, 1, 1)
			b.ColumnSettings = times(n, func(int) slack.ColumnSetting { return slack.ColumnSetting{Align: slack.ColumnAlignmentRight} })
			return b
		}},
		{"table rows", "blocks[0].rows", 101, func(n int) slack.Block { return dataTable(n, 2, 1) }},
		{"characters in tables", "blocks[0].rows[1]", 10000, func(n int) slack.Block {
			b := dataTable(2, 1, 1)
			b.Rows[1][0] = slack.NewDataTableRawTextCell(long(n - 1))
			return b
		}},
		{"page_size", "blocks[0].page_size", 100, func(n int) slack.Block {
			b := dataTable(2, 2, 1)
			b.PageSize = n
			return b
		}},
		{"chart title", "blocks[0].title", 50, line(func(b *slack.DataVisualizationBlock, _ *slack.DataVisualizationLineChart, n int) { b.Title = long(n) })},
		{"chart series", c + "series", 6, func(n int) slack.Block { return lines(n, 3, nil) }},
		{"chart label", c + "series[0].name", 20, line(func(_ *slack.DataVisualizationBlock, l *slack.DataVisualizationLineChart, n int) {
			l.Series[0].Name = long(n)
		})},
		{"axis label", c + "axis_config.x_label", 50, line(func(_ *slack.DataVisualizationBlock, l *slack.DataVisualizationLineChart, n int) {
			l.AxisConfig.XLabel = long(n)
		})},
		{"axis label", c + "axis_config.y_label", 50, line(func(_ *slack.DataVisualizationBlock, l *slack.DataVisualizationLineChart, n int) {
			l.AxisConfig.YLabel = long(n)
		})},
		{"chart segments", c + "segments", 6, func(n int) slack.Block { return pie(n, 1) }},
	}
}

// TestLimitsOfBlocks has a block keep each limit to the last character, and then
// break that one alone by one more.
func TestLimitsOfBlocks(t *testing.T) {
	for _, all := range [][]limit{textLimits(), elementLimits(), figureLimits()} {
		for _, l := range all {
			t.Run(l.name+" at "+l.place, func(t *testing.T) {
				checkFits(t, message(l.of(l.most)))
				want := []Broken{{Limit: l.name, Place: l.place, Got: l.most + 1, Most: l.most}}
				checkBreaks(t, message(l.of(l.most+1)), want)
			})
		}
	}
}

func TestLimitsOfPages(t *testing.T) {
	for _, l := range []struct {
		name, place string
		got, most   int
		of          func(n int) Page
	}{
		{"blocks", "blocks", 51, 50, func(n int) Page { return message(sections(n)...) }},
		{"blocks", "blocks", 101, 100, func(n int) Page { return Page{On: InHome, Blocks: sections(n)} }},
		{"blocks", "blocks", 101, 100, func(n int) Page { return Page{On: InModal, Blocks: sections(n)} }},
		{"text", "text", 40001, 40000, func(n int) Page { return Page{Text: long(n)} }},
		{"characters in all", "blocks", 11001, 11000, func(n int) Page {
			return message(section(3000), section(3000), section(3000), section(n-9000))
		}},
		{"charts", "blocks[2]", 3, 2, func(n int) Page {
			return message(times(n, func(int) slack.Block { return pie(2, 1) })...)
		}},
		{"tables", "blocks[1]", 2, 1, func(n int) Page {
			return message(times(n, func(int) slack.Block { return table(2, 2, 2) })...)
		}},
	} {
		t.Run(l.name, func(t *testing.T) {
			checkFits(t, l.of(l.most))
			checkBreaks(t, l.of(l.got), []Broken{{Limit: l.name, Place: l.place, Got: l.got, Most: l.most}})
		})
	}
}

// checkFits wants a page to break nothing, and to be left as it is.
func checkFits(t *testing.T, p Page) {
	t.Helper()
	if broken := Check(p); len(broken) > 0 {
		t.Errorf("got %s, want nothing broken", Told(broken))
	}
	fitted, broken := Fit(p)
	if diff := cmp.Diff(encoded(t, p), encoded(t, fitted)); diff != "" || len(broken) > 0 {
		t.Errorf("changed what fits, by %v:\n%s", broken, diff)
	}
}

// checkBreaks wants a page to break limits, and to keep all of them when it was
// made to fit.
func checkBreaks(t *testing.T, p Page, want []Broken) {
	t.Helper()
	if diff := cmp.Diff(want, Check(p)); diff != "" {
		t.Errorf("broken (-want +got):\n%s", diff)
	}
	fitted, broken := Fit(p)
	if diff := cmp.Diff(want, broken); diff != "" {
		t.Errorf("mended (-want +got):\n%s", diff)
	}
	if left := Check(fitted); len(left) > 0 {
		t.Errorf("still broken: %s", Told(left))
	}
}
