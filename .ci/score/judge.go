package main

import (
	"fmt"
	"strings"
)

// A result is how a line did, and why it does not score, or what was measured.
type result struct {
	line
	verdict verdict
	remarks []string
	outputs []string // of the tests that failed
}

type results []result

// judge holds what was measured against the bounds of a form.
func judge(plan []line, found outcomes, f form) results {
	var all results
	for _, l := range plan {
		r := result{line: l}
		for _, p := range l.proofs {
			r.take(p, found.of(name{p.room, p.test}), f)
			if room := found.of(name{p.room, ""}); r.verdict != scored && room.action == "fail" {
				r.outputs = append(r.outputs, room.output.String()) // as of a crash
			}
		}
		if l.lacks != "" || len(l.proofs) == 0 {
			r.verdict = max(r.verdict, missing)
		}
		all = append(all, r)
	}
	return all
}

func (r *result) take(p proof, o *outcome, f form) {
	switch o.action {
	case "pass":
	case "fail":
		r.worse(breached, p, "failed")
		r.outputs = append(r.outputs, o.output.String())
		return
	default:
		r.worse(missing, p, "did not run, or not to its end")
		r.outputs = append(r.outputs, o.output.String())
		return
	}
	bounds, err := parseBounds(p.bounds[f])
	if err != nil || len(bounds) == 0 {
		r.worse(breached, p, fmt.Sprintf("the table has no good bounds for it: %v", err))
	}
	for _, b := range bounds {
		v, why := b.judge(o.measured[r.number])
		r.worse(v, p, why)
	}
	r.remarks = append(r.remarks, p.test+": "+measuredOf(bounds, o.measured[r.number]))
}

func (r *result) worse(v verdict, p proof, why string) {
	r.verdict = max(r.verdict, v)
	if why != "" {
		r.remarks = append(r.remarks, p.test+" "+why)
	}
}

func measuredOf(bounds []bound, measured map[string]float64) string {
	var words []string
	for _, b := range bounds {
		words = append(words, fmt.Sprintf("%s %v", b.name, measured[b.name]))
	}
	return strings.Join(words, ", ")
}

// scored is the points of a line: all or none.
func (r result) scored() int {
	if r.verdict != scored {
		return 0
	}
	return r.points
}

// total is the points together; a breached gate caps them.
func (rs results) total() int {
	total, gates := 0, true
	for _, r := range rs {
		total += r.scored()
		gates = gates && !(r.gate && r.verdict == breached)
	}
	if !gates {
		return min(total, capped)
	}
	return total
}

// most is what could be scored.
func (rs results) most() int {
	most := 0
	for _, r := range rs {
		most += r.points
	}
	return most
}
