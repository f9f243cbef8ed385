package slack

import (
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/rules/report"
)

// renderNotice lays out what billbot says of itself.
func renderNotice(n notifier.Notice) Message {
	title := report.Name(n.Title, blockkit.MaxHeader-2)
	said := []string{title + "."}
	for _, line := range n.Lines {
		said = append(said, report.Name(line, maxElement))
	}
	var p page
	p.add(header("⚠️ "+title), lines(said[1:]...))
	return Message{Text: marked(joinLines(said), maxText), Blocks: p.blocks}
}
