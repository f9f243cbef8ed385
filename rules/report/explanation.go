package report

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// Explanation says why a rule spoke of a subject on a day, or why it did not.
type Explanation struct {
	Rule    string          `json:"rule"`
	Kind    rules.Kind      `json:"kind"`
	Account string          `json:"account"`
	Service string          `json:"service"`
	Zone    string          `json:"zone"`
	Day     fetcher.Day     `json:"day"`   // data goes through this day
	Over    bool            `json:"over"`  // over its line, or not yet back to usual
	Said    rules.EventType `json:"said"`  // what was said on the morning after the day; "" if nothing
	Level   rules.Severity  `json:"level"` // "" while there is no alert
	Alert   string          `json:"alert"` // the ID that tells the episode from others; "" while there is none
	Inputs  []Input         `json:"inputs"`
	// Held is what held it back: why nobody was told, or not again.
	Held []string `json:"held,omitempty"`

	watches string // what the rule watches, in words
}

// Input is a figure that a rule went by.
type Input struct {
	Name  string `json:"name"`
	Value string `json:"value"` // exact digits, or a day
	Text  string `json:"text"`  // for people
}

// ExplanationOf puts an explained finding into words.
func ExplanationOf(x rules.Explained) Explanation {
	f := x.Finding
	e := Explanation{
		Rule: f.Rule, Kind: f.Kind, Account: f.Subject.Account, Service: f.Subject.Service, Zone: f.Subject.Zone,
		Day: f.Through, Over: f.Open, Said: x.Said, Alert: x.AlertID, watches: Describe(x.Rule, f.Currency),
	}
	if x.Alert != nil {
		e.Level = x.Alert.Finding.Severity
	}
	switch {
	case x.Spike != nil:
		e.spike(x)
	case f.Kind == rules.KindUnmatched:
		e.unmatched(x)
	case f.Kind == rules.KindMismatch:
		e.mismatch(x)
	case f.Kind == rules.KindStale:
		e.stale(x)
	case x.Rule.Allowance != nil:
		e.allowance(x)
	case x.Rule.Price != nil:
		e.price(x)
	case x.Rule.Budget != nil:
		e.budget(x)
	}
	if f.IsUnknown() {
		e.since(x)
	}
	e.told(x)
	return e
}

func (e *Explanation) input(name, value, text string) {
	e.Inputs = append(e.Inputs, Input{name, value, text})
}

func (e *Explanation) hold(format string, args ...any) {
	e.Held = append(e.Held, fmt.Sprintf(format, args...))
}

// told says what is known of the alert, and why it did not speak (again).
func (e *Explanation) told(x rules.Explained) {
	f, was := x.Finding, x.Before
	if x.AlertID != "" {
		e.input("alert", x.AlertID, x.AlertID+untold(x))
	}
	if was != nil && !f.IsUnknown() {
		e.input("told before", was.Day.String(), fmt.Sprintf("fired for %s, %s at %s", DayName(was.Day, f.Through), was.State, was.Finding.Severity))
	}
	switch {
	case !f.Open || x.Said == rules.Fired || x.Said == rules.Escalated:
	case f.IsUnknown() && was != nil:
		e.hold("the alert of %s tells it already: same alert%s", moment(was.Since), edited(x.Said))
	case was == nil:
		e.hold("its newest day over the line, %s, is too long before %s to be news", DayName(f.Day, f.Through), DayName(f.Through, 0))
	case f.Kind == rules.KindSpike && f.Day > was.Day:
		e.hold("within 7 days of the episode from %s: same alert%s", DayName(was.Finding.Episode, f.Through), edited(x.Said))
	default:
		e.hold("the alert of %s tells it already: same alert%s", DayName(was.Day, f.Through), edited(x.Said))
	}
	if !f.Trusted && !f.IsUnknown() {
		e.hold("the last answer could not be trusted, so nothing resolves")
	}
}

// untold marks the ID of an alert that nobody has seen.
func untold(x rules.Explained) string {
	if x.Before == nil && x.Said == "" {
		return ", if it is told"
	}
	return ""
}

// edited says what becomes of a message that is there already.
func edited(said rules.EventType) string {
	if said == rules.Updated {
		return ", its message is edited"
	}
	return ", nothing new to say"
}

// Explanations are explanations for people, in lines: what a rule watches once,
// then its subjects.
func Explanations(all []Explanation) string {
	var out strings.Builder
	for i, e := range all {
		if i == 0 || e.Rule != all[i-1].Rule || e.watches != all[i-1].watches {
			fmt.Fprintf(&out, "%s: %s\n", name(e.Rule), e.watches)
		}
		fmt.Fprintf(&out, "\n%s, %s: %s\n", e.subject(), lowerFirst(DataLine(e.Day)), e.verdict())
		table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
		for _, in := range e.Inputs {
			fmt.Fprintf(table, "  %s\t%s\n", in.Name, in.Text)
		}
		table.Flush()
		for _, why := range e.Held {
			fmt.Fprintf(&out, "  held back: %s\n", why)
		}
	}
	return out.String()
}

// subject is what the explanation is about, for people.
func (e Explanation) subject() string {
	switch {
	case e.Service != "":
		return name(e.Service) + " (" + name(e.Account) + ")"
	case e.Zone != "":
		return name(e.Zone) + " (" + name(e.Account) + ")"
	case e.Account == "":
		return "all accounts"
	}
	return name(e.Account)
}

// verdict says in a few words what came of it.
func (e Explanation) verdict() string {
	switch {
	case e.Said == rules.Fired || e.Said == rules.Escalated:
		return fmt.Sprintf("%s, %s", e.Said, e.Level)
	case e.Over && e.unknown():
		return "unknown, " + string(e.Level) + ", not told again"
	case e.Over:
		return "over, " + string(e.Level) + ", not told again"
	case e.Said != "":
		return strings.ReplaceAll(string(e.Said), "_", " ")
	case e.unknown():
		return "known"
	}
	return "not over"
}

// unknown reports whether the explanation is of what cannot be judged, which is
// over no line.
func (e Explanation) unknown() bool {
	return e.Kind == rules.KindStale || e.Kind == rules.KindMismatch || e.Kind == rules.KindUnmatched
}

func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }
