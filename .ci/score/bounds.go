package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A bound is what a measured value may be: at least or at most a limit.
type bound struct {
	name  string
	least bool // or at most
	limit float64
}

var boundForm = regexp.MustCompile(`^([a-z_]+)(>=|<=)([0-9.]+)$`)

func parseBounds(text string) ([]bound, error) {
	var bounds []bound
	for _, word := range strings.Fields(text) {
		parts := boundForm.FindStringSubmatch(word)
		if parts == nil {
			return nil, fmt.Errorf("bound %q is not like lost<=0", word)
		}
		limit, err := strconv.ParseFloat(parts[3], 64)
		if err != nil {
			return nil, fmt.Errorf("bound %q: %w", word, err)
		}
		bounds = append(bounds, bound{parts[1], parts[2] == ">=", limit})
	}
	return bounds, nil
}

// A verdict is how a line or one of its tests did. The worst counts.
type verdict int

const (
	scored   verdict = iota
	missing          // not run, skipped, or fewer than asked for
	breached         // failed, or more than there may be
)

// judge compares what was measured with a bound.
func (b bound) judge(measured map[string]float64) (verdict, string) {
	value, told := measured[b.name]
	switch {
	case !told:
		return missing, b.name + " was not reported"
	case b.least && value < b.limit:
		return missing, fmt.Sprintf("%s is %v, at least %v asked for", b.name, value, b.limit)
	case !b.least && value > b.limit:
		return breached, fmt.Sprintf("%s is %v, at most %v allowed", b.name, value, b.limit)
	}
	return scored, ""
}

// measures reads a report: the number of a line, and what was measured.
func measures(report string) (number int, measured map[string]float64, err error) {
	words := strings.Fields(report)
	if len(words) == 0 {
		return 0, nil, fmt.Errorf("an empty report")
	}
	if number, err = strconv.Atoi(words[0]); err != nil {
		return 0, nil, fmt.Errorf("report %q: no line of the plan: %w", report, err)
	}
	measured = map[string]float64{}
	for _, word := range words[1:] {
		name, text, _ := strings.Cut(word, "=")
		if measured[name], err = strconv.ParseFloat(text, 64); err != nil {
			return 0, nil, fmt.Errorf("report %q: %w", report, err)
		}
	}
	return number, measured, nil
}
