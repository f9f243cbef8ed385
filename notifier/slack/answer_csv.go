package slack

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/slack-go/slack"
)

// csvMessages is how many messages a CSV may take: Slack takes five answers to one
// command, and one of them may have to be sent again.
const csvMessages = 4

// renderCSV lays out a CSV to be copied, in as many messages as it takes. The rows
// that Slack has no room for are counted; none is cut.
func renderCSV(text string, rows int) Message {
	left := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	var pages []page
	for len(left) > 0 && len(pages) < csvMessages {
		p := page{chars: blockkit.MaxHeader}
		left = p.copyable(left)
		pages = append(pages, p)
	}
	if len(left) > 0 {
		pages[len(pages)-1].add(lines("… and " + strconv.Itoa(len(left)) + " more rows, which Slack takes no more answers for: billbot export prints all."))
	}
	title := "The billing period as CSV, " + strconv.Itoa(rows) + " rows"
	if rows == 1 {
		title = "The billing period as CSV, 1 row"
	}
	var all []Message
	for i, p := range pages {
		named := title
		if len(pages) > 1 {
			named += ", part " + strconv.Itoa(i+1) + " of " + strconv.Itoa(len(pages))
		}
		all = append(all, Message{Text: marked(named, maxText), Blocks: append([]slack.Block{header("📄 " + named)}, p.blocks...)})
	}
	all[0].More = all[1:]
	return all[0]
}

// copyable appends rows to be copied, as many as there is room for, and returns
// those that are left.
func (p *page) copyable(rows []string) (left []string) {
	for len(rows) > 0 {
		n := together(rows, min(blockkit.MaxSection, blockkit.MaxChars-spareChars-p.chars)-fence)
		if !p.fits(code(strings.Join(rows[:n], ""))) {
			break
		}
		rows = rows[n:]
	}
	return rows
}

// fence is what a section of text to be copied needs around it.
const fence = 10

// together is how many rows a section of so many characters takes; one at least.
func together(rows []string, room int) int {
	n, chars := 0, 0
	for n < len(rows) {
		if chars += utf8.RuneCountInString(escape(rows[n], blockkit.MaxSection)); chars > room && n > 0 {
			break
		}
		n++
	}
	return n
}

// code is a section of text as it is, to be copied. Backticks would end it.
func code(text string) slack.Block {
	text = strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "`", string(backtick))
	return slack.NewSectionBlock(mrkdwn("```\n"+escape(text, blockkit.MaxSection-fence)+"\n```"), nil, nil)
}

// more sends what follows an answer, each in an answer of its own.
func (c *Commands) more(ctx context.Context, address string, m Message) {
	for _, next := range m.More {
		c.respond(ctx, address, private(next))
	}
}
