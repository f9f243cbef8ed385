package rules

import (
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// Stale asks for accounts of which nothing new is known.
type Stale struct {
	After time.Duration // without a new charge day, from the end of the newest; 72h by default
}

// Dark says why nothing new is known of an account, and since when.
type Dark struct {
	Cause   DarkCause     `json:"cause"`
	Fault   fetcher.Fault `json:"fault,omitempty"`  // of DarkFailed, where it is known
	Reason  string        `json:"reason,omitempty"` // in the words of what went wrong
	Since   time.Time     `json:"since"`            // nothing new is known from then on
	Trusted time.Time     `json:"trusted,omitzero"` // the last trusted poll; zero: never
	Files   bool          `json:"files,omitempty"`  // the account is read from files, and nobody is asked
}

// DarkCause is what keeps news from coming.
type DarkCause string

// The causes.
const (
	DarkFailed    DarkCause = "failed"    // no answer
	DarkUntrusted DarkCause = "untrusted" // answers that cannot be believed
	DarkQuiet     DarkCause = "quiet"     // good answers without a new charge day
	DarkDamaged   DarkCause = "damaged"   // what is kept of the account cannot be read
)

// leastPatience is the shortest time without a trusted poll that is told: most
// troubles pass by themselves before.
const leastPatience = 6 * time.Hour

// Patience is how long an account may go without a trusted poll: six hours, or
// three intervals if that is longer.
func (r *Rules) Patience() time.Duration { return max(leastPatience, 3*r.Poll) }

// steadyDays is how many days running must have had charges for their absence
// to say something: accounts that are used now and then have gaps.
const steadyDays = 14

// EvaluateTrust says how far what is known of an account can be relied on: a
// finding for the account's stale rule, and one for each billing period whose
// figures may be off. It is also what is left to evaluate when a poll failed,
// as nothing else is to change then. It is a pure function.
func (r *Rules) EvaluateTrust(w Watched, now time.Time) []Finding {
	i := slices.IndexFunc(r.Rules, func(rule Rule) bool { return rule.Stale != nil && rule.Match.Account(w.Account) })
	if i < 0 || w.Poll.LastAttempt.IsZero() {
		return nil
	}
	t := trust{rule: r.Rules[i], watched: w, now: now, patience: r.Patience(), through: w.Bill.Through()}
	return append(t.mismatches(), t.stale())
}

// OfTrust is the alerts that [Rules.EvaluateTrust] has findings for.
func OfTrust(alerts []Alert) []Alert {
	return slices.DeleteFunc(slices.Clone(alerts), func(a Alert) bool { return !a.Finding.isOfTrust() })
}

// trust is one account's trustworthiness, to be judged by its stale rule.
type trust struct {
	rule     Rule
	watched  Watched
	now      time.Time
	patience time.Duration
	through  fetcher.Day
}

func (t trust) finding(kind Kind) Finding {
	return Finding{
		Rule: t.rule.Name, Kind: kind, Severity: t.rule.Severity, Subject: Subject{Account: t.watched.Account.Name},
		Through: t.through, Trusted: t.watched.Poll.OK(),
	}
}

func (t trust) stale() Finding {
	f := t.finding(KindStale)
	if f.Dark = t.dark(); f.Dark != nil {
		f.Open = true
		f.Episode = fetcher.DayOf(f.Dark.Since)
		f.Day = f.Episode
	}
	return f
}

// dark says what is missing, nil when nothing is.
func (t trust) dark() *Dark {
	poll := t.watched.Poll.By(t.now)
	files := t.watched.Account.Focus != ""
	d := Dark{Files: files, Cause: DarkFailed, Fault: poll.Fault, Reason: poll.Failure, Since: poll.LastTrusted, Trusted: poll.LastTrusted}
	if d.Since.IsZero() {
		d.Since = poll.FailingSince
	}
	if poll.Failure == "" {
		d.Cause, d.Reason = DarkUntrusted, poll.Trust.Reason
	}
	switch {
	case !poll.OK() && t.now.Sub(d.Since) >= t.patience:
		return &d
	case t.quiet():
		return &Dark{Files: files, Cause: DarkQuiet, Since: (t.through + 1).Time(), Trusted: poll.LastTrusted}
	}
	return nil
}

// quiet reports whether an account that was used every day has had no new
// charge day for too long.
func (t trust) quiet() bool {
	if t.through.IsZero() || t.now.Sub((t.through+1).Time()) < t.rule.Stale.After {
		return false
	}
	return t.steady()
}

// steady reports whether the account had charges on so many days running.
func (t trust) steady() bool {
	days := map[fetcher.Day]bool{}
	for i := range t.watched.Bill.Lines {
		line := &t.watched.Bill.Lines[i]
		for day := max(line.First, t.through-steadyDays+1); day <= line.Last(); day++ {
			days[day] = true
		}
	}
	return len(days) == steadyDays
}

func sameDark(a, b *Dark) bool {
	if a == nil || b == nil {
		return a == b
	}
	// The words of one fault differ from try to try, by a number or a time.
	return a.Cause == b.Cause && a.Fault == b.Fault && (a.Fault != "" || a.Reason == b.Reason)
}
