package slack

import (
	"strings"

	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/slack-go/slack"
)

// How much of something a person wants to read, in characters where nothing
// else is said. What Slack takes, which is more, is in package blockkit.
const (
	maxFields   = 6    // fields of a section
	maxElement  = 300  // of a field, or a line of the small print
	maxText     = 3000 // of what notifications say
	maxMetadata = 75   // of one value
	maxKey      = 200
)

func plainText(text string, limit int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, escape(withoutEmoji(text), limit), true, false)
}

// mrkdwn takes what is already escaped. Verbatim keeps Slack from making links
// of names that look like one.
func mrkdwn(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

func header(text string) slack.Block {
	return slack.NewHeaderBlock(plainText(text, blockkit.MaxHeader))
}

// lines is a section of plain lines; nil when there are none.
func lines(texts ...string) slack.Block {
	text := joinLines(texts)
	if text == "" {
		return nil
	}
	return slack.NewSectionBlock(plainText(text, blockkit.MaxSection), nil, nil)
}

// titled is a section with a bold first line above others.
func titled(title string, texts ...string) slack.Block {
	text := "*" + marked(title, 300) + "*"
	if below := joinLines(texts); below != "" {
		text += "\n" + marked(below, blockkit.MaxSection-400)
	}
	return slack.NewSectionBlock(mrkdwn(text), nil, nil)
}

// field is one of the short facts of a message, below its label.
func field(label, value string) *slack.TextBlockObject {
	return mrkdwn("*" + label + "*\n" + marked(value, maxElement))
}

// footer is the small print of a message.
func footer(texts ...string) slack.Block {
	var elements []slack.MixedElement
	for _, t := range texts {
		if t != "" && len(elements) < blockkit.MaxContext {
			elements = append(elements, plainText(t, maxElement))
		}
	}
	if len(elements) == 0 {
		return nil
	}
	return slack.NewContextBlock("", elements...)
}

func joinLines(texts []string) string {
	var said []string
	for _, t := range texts {
		if t != "" {
			said = append(said, t)
		}
	}
	return strings.Join(said, "\n")
}

// page collects blocks within the limits of one message.
type page struct {
	blocks []slack.Block
	chars  int
}

// The room kept on a page for its last words: what was left out, how far the
// data goes, and the Share button.
const (
	spareChars  = 700
	spareBlocks = 3
)

// add appends blocks that are not nil, whatever their size: for the parts that
// every message has.
func (p *page) add(blocks ...slack.Block) {
	for _, b := range blocks {
		if b != nil {
			p.blocks = append(p.blocks, b)
			p.chars += blockkit.Size(b)
		}
	}
}

// fits appends a block if there is room for it.
func (p *page) fits(b slack.Block) bool {
	if !p.room(b) {
		return false
	}
	p.add(b)
	return true
}

// room reports whether the page has room for the blocks and for its last
// words.
func (p *page) room(blocks ...slack.Block) bool {
	chars := p.chars
	for _, b := range blocks {
		chars += blockkit.Size(b)
	}
	return len(p.blocks)+len(blocks) <= blockkit.MaxBlocks-spareBlocks && chars <= blockkit.MaxChars-spareChars
}

// texts returns the text objects of a block, in reading order.
func texts(b slack.Block) []*slack.TextBlockObject {
	switch b := b.(type) {
	case *slack.HeaderBlock:
		return []*slack.TextBlockObject{b.Text}
	case *slack.SectionBlock:
		if b.Text == nil {
			return b.Fields
		}
		return append([]*slack.TextBlockObject{b.Text}, b.Fields...)
	case *slack.ContextBlock:
		var found []*slack.TextBlockObject
		for _, e := range b.ContextElements.Elements {
			if t, ok := e.(*slack.TextBlockObject); ok {
				found = append(found, t)
			}
		}
		return found
	}
	return nil
}
