package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// row is one line of the table.
type row struct {
	measure, billbot, peer, ratio, goal string
}

// printTable prints rows as Markdown.
func printTable(w io.Writer, rows []row) error {
	_, err := fmt.Fprintln(w, "| measure | billbot | peer | ratio | goal |\n| --- | ---: | ---: | ---: | --- |")
	for _, r := range rows {
		if err != nil {
			return fmt.Errorf("printing the table: %w", err)
		}
		_, err = fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", r.measure, r.billbot, r.peer, r.ratio, r.goal)
	}
	return err
}

// none stands where there is no peer, or no goal.
const none = "-"

// atMost and atLeast are goals, with what became of them.
func atMost(got, goal float64, unit string) string {
	return reached(got <= goal, "at most", goal, unit)
}

func atLeast(got, goal float64, unit string) string {
	return reached(got >= goal, "at least", goal, unit)
}

func reached(yes bool, bound string, goal float64, unit string) string {
	became := "missed"
	if yes {
		became = "met"
	}
	return fmt.Sprintf("%s %g%s: %s", bound, goal, unit, became)
}

func times(ratio float64) string { return fmt.Sprintf("%.2fx", ratio) }

// millis and micros write a duration.
func millis(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1e3) }

func micros(d time.Duration) string { return fmt.Sprintf("%.0f us", d.Seconds()*1e6) }

// durations are what one thing took, again and again.
type durations []time.Duration

// time adds how long f takes.
func (d *durations) time(f func() error) error {
	began := time.Now()
	err := f()
	*d = append(*d, time.Since(began))
	return err
}

// work adds how much processor time f takes, on all cores.
func (d *durations) work(f func() error) error {
	began := processCPU()
	err := f()
	*d = append(*d, processCPU()-began)
	return err
}

// least is the shortest: what others on the machine disturbed least.
func (d durations) least() time.Duration { return slices.Min(d) }

// at is the duration that percent of all do not exceed.
func (d durations) at(percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(d))
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}

func (d durations) median() time.Duration { return d.at(50) }

// over is how many times longer d takes than other.
func (d durations) over(other durations) float64 {
	return d.median().Seconds() / other.median().Seconds()
}
