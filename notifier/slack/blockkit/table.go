package blockkit

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// blankCell stands in a cell without a text, which Slack refuses.
const blankCell = "–"

// aTable reports whether there may be one more table; if not it is left out.
func (m *mender) aTable(place string) bool {
	if m.on != InMessage {
		m.wrong("table", place, "not taken here")
		m.leave("table", 1)
		return false
	}
	if m.most("tables", place, m.tables+1, MaxTables) {
		m.leave("table", 1)
		return false
	}
	m.tables++
	return true
}

func (m *mender) table(place string, b slack.TableBlock) slack.Block {
	if len(b.Rows) == 0 {
		return m.empty("table", place)
	}
	if !m.aTable(place) {
		return nil
	}
	blank := slack.NewTableRawTextCell(blankCell)
	b.Rows = rows(m, place+".rows", b.Rows, MaxRows, cellText, slack.TableCell(blank))
	if len(b.Rows) == 0 {
		m.leave("table", 1)
		return nil
	}
	b.ColumnSettings = m.columns(place+".column_settings", b.ColumnSettings)
	b.BlockID = m.blockID(place, b.BlockID)
	return &b
}

// columns are settings with an alignment each: the library writes an empty one
// where there is none, which Slack does not know.
func (m *mender) columns(place string, all []slack.ColumnSetting) []slack.ColumnSetting {
	if m.most("column_settings", place, len(all), MaxColumns) {
		all = all[:MaxColumns]
	}
	var kept []slack.ColumnSetting
	for i, c := range all {
		switch c.Align {
		case slack.ColumnAlignmentLeft, slack.ColumnAlignmentCenter, slack.ColumnAlignmentRight:
		default:
			m.wrong("column alignment", at(place, i)+".align", "neither left nor center nor right")
			c.Align = slack.ColumnAlignmentLeft
		}
		kept = append(kept, c)
	}
	return kept
}

func (m *mender) dataTable(place string, b slack.DataTableBlock) slack.Block {
	if m.least("data table rows", place+".rows", len(b.Rows), 2) {
		return nil
	}
	if !m.aTable(place) {
		return nil
	}
	blank := slack.NewDataTableRawTextCell(blankCell)
	b.Rows = even(m, place+".rows", b.Rows, slack.DataTableCell(blank))
	b.Rows = rows(m, place+".rows", b.Rows, MaxDataRows, dataCellText, slack.DataTableCell(blank))
	if len(b.Rows) < 2 {
		m.leave("table", 1)
		return nil
	}
	if m.least("data table caption", place+".caption", len(b.Caption), 1) {
		b.Caption = ellipsis
	}
	if m.most("page_size", place+".page_size", b.PageSize, MaxPageSize) {
		b.PageSize = MaxPageSize
	}
	b.BlockID = m.blockID(place, b.BlockID)
	return &b
}

// rows are the rows of a table that there is room for, with a text in every
// cell.
func rows[C any](m *mender, place string, all [][]C, most int, text func(C) string, blank C) [][]C {
	if m.most("table rows", place, len(all), most) {
		m.leave("row", len(all)-most)
		all = all[:most]
	}
	var kept [][]C
	wide := 0
	for i, row := range all {
		if m.most("table columns", at(place, i), len(row), MaxColumns) {
			wide = max(wide, len(row)-MaxColumns)
			row = row[:MaxColumns]
		}
		if m.least("table columns", at(place, i), len(row), 1) {
			continue
		}
		row = filled(m, at(place, i), row, text, blank)
		chars := cellChars([][]C{row}, text)
		if m.most("characters in tables", at(place, i), m.cells+chars, MaxTableChars) {
			m.leave("row", len(all)-i)
			break
		}
		m.cells += chars
		kept = append(kept, row)
	}
	if wide > 0 {
		m.leave("column", wide)
	}
	return kept
}

func filled[C any](m *mender, place string, row []C, text func(C) string, blank C) []C {
	var cells []C
	for i, c := range row {
		if m.least("table cell", at(place, i), len(text(c)), 1) {
			c = blank
		}
		cells = append(cells, c)
	}
	return cells
}

// even gives all rows as many cells as the head has.
func even[C any](m *mender, place string, all [][]C, blank C) [][]C {
	var kept [][]C
	for i, row := range all {
		if len(row) != len(all[0]) {
			m.wrong("table columns", at(place, i), "not as many as in the head")
		}
		row = slices.Clone(row[:min(len(row), len(all[0]))])
		for len(row) < len(all[0]) {
			row = append(row, blank)
		}
		kept = append(kept, row)
	}
	return kept
}

// cellChars is how many characters the cells of a table have.
func cellChars[C any](rows [][]C, text func(C) string) int {
	n := 0
	for _, row := range rows {
		for _, c := range row {
			n += utf8.RuneCountInString(text(c))
		}
	}
	return n
}

// cellText is what a cell shows. Rich text is not looked into.
func cellText(c slack.TableCell) string {
	switch c := valueOf(c).(type) {
	case nil:
		return ""
	case slack.TableRawTextCell:
		return c.Text
	case slack.TableRawNumberCell:
		return number(c.Value, c.Text)
	}
	return opaque(c)
}

func dataCellText(c slack.DataTableCell) string {
	switch c := valueOf(c).(type) {
	case nil:
		return ""
	case slack.DataTableRawTextCell:
		return c.Text
	case slack.DataTableRawNumberCell:
		return number(c.Value, c.Text)
	}
	return opaque(c)
}

// number is what a number is shown as; "" for one that cannot be written.
func number(value float64, text string) string {
	switch {
	case math.IsNaN(value) || math.IsInf(value, 0):
		return ""
	case text != "":
		return text
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

// opaque is the JSON of what is not looked into; "" for what cannot be written.
func opaque(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
