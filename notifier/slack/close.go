package slack

import (
	"github.com/billbot/billbot/rules/report"
)

// renderCloses lays out the close of a billing period: the verdict, what it was
// spent on, where its budgets ended, and how good the forecasts were. A period
// billed in several currencies is told in each.
func renderCloses(closes []report.Close) Message {
	var p page
	p.add(header("📕 " + report.CloseTitle(closes[0])))
	for i, c := range closes {
		if i > 0 {
			p.fits(titled(report.CloseTitle(c)))
		}
		p.fits(lines(report.CloseLines(c)...))
		if table := report.CloseTable(c); i == 0 {
			p.fits(tableBlock(table))
		} else {
			p.fits(asLines(table)) // Slack takes one table in a message
		}
		p.fits(lines(report.ForecastLines(c)...))
		if i == 0 {
			p.fits(chartBlock(c.Chart))
		}
	}
	p.add(footer("Settled: these days change no more", report.DataLine(closes[0].Through)))
	return Message{Text: marked(report.CloseLine(closes[0]), maxText), Blocks: p.blocks}
}
