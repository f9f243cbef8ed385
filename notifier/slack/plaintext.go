package slack

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// PlainText is a message as a person reads it, for a terminal. It is made from
// the blocks, so that what is printed is what is posted; a message without
// blocks is its text. It ends without a line break.
func PlainText(m Message) string {
	if len(m.Blocks) == 0 {
		return readable(m.Text)
	}
	var out []string
	for _, b := range m.Blocks {
		if text := readBlock(b); text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, "\n")
}

// Headline is a message in one line, as a person reads it.
func Headline(m Message) string { return readable(m.Text) }

func readBlock(b slack.Block) string {
	switch b := b.(type) {
	case *slack.SectionBlock:
		var out []string
		if b.Text != nil {
			out = append(out, readText(b.Text))
		}
		for _, f := range b.Fields {
			out = append(out, strings.Replace(readText(f), "\n", ": ", 1))
		}
		return strings.Join(out, "\n")
	case *slack.TableBlock:
		return readTable(tableTexts(b))
	case *slack.ContextBlock:
		var out []string
		for _, t := range texts(b) {
			out = append(out, readText(t))
		}
		return strings.Join(out, " · ")
	}
	var out []string
	for _, t := range texts(b) {
		out = append(out, readText(t))
	}
	return strings.Join(out, "\n")
}

// readTable aligns a table: names to the left, numbers to the right.
func readTable(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var out []string
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line.WriteString(cell + space)
			} else {
				line.WriteString("  " + space + cell)
			}
		}
		out = append(out, line.String())
	}
	return strings.Join(out, "\n")
}

func readText(t *slack.TextBlockObject) string {
	if t.Type == slack.PlainTextType {
		return html.UnescapeString(strings.ReplaceAll(t.Text, string(colon), ":"))
	}
	return readable(t.Text)
}

var mentionCode = regexp.MustCompile(`<(?:@|!subteam\^)([A-Z0-9]+)>`)

// readable undoes what mrkdwn needs: our own bold, mentions, look-alikes and
// entities, in that order, so that nothing from data is taken for ours.
func readable(text string) string {
	text = strings.ReplaceAll(text, "*", "")
	text = mentionCode.ReplaceAllString(text, "@$1")
	text = strings.NewReplacer(
		string(asterisk), "*", string(tilde), "~", string(backtick), "`",
		string(underscore), "_", string(colon), ":",
	).Replace(text)
	return html.UnescapeString(text)
}
