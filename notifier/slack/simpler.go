package slack

import (
	"strings"

	"github.com/slack-go/slack"
)

// simplerForms are what to send when Slack refuses the layout of a message, in
// the order to try: without its chart, with its table as lines, without either,
// as far as it has them, as these are young in Block Kit; and as plain text. Only
// the last loses the buttons.
func simplerForms(m Message) []Message {
	chart, table := has(m, slack.MBTDataVisualization), has(m, slack.MBTTable)
	var forms []Message
	if chart {
		forms = append(forms, plainer(m, true, false))
	}
	if table {
		forms = append(forms, plainer(m, false, true))
	}
	if chart && table {
		forms = append(forms, plainer(m, true, true))
	}
	forms = append(forms, plainMessage(m))
	if len(forms[0].Blocks) == 0 {
		return forms[len(forms)-1:] // there was nothing but a chart
	}
	return forms
}

func has(m Message, kind slack.MessageBlockType) bool {
	for _, b := range m.Blocks {
		if b.BlockType() == kind {
			return true
		}
	}
	return false
}

// plainer is a message without its charts, or with its tables as lines.
func plainer(m Message, charts, tables bool) Message {
	var blocks []slack.Block
	for _, b := range m.Blocks {
		table, is := b.(*slack.TableBlock)
		switch {
		case charts && b.BlockType() == slack.MBTDataVisualization:
		case tables && is:
			blocks = append(blocks, asLines(tableTexts(table)))
		default:
			blocks = append(blocks, b)
		}
	}
	m.Blocks = blocks
	return m
}

// asLines is a table where there can be none, a line for each row.
func asLines(rows [][]string) slack.Block {
	var all []string
	for _, row := range rows {
		all = append(all, strings.Join(row, " · "))
	}
	return lines(all...)
}
