package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/rules/ruletest"
)

// testResult is one test and what it came to.
type testResult struct {
	file    string
	test    ruletest.Test
	outcome ruletest.Outcome
}

// testResults is all tests, and which rules they made fire.
type testResults struct {
	rules    *rules.Rules
	tests    []testResult
	coverage ruletest.Coverage
}

func (r testResults) failed() int {
	failed := 0
	for _, t := range r.tests {
		if !t.outcome.OK() {
			failed++
		}
	}
	return failed
}

// print prints failed tests with their differences, the count, and the
// coverage.
func (r testResults) print(e env, format string) error {
	if format == "json" {
		return r.printJSON(e.stdout)
	}
	for _, t := range r.tests {
		if !t.outcome.OK() {
			fmt.Fprintf(e.stdout, "FAIL  %s:%d: %s\n%s", t.file, t.test.Line, t.test.Name, t.diff("      "))
		}
	}
	word := "ok"
	if r.failed() > 0 {
		word = "FAIL"
	}
	fmt.Fprintf(e.stdout, "%s: %s, %d failed\n", word, count(len(r.tests), "test"), r.failed())
	never := r.coverage.Never(r.rules)
	fmt.Fprintf(e.stdout, "coverage: %d of %s fired in a test\n", len(r.rules.OfBill())-len(never), count(len(r.rules.OfBill()), "rule"))
	for _, name := range never {
		fmt.Fprintf(e.stdout, "  never fired: %s\n", name)
	}
	return nil
}

// diff is what a test expected (-) and what it got (+), in columns, each line
// behind an indent, with the sentence of what nobody expected.
func (t testResult) diff(indent string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s- expected  + got\n", indent)
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, l := range t.outcome.Diff() {
		fmt.Fprintf(table, "%s%s %s\t%s\t%s\t%s\t%s\t%s\n", indent, l.Sign, whenOf(l), l.Event, l.Rule, subjectOf(l), l.Level, figureOf(l))
	}
	table.Flush()
	for _, event := range t.outcome.Unexpected {
		fmt.Fprintf(&out, "%s  %s\n", indent, report.Sentence(event.Alert))
	}
	return trimLines(out.String())
}

// trimLines takes away the blanks with which columns end.
func trimLines(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.String()
}

// whenOf is the day of a diff's line, or the morning where only that was
// expected.
func whenOf(l ruletest.Line) string {
	if l.Day.IsZero() {
		return "told " + l.At.String()
	}
	if l.At.IsZero() {
		return l.Day.String()
	}
	return l.Day.String() + ", told " + l.At.String()
}

func subjectOf(l ruletest.Line) string {
	return cmp.Or(l.Service, l.Zone, l.Account, "*")
}

func figureOf(l ruletest.Line) string {
	var figures []string
	if l.Threshold != "" {
		figures = append(figures, "threshold "+l.Threshold)
	}
	if l.Amount != nil {
		figures = append(figures, "amount "+l.Amount.String())
	}
	return strings.Join(figures, ", ")
}

// testLine is a test as --format json prints it.
type testLine struct {
	File string          `json:"file"`
	Line int             `json:"line"`
	Test string          `json:"test"`
	OK   bool            `json:"ok"`
	Diff []ruletest.Line `json:"diff,omitempty"`
}

// coverageLine is a rule as --format json prints it.
type coverageLine struct {
	Rule  string `json:"rule"`
	Fired int    `json:"fired"` // the tests that made it fire
}

func (r testResults) printJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	for _, t := range r.tests {
		if err := out.Encode(testLine{t.file, t.test.Line, t.test.Name, t.outcome.OK(), t.outcome.Diff()}); err != nil {
			return err
		}
	}
	for _, rule := range r.rules.OfBill() {
		if err := out.Encode(coverageLine{rule.Name, r.coverage[rule.Name]}); err != nil {
			return err
		}
	}
	return nil
}
