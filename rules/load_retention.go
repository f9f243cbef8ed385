package rules

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"go.yaml.in/yaml/v4"
)

// What is kept for how long when a file does not say, and at the least. Rules
// look months back, and years are compared with the one before: charges of
// less than a year and a period would make both wrong in silence.
const (
	defaultKept     Keep = 400
	leastCharges    Keep = 400
	leastHistory    Keep = 30
	longestKept     Keep = 36_500
	leastChargesWhy      = ": rules look months back, and years are compared"
)

// keepForm is how a number of days is written.
var keepForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})d$`)

func retentionBlock() block {
	return block{name: "retention", keys: []string{"charges", "snapshots", "revisions"}}
}

func (r *reader) retention(f field) Retention {
	kept := Retention{Charges: Forever, Snapshots: defaultKept, Revisions: defaultKept}
	if !r.present(f) {
		return kept
	}
	s := r.section(f, retentionBlock())
	kept.Charges = r.keep(s.get("charges"), kept.Charges, leastCharges, leastChargesWhy)
	kept.Snapshots = r.keep(s.get("snapshots"), kept.Snapshots, leastHistory, "")
	kept.Revisions = r.keep(s.get("revisions"), kept.Revisions, leastHistory, "")
	return kept
}

// keep is a number of whole days, or for ever. Days are as long as the bill's,
// so no other unit would be exact.
func (r *reader) keep(f field, fallback, least Keep, why string) Keep {
	text, ok := r.written(f)
	if !ok {
		return fallback
	}
	if text == Forever.String() {
		return Forever
	}
	if !keepForm.MatchString(text) {
		r.report(f.node, "%q must be whole days such as 400d, or forever, not %s%s", f.key, shown(text), keepHint(text))
		return fallback
	}
	days, _ := strconv.Atoi(strings.TrimSuffix(text, "d")) // nine digits at most
	switch keep := Keep(days); {
	case keep < least:
		r.report(f.node, "%q is %s, below %s%s", f.key, shown(text), least, why)
	case keep > longestKept:
		r.report(f.node, "%q is %s, more than %s: write forever", f.key, shown(text), longestKept)
	default:
		return keep
	}
	return fallback
}

// enoughKept reports charges that are kept for less long than a rule looks
// back: it would never be judged again, or be judged by a part.
func (r *reader) enoughKept(f field, rules *Rules) {
	kept := rules.Retention.Charges
	if kept == Forever || len(r.problems) > 0 {
		return
	}
	// The last day of a leap year is furthest from where its periods begin; the
	// last days of other months and weeks are so by a few days at most.
	worst := fetcher.NewDay(2028, time.December, 31) + fetcher.LateDays
	const spare = 7
	for _, rule := range rules.Rules {
		if rule.Budget == nil {
			continue
		}
		if need := Keep(worst - rule.Budget.reach(worst) + spare); kept < need {
			r.report(valueOf(f.node, "charges"), "\"charges\" is %s, but rule %s looks further back: write %s or more, or forever",
				kept, shown(rule.Name), need)
		}
	}
}

// valueOf is the value of a mapping's key, or the mapping.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return n
}

// wordedDays is what people write for 400d.
var wordedDays = regexp.MustCompile(`(?i)^([1-9][0-9]{0,4}) *(d|days?)?$`)

func keepHint(text string) string {
	if days := wordedDays.FindStringSubmatch(text); days != nil {
		return ": did you mean " + days[1] + "d?"
	}
	if _, ok := Nearest(text, []string{Forever.String(), "for ever", "never", "unlimited", "always"}); ok {
		return ": did you mean forever?"
	}
	return ""
}
