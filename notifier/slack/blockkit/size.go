package blockkit

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// chartChars is what a chart is counted as: more than its twenty points of six
// series have of titles and labels. Whether Slack counts the points is not known.
const chartChars = 600

// Size is how many characters a block is counted as, of the [MaxChars] that a
// message has: all that can be read in it.
func Size(b slack.Block) int {
	switch b := valueOf(b).(type) {
	case nil, slack.DividerBlock:
		return 0
	case slack.HeaderBlock:
		return length(b.Text)
	case slack.SectionBlock:
		n := length(b.Text)
		for _, f := range b.Fields {
			n += length(f)
		}
		return n + elementSize(accessory(b.Accessory))
	case slack.ContextBlock:
		return contextSize(b)
	case slack.ActionBlock:
		n := 0
		for _, e := range elements(b) {
			n += elementSize(e)
		}
		return n
	case slack.MarkdownBlock:
		return utf8.RuneCountInString(b.Text)
	case slack.TableBlock:
		return cellChars(b.Rows, cellText)
	case slack.DataTableBlock:
		return utf8.RuneCountInString(b.Caption) + cellChars(b.Rows, dataCellText)
	case slack.DataVisualizationBlock:
		return chartChars
	}
	return written(b)
}

func sizeOf(blocks []slack.Block) int {
	n := 0
	for _, b := range blocks {
		n += Size(b)
	}
	return n
}

func contextSize(b slack.ContextBlock) int {
	n := 0
	for _, e := range b.ContextElements.Elements {
		switch e := valueOf(e).(type) {
		case slack.TextBlockObject:
			n += length(&e)
		case slack.ImageBlockElement:
			n += utf8.RuneCountInString(e.AltText)
		}
	}
	return n
}

func elementSize(e slack.BlockElement) int {
	switch e := valueOf(e).(type) {
	case nil:
		return 0
	case slack.ButtonBlockElement:
		return length(e.Text)
	}
	return written(e)
}

func length(t *slack.TextBlockObject) int {
	if t == nil {
		return 0
	}
	return utf8.RuneCountInString(t.Text)
}

// written is how many characters something says that is not looked into: its
// texts, wherever they are. What cannot be written says more than there is room
// for.
func written(v any) int {
	text, err := json.Marshal(v)
	if err != nil {
		return MaxChars + 1
	}
	var read any
	if err := json.Unmarshal(text, &read); err != nil {
		return MaxChars + 1
	}
	return said(read)
}

func said(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			n += said(e)
		}
	case map[string]any:
		for key, e := range v {
			if text, is := e.(string); is && (key == "text" || key == "alt_text") {
				n += utf8.RuneCountInString(text)
			}
			n += said(e)
		}
	}
	return n
}
