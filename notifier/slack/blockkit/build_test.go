package blockkit

import (
	"strings"

	"github.com/slack-go/slack"
)

// long is a text of so many characters, of two bytes each.
func long(n int) string { return strings.Repeat("é", n) }

func plain(n int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, long(n), false, false)
}

func times[T any](n int, one func(i int) T) []T {
	var all []T
	for i := range n {
		all = append(all, one(i))
	}
	return all
}

func message(blocks ...slack.Block) Page { return Page{Text: "text", Blocks: blocks} }

func section(n int) slack.Block { return slack.NewSectionBlock(plain(n), nil, nil) }

func sections(n int) []slack.Block {
	return times(n, func(int) slack.Block { return section(1) })
}

func actions(all ...slack.BlockElement) slack.Block { return slack.NewActionBlock("", all...) }

// pressed is a button, changed.
func pressed(change func(*slack.ButtonBlockElement)) slack.Block {
	b := slack.NewButtonBlockElement("press", "value", plain(5))
	change(b)
	return actions(b)
}

// choices are options that differ.
func choices(n int) []*slack.OptionBlockObject {
	return times(n, func(i int) *slack.OptionBlockObject {
		return slack.NewOptionBlockObject(strings.Repeat("v", i+1), plain(5), nil)
	})
}

// offered is a menu of two options, the first changed.
func offered(change func(*slack.OptionBlockObject)) slack.Block {
	o := choices(2)
	change(o[0])
	return actions(slack.NewOverflowBlockElement("menu", o...))
}

// menu is a select menu of two options, changed.
func menu(change func(*slack.SelectBlockElement)) slack.Block {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(5), "menu", choices(2)...)
	change(e)
	return actions(e)
}

// asked is a button that asks first, changed.
func asked(change func(*slack.ConfirmationBlockObject)) slack.Block {
	c := slack.NewConfirmationBlockObject(plain(1), plain(1), plain(1), plain(1))
	change(c)
	return pressed(func(b *slack.ButtonBlockElement) { b.Confirm = c })
}

// typed is a field for a text, changed.
func typed(change func(*slack.InputBlock, *slack.PlainTextInputBlockElement)) slack.Block {
	e := slack.NewPlainTextInputBlockElement(plain(5), "typed")
	b := slack.NewInputBlock("field", plain(5), nil, e)
	change(b, e)
	return b
}

func table(rows, columns, chars int) *slack.TableBlock {
	b := slack.NewTableBlock("")
	b.ColumnSettings = times(min(columns, 20), func(int) slack.ColumnSetting { return slack.ColumnSetting{Align: slack.ColumnAlignmentLeft} })
	b.Rows = times(rows, func(int) []slack.TableCell {
		return times(columns, func(int) slack.TableCell { return slack.NewTableRawTextCell(long(chars)) })
	})
	return b
}

func dataTable(rows, columns, chars int) *slack.DataTableBlock {
	b := slack.NewDataTableBlock("caption")
	b.Rows = times(rows, func(int) []slack.DataTableCell {
		return times(columns, func(int) slack.DataTableCell { return slack.NewDataTableRawTextCell(long(chars)) })
	})
	return b
}

// name is a short text that no other number has.
func name(i int) string { return string(rune('A'+i/10)) + string(rune('0'+i%10)) }

// lines is a chart of series over points, changed.
func lines(series, points int, change func(*slack.DataVisualizationBlock, *slack.DataVisualizationLineChart)) slack.Block {
	c := slack.NewDataVisualizationLineChart(
		slack.NewDataVisualizationAxisConfig(times(points, name)...),
		times(series, func(i int) slack.DataVisualizationDataSeries {
			return slack.NewDataVisualizationDataSeries(name(i), times(points, func(k int) slack.DataVisualizationDataPoint {
				return slack.NewDataVisualizationDataPoint(name(k), float64(k))
			})...)
		})...)
	b := slack.NewDataVisualizationBlock("title", c)
	if change != nil {
		change(b, c)
	}
	return b
}

func pie(segments int, value float64) slack.Block {
	return slack.NewDataVisualizationBlock("title", slack.NewDataVisualizationPieChart(times(segments, func(int) slack.DataVisualizationSegment {
		return slack.NewDataVisualizationSegment("label", value)
	})...))
}
