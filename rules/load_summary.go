package rules

import (
	"cmp"
	"time"
)

// defaultAt is when a summary goes out, since local midnight.
const defaultAt = 9 * time.Hour

func summaryBlock() block {
	return block{name: "a summary", keys: []string{"every", "at", "quiet"}}
}

func (r *reader) summaries(f field) []Summary {
	var summaries []Summary
	first := map[string]int{}
	for _, item := range r.list(f) {
		s := r.section(item, summaryBlock())
		summary := r.summary(s)
		// A rhythm has one summary: it is due by channel and date.
		if s.node != nil {
			r.repeated(first, s.node, "summary for every", cmp.Or(everyOf(s), string(summary.Every)))
		}
		summaries = append(summaries, summary)
	}
	return summaries
}

func (r *reader) summary(s section) Summary {
	at, ok := r.clock(s.get("at"))
	if !ok {
		at = defaultAt
	}
	return Summary{
		Every: choose(r, s.get("every"), choice[Every]{
			known: rhythms(), fallback: EveryDay,
		}),
		At: at,
		Quiet: choose(r, s.get("quiet"), choice[Quiet]{
			known: quiets(), fallback: QuietShort,
		}),
	}
}

func rhythms() []Every { return []Every{EveryDay, EveryWeek, EveryMonth, EveryBillingPeriod} }

func quiets() []Quiet { return []Quiet{QuietShort, QuietSkip} }

// everyOf is the rhythm as written. Two that are refused are not the same.
func everyOf(s section) string {
	if n := s.vals["every"]; n != nil {
		return n.Value
	}
	return ""
}
