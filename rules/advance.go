package rules

import (
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
	"github.com/shopspring/decimal"
)

// freshDays is how far back a charge day may lie and still start an alert:
// restatements of older days are history.
const freshDays = 4

// Advance says what is worth telling: from the alerts told so far of one
// account and what is true of it now, the alerts that changed and the events
// that changed them. What is already told is not told again, so evaluating
// twice says nothing twice.
//
// It is a pure function. accountID is the account's ID, or "*" for findings
// across accounts.
func Advance(accountID string, told []Alert, findings []Finding, now time.Time) ([]Alert, []Event) {
	a := advance{accountID: accountID, told: slices.Clone(told), now: now}
	for _, f := range findings {
		a.take(f)
	}
	a.close(findings)
	a.wake()
	return a.changed, a.events
}

type advance struct {
	accountID string
	told      []Alert
	now       time.Time
	changed   []Alert
	events    []Event
}

func (a *advance) take(f Finding) {
	alert, known := a.alertOf(f)
	switch {
	case !known:
		if (f.Open || f.isRun()) && f.Through-f.Day < freshDays {
			a.fire(f)
		}
	case alert.On():
		a.goOn(alert, f)
	case f.Open && alert.Ended != EndedPeriod && f.Day >= alert.Finding.Day:
		a.reopen(alert, f)
	case f.Open && alert.Ended == EndedPeriod && !f.Ended:
		a.reopen(alert, f) // the clock was wrong
	}
}

// alertOf finds the alert of the finding's episode.
func (a *advance) alertOf(f Finding) (Alert, bool) {
	var found Alert
	for _, alert := range a.told {
		if sameSubject(alert.Finding, f) && sameEpisode(alert, f) && alert.Since.After(found.Since) {
			found = alert
		}
	}
	return found, !found.Since.IsZero()
}

// sameSubject reports whether two findings are about the same. Which stale rule
// an account has does not matter, as it has but one.
func sameSubject(a, b Finding) bool {
	sameKind := a.Kind == b.Kind || a.OfBudget() && b.OfBudget()
	return (a.Rule == b.Rule || a.isOfTrust()) && sameKind && a.Subject == b.Subject && a.PeriodKind == b.PeriodKind
}

// sameEpisode reports whether a finding goes on with what an alert told. A
// budget's period is its episode. A run of days is the same run while its
// alert is on, and while they share a day, even if a restatement moved its
// first day; a spike that comes back within a week is the same spike.
func sameEpisode(alert Alert, f Finding) bool {
	switch {
	case alert.Finding.Episode == f.Episode:
		return true
	case f.Kind == KindStale:
		return alert.On()
	case f.Kind == KindPrice:
		return f.Episode.IsZero() && alert.On() || sameChange(alert.Finding, f)
	case !f.countsDays():
		return false
	case alert.On():
		return true
	case f.isRun() && overlap(alert.Finding, f):
		return true
	}
	return f.Kind == KindSpike && f.Episode-alert.Finding.Day <= spend.EpisodeGap && f.Episode > alert.Finding.Episode
}

// overlap reports whether two runs share a day. A restatement may have taken
// what was told back to before the day it was first told for.
func overlap(was, is Finding) bool {
	return is.Episode <= max(was.Episode, was.Day) && min(was.Episode, was.Day) <= is.Day
}

func (a *advance) fire(f Finding) {
	a.emit(Fired, Alert{
		ID: alertID(a.accountID, f), Finding: f, State: stateOf(f), Since: a.now, Day: f.Day, Kinds: []Kind{f.Kind},
	})
}

// goOn moves a firing alert on.
func (a *advance) goOn(alert Alert, f Finding) {
	f = hold(alert.Finding, f)
	switch {
	case f.Unjudged != "":
		if f.Ended {
			a.end(alert, EndedPeriod)
		}
	case !f.Ended && rebudgeted(alert.Finding, f):
		a.rebudget(alert, f)
	case f.Open && (higher(alert.Finding, f) || f.Severity.rank() > alert.Finding.Severity.rank()):
		alert.Finding, alert.Calm = keepHighest(alert.Finding, f), 0
		a.raise(alert)
	case f.Ended && !toldLate(alert, f):
		alert.Finding = keepHighest(alert.Finding, f)
		a.end(alert, EndedPeriod)
	case !f.Open:
		a.calm(alert, f)
	case differs(alert.Finding, keepHighest(alert.Finding, f)) || !alert.Calm.IsZero():
		grown := growing(alert, f)
		alert.Finding, alert.Calm = keepHighest(alert.Finding, f), 0
		a.tell(Updated, alert, alert.Seeded && grown)
	}
}

// growing reports whether what was on already when its account was first seen
// goes on: a spike with another day, a budget that is over and rises. It was
// told once, in passing; now it is worth a message of its own.
func growing(alert Alert, f Finding) bool {
	if f.Day <= alert.Finding.Day {
		return false
	}
	return f.Kind == KindSpike || f.OfBudget() && f.Amount.GreaterThan(decimal.Max(f.Budget, alert.Finding.Amount))
}

// toldLate reports whether an alert was told of something that was over by
// then, and no charge day has come since. Its message is to be seen before it
// says that it is over.
func toldLate(alert Alert, f Finding) bool {
	over := alert.Finding.Ended || (alert.Finding.isRun() && !alert.Finding.Open)
	return over && f.Through <= alert.Finding.Through
}

