package slack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
	"github.com/slack-go/slack"
)

// chartBlock draws a chart; nil where there is nothing to draw, or nothing that
// Slack would take; report keeps to twenty points and six series. Its texts are
// plain: neither mrkdwn nor entities are read in them. A message of ours has one.
func chartBlock(c *report.Chart) slack.Block {
	if c == nil || len(c.Series) == 0 {
		return nil
	}
	days := report.ChartDays(*c)
	taken := map[string]bool{}
	var series []slack.DataVisualizationDataSeries
	for _, s := range c.Series {
		drawn := slack.DataVisualizationDataSeries{Name: unused(legend(s.Name), taken)}
		for i, point := range s.Points[:min(len(s.Points), len(days))] {
			drawn.Data = append(drawn.Data, slack.DataVisualizationDataPoint{Label: days[i], Value: height(point)})
		}
		series = append(series, drawn)
	}
	axis := slack.DataVisualizationAxisConfig{Categories: days}
	var shape slack.DataVisualizationChart = slack.NewDataVisualizationLineChart(axis, series...)
	if c.Layered {
		shape = slack.NewDataVisualizationAreaChart(axis, series...)
	}
	block := slack.NewDataVisualizationBlock(report.Cut(report.ChartTitle(*c), blockkit.MaxChartTitle), shape)
	if block.Validate() != nil {
		return nil
	}
	return block
}

// height is a number as Slack draws it. What a float cannot hold is drawn as
// nothing rather than refused.
func height(d decimal.Decimal) float64 {
	f, _ := strconv.ParseFloat(d.String(), 64) // 0, or infinite, with an error
	if f > maxHeight || f < -maxHeight {
		return 0
	}
	return f
}

// maxHeight is more than any bill has, and well within a float.
const maxHeight = 1e300

// legend cuts a name in its middle: what tells services apart is at their end,
// as in "Durable…Rows Written".
func legend(name string) string {
	const head, tail = 7, blockkit.MaxChartLabel - 8
	runes := []rune(report.Name(name, maxElement))
	if len(runes) <= blockkit.MaxChartLabel {
		return string(runes)
	}
	end := string(runes[len(runes)-tail:])
	if _, words, found := strings.Cut(end, " "); found && runes[len(runes)-tail-1] != ' ' {
		end = words // from a whole word on
	}
	end = strings.TrimSpace(end)
	return strings.TrimSpace(string(runes[:head])) + "…" + end
}

// unused makes names that were cut to the same differ again.
func unused(name string, taken map[string]bool) string {
	fresh := name
	for n := 2; taken[fresh]; n++ {
		suffix := " " + strconv.Itoa(n)
		fresh = report.Cut(name, blockkit.MaxChartLabel-len(suffix)) + suffix
	}
	taken[fresh] = true
	return fresh
}

// maxRows is how long a table a person reads.
const maxRows = 30

// tableBlock lays out a table, its head first, numbers to the right; nil
// without one. Cells are raw text, in which nothing is formatted or linked.
func tableBlock(rows [][]string) slack.Block {
	if len(rows) == 0 {
		return nil
	}
	if left := len(rows) - maxRows; left > 0 {
		last := slices.Repeat([]string{"…"}, len(rows[0]))
		last[0] = "… and " + strconv.Itoa(left+1) + " more"
		rows = append(slices.Clone(rows[:maxRows-1]), last)
	}
	table := slack.NewTableBlock("")
	for i := range rows[0] {
		align := slack.ColumnAlignmentRight
		if i == 0 {
			align = slack.ColumnAlignmentLeft
		}
		table.ColumnSettings = append(table.ColumnSettings, slack.ColumnSetting{Align: align})
	}
	for _, row := range rows {
		var cells []slack.TableCell
		for _, text := range row {
			cells = append(cells, slack.NewTableRawTextCell(text))
		}
		table.AddRow(cells...)
	}
	return table
}

// tableTexts returns the cells of a table, row by row.
func tableTexts(b *slack.TableBlock) [][]string {
	var rows [][]string
	for _, row := range b.Rows {
		var texts []string
		for _, cell := range row {
			if raw, ok := cell.(*slack.TableRawTextCell); ok {
				texts = append(texts, raw.Text)
			}
		}
		rows = append(rows, texts)
	}
	return rows
}
