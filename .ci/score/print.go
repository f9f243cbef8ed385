package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// printResults prints the table, what was measured, and what failed.
func printResults(w io.Writer, rs results) {
	for _, r := range rs {
		for _, output := range r.outputs {
			fmt.Fprintln(w, output)
		}
	}
	fmt.Fprintln(w, rs.markdown())
	for _, r := range rs {
		for _, remark := range r.remarks {
			fmt.Fprintf(w, "%2d  %s\n", r.number, remark)
		}
	}
}

// markdown is the table for the README. What was measured is not in it: that is
// another number each time.
func (rs results) markdown() string {
	var b strings.Builder
	b.WriteString("| | | what is asked for | points |\n|---|---|---|---|\n")
	for _, r := range rs {
		area := r.area
		if r.gate {
			area += " (gate)"
		}
		asks := r.asks
		if r.lacks != "" {
			asks += ". *Not shown yet: " + r.lacks + "*"
		}
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", r.number, area, asks, r.standing())
	}
	fmt.Fprintf(&b, "| | | | **%d of %d** |\n", rs.total(), rs.most())
	return b.String()
}

func (r result) standing() string {
	text := fmt.Sprintf("%d of %d", r.scored(), r.points)
	if r.verdict == breached {
		text += ", broken"
	}
	return text
}

// The README's table stands between these.
const (
	begin = "<!-- the score: (cd .ci/score && go run . -update) -->\n"
	end   = "<!-- end of the score -->"
)

var errTable = errors.New("the README's score table is not the one above; -update writes it")

func compareTable(file, table string) error {
	_, was, _, err := cutTable(file)
	if err == nil && was != table {
		err = errTable
	}
	return err
}

func writeTable(file, table string) error {
	before, _, after, err := cutTable(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(before+begin+table+end+after), 0o644)
}

func cutTable(file string) (before, table, after string, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", "", "", fmt.Errorf("reading the README: %w", err)
	}
	before, rest, begun := strings.Cut(string(text), begin)
	table, after, ended := strings.Cut(rest, end)
	if !begun || !ended {
		return "", "", "", fmt.Errorf("%s has no place for the score", file)
	}
	return before, table, after, nil
}