// calm handles a firing alert whose finding is back under the line. Spikes and
// daily budgets have counted the calm days after their last day over. Where that
// day itself is over no more, and where it is the sum of a period that fell, a
// restatement did it, which the next one may take back: it must be seen on two
// charge days. Nothing resolves on an answer that is not trusted.
func (a *advance) calm(alert Alert, f Finding) {
	if !f.Trusted {
		return
	}
	counted := f.isRun() && f.Day >= alert.Finding.Day
	switch {
	case f.Kind == KindStale, f.Kind == KindUnmatched: // one good poll, one new day, one charge is what was missing
		alert.Finding.Through = f.Through
		a.end(alert, EndedBack)
	case f.isRun() && toldLate(alert, f):
	case counted || (!alert.Calm.IsZero() && f.Through > alert.Calm):
		alert.Finding.Withdrawn = f.Kind == KindSpike && (f.Episode.IsZero() || f.Day < alert.Finding.Episode)
		if !f.Episode.IsZero() && !alert.Finding.Withdrawn {
			alert.Finding = keepHighest(alert.Finding, f)
		}
		alert.Finding.Through = f.Through
		a.end(alert, EndedBack)
	case alert.Calm.IsZero():
		alert.Calm = f.Through
		a.keep(alert)
	}
}

// reopen takes up an episode that was thought over. A critical spike that comes
// back returns to the channel, and so do a forecast and what is unknown again. A
// lesser spike was told within the week, and a line of what is spent is told once
// a period, unless its budget was another one: their message is edited.
func (a *advance) reopen(alert Alert, f Finding) {
	was := alert.Finding
	loud := f.Kind == KindSpike && maxSeverity(was.Severity, f.Severity) == Critical || f.IsUnknown() ||
		was.Kind == KindForecast || higher(was, f) || alert.Ended == EndedRaised || alert.Ended == EndedRemoved
	alert.State, alert.Ended, alert.EndedAt, alert.Calm = stateOf(f), "", time.Time{}, 0
	if rebudgeted(was, f) {
		alert.Finding = withBudget(was, f)
	} else {
		alert.Finding = keepHighest(was, f)
	}
	if loud {
		a.raise(alert)
		return
	}
	a.emit(Updated, alert)
}

// close ends alerts that nothing speaks for any more: their period
// passed while billbot was away, or their rule or subject is gone.
func (a *advance) close(findings []Finding) {
	for _, alert := range a.current() {
		if !alert.On() || slices.ContainsFunc(findings, func(f Finding) bool {
			return sameSubject(alert.Finding, f) && sameEpisode(alert, f)
		}) {
			continue
		}
		if alert.Finding.Kind == KindUnmatched {
			a.end(alert, EndedBack) // the rule is gone, or chooses everything now
		}
		if alert.Finding.Kind == KindPrice && slices.ContainsFunc(findings, func(f Finding) bool { return sameSubject(alert.Finding, f) }) {
			a.end(alert, EndedBack) // there is another price since
			continue
		}
		if p := alert.Finding.Period; alert.Finding.PeriodKind != "" && fetcher.DayOf(a.now) > p.End+fetcher.LateDays {
			a.end(alert, EndedPeriod)
		}
	}
}

func (a *advance) end(alert Alert, ending Ending) {
	alert.State, alert.Ended, alert.EndedAt = Resolved, ending, a.now
	event := Recovered
	if ending == EndedPeriod {
		event = PeriodEnded
	}
	a.emit(event, alert)
}

// raise records that an alert grew worse. A budget's alert fires once for what
// is forecast and once for what is spent, whichever comes first; its message is
// one.
func (a *advance) raise(alert Alert) {
	kind := alert.Finding.Kind
	if len(alert.Kinds) == 0 || slices.Contains(alert.Kinds, kind) {
		a.emit(Escalated, alert)
		return
	}
	alert.Kinds = append(slices.Clone(alert.Kinds), kind)
	a.tell(Fired, alert, alert.Seeded)
}

// emit records a change. What was told in an account's first message gets a
// message of its own once it grows worse.
func (a *advance) emit(event EventType, alert Alert) {
	a.tell(event, alert, event == Fired || (event == Escalated && alert.Seeded))
}

// keep puts a changed alert in the place of what it was, so that a second
// finding of the same episode meets it as it is now.
func (a *advance) keep(alert Alert) {
	for _, alerts := range []*[]Alert{&a.told, &a.changed} {
		*alerts = slices.DeleteFunc(*alerts, func(b Alert) bool { return b.ID == alert.ID })
		*alerts = append(*alerts, alert)
	}
}

// tell records a change; fresh says that the alert gets a message of its own
// by it.
func (a *advance) tell(event EventType, alert Alert, fresh bool) {
	quiet := false
	if event == Escalated || event == Fired || fresh {
		alert, quiet = a.grown(alert)
	}
	fresh = fresh && !quiet
	alert.Seeded = alert.Seeded && !fresh
	a.keep(alert)
	a.events = append(a.events, Event{Type: event, Alert: alert, Fresh: fresh, At: a.now, Quiet: quiet})
}

// current is the alerts as they are by now.
func (a *advance) current() []Alert { return slices.Clone(a.told) }

// differs reports whether people would see a difference.
func differs(was, is Finding) bool {
	same := was.Kind == is.Kind && was.Step == is.Step && was.Budget.Equal(is.Budget) && was.Day == is.Day && was.Through == is.Through && was.Over == is.Over &&
		was.Amount.Equal(is.Amount) && was.Usual.Equal(is.Usual) && was.Limit.Equal(is.Limit) &&
		was.Extra.Equal(is.Extra) && was.Currency == is.Currency &&
		was.Projected.Equal(is.Projected) && slices.EqualFunc(was.Others, is.Others, sameMoney) &&
		sameDark(was.Dark, is.Dark) && sameMismatch(was.Mismatch, is.Mismatch) && sameUnmatched(was.Unmatched, is.Unmatched) &&
		sameIncluded(was.Included, is.Included)
	return !same
}

func sameMoney(a, b Money) bool { return a.Currency == b.Currency && a.Amount.Equal(b.Amount) }
