package blockkit

import (
	"math"
	"slices"

	"github.com/slack-go/slack"
)

// chart is a chart with labels that are short enough; nil where there is one too
// many, or where Slack would not draw it, which the library knows.
func (m *mender) chart(place string, b slack.DataVisualizationBlock) slack.Block {
	if m.on == InMessage && m.most("charts", place, m.charts+1, MaxCharts) {
		m.leave("chart", 1)
		return nil
	}
	b.Title = m.string("chart title", place+".title", b.Title, MaxChartTitle)
	b.Chart = m.drawn(place+".chart", b.Chart)
	if err := b.Validate(); err != nil {
		m.wrong("chart", place, err.Error())
		m.leave("chart", 1)
		return nil
	}
	if !finite(b.Chart) {
		m.wrong("chart", place, "a value that cannot be written")
		m.leave("chart", 1)
		return nil
	}
	m.charts++
	b.BlockID = m.blockID(place, b.BlockID)
	return &b
}

func (m *mender) drawn(place string, c slack.DataVisualizationChart) slack.DataVisualizationChart {
	switch c := valueOf(c).(type) {
	case slack.DataVisualizationPieChart:
		c.Segments = m.segments(place+".segments", c.Segments)
		return &c
	case slack.DataVisualizationBarChart:
		c.Series, c.AxisConfig = m.series(place, c.Series, c.AxisConfig)
		return &c
	case slack.DataVisualizationAreaChart:
		c.Series, c.AxisConfig = m.series(place, c.Series, c.AxisConfig)
		return &c
	case slack.DataVisualizationLineChart:
		c.Series, c.AxisConfig = m.series(place, c.Series, c.AxisConfig)
		return &c
	}
	return c
}

func (m *mender) segments(place string, all []slack.DataVisualizationSegment) []slack.DataVisualizationSegment {
	if m.most("chart segments", place, len(all), MaxSeries) {
		m.leave("segment", len(all)-MaxSeries)
		all = all[:MaxSeries]
	}
	all = slices.Clone(all)
	for i := range all {
		all[i].Label = m.string("chart label", at(place, i)+".label", all[i].Label, MaxChartLabel)
	}
	return all
}

// series are the first few of them, and of their points the last: where points
// are days, what is newest.
func (m *mender) series(place string, all []slack.DataVisualizationDataSeries, axis slack.DataVisualizationAxisConfig) ([]slack.DataVisualizationDataSeries, slack.DataVisualizationAxisConfig) {
	if m.most("chart series", place+".series", len(all), MaxSeries) {
		m.leave("series", len(all)-MaxSeries)
		all = all[:MaxSeries]
	}
	axis.XLabel = m.string("axis label", place+".axis_config.x_label", axis.XLabel, MaxAxisLabel)
	axis.YLabel = m.string("axis label", place+".axis_config.y_label", axis.YLabel, MaxAxisLabel)
	if more := len(axis.Categories) - MaxPoints; more > 0 {
		m.leave("point", more)
	}
	axis.Categories = lastOf(m, place+".axis_config.categories", axis.Categories)
	for i, label := range axis.Categories {
		axis.Categories[i] = m.string("chart label", at(place+".axis_config.categories", i), label, MaxChartLabel)
	}
	all = slices.Clone(all)
	for i := range all {
		within := at(place+".series", i)
		all[i].Name = m.string("chart label", within+".name", all[i].Name, MaxChartLabel)
		all[i].Data = lastOf(m, within+".data", all[i].Data)
		for k := range all[i].Data {
			all[i].Data[k].Label = m.string("chart label", at(within+".data", k)+".label", all[i].Data[k].Label, MaxChartLabel)
		}
	}
	return all, axis
}

// lastOf is a copy of the last points, or categories, as many as a chart has.
func lastOf[P any](m *mender, place string, all []P) []P {
	m.most("chart points", place, len(all), MaxPoints)
	return slices.Clone(all[max(len(all)-MaxPoints, 0):])
}

// finite reports whether all values can be written as JSON.
func finite(c slack.DataVisualizationChart) bool {
	var values []float64
	add := func(all []slack.DataVisualizationDataSeries) {
		for _, s := range all {
			for _, p := range s.Data {
				values = append(values, p.Value)
			}
		}
	}
	switch c := c.(type) {
	case *slack.DataVisualizationPieChart:
		for _, s := range c.Segments {
			values = append(values, s.Value)
		}
	case *slack.DataVisualizationBarChart:
		add(c.Series)
	case *slack.DataVisualizationAreaChart:
		add(c.Series)
	case *slack.DataVisualizationLineChart:
		add(c.Series)
	}
	return !slices.ContainsFunc(values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}
