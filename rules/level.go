package rules

import "strings"

// keepHighest is the newer finding, with the level the episode had reached: an
// alert does not become milder while it is on. Only a forecast does, once it is
// clearly below its line: it may pass it again, and is news then.
func keepHighest(was, is Finding) Finding {
	is.Severity = maxSeverity(was.Severity, is.Severity)
	if was.Step > is.Step && (was.Kind != KindForecast || is.Step == 0) {
		is.Kind, is.Step, is.Threshold = was.Kind, was.Step, was.Threshold
		if !isPercent(was.Threshold) || is.Budget.IsZero() {
			is.Limit = was.Limit
		}
	}
	if is.OfBudget() && is.BudgetWas.IsZero() {
		is.BudgetWas = was.BudgetWas
	}
	if is.Mismatch == nil {
		is.Mismatch = was.Mismatch // what is no longer in doubt is to be named
	}
	is.Episode = was.Episode
	return is
}

// higher reports whether a finding passed a higher line than its alert tells.
// The same line may have another place where the rules file has other lines
// now.
func higher(was, is Finding) bool {
	same := !is.countsDays() && was.Kind == is.Kind && was.Threshold == is.Threshold
	return is.Step > was.Step && !same
}

// isPercent reports whether a line is a part of the budget, and moves with it.
func isPercent(threshold string) bool { return strings.HasSuffix(threshold, "%") }

// hold is a finding that its alert holds on the line of a forecast: the
// forecast fell below it, and not by as much as forecasts waver; or it is what a
// service that is billed now will cost.
func hold(was, is Finding) Finding {
	wavers := was.Kind == KindForecast || was.Kind == KindAllowance
	if wavers && is.Step < was.Step && is.Held >= was.Step && !rebudgeted(was, is) {
		is.Open, is.Kind, is.Step, is.Threshold, is.Limit = true, was.Kind, was.Step, was.Threshold, was.Limit
	}
	return is
}

// rebudgeted reports whether the rules file gives the budget another amount
// than the alert was told with. An amount made from earlier periods moves with
// them while their last days are restated; that is no such change.
func rebudgeted(was, is Finding) bool {
	switch {
	case !was.OfBudget() || was.Budget.IsZero() || is.Budget.IsZero():
		return false
	case was.Basis != nil && is.Basis != nil:
		return was.Basis.Periods != is.Basis.Periods || !was.Basis.Times.Equal(is.Basis.Times)
	}
	return !was.Budget.Equal(is.Budget)
}

// withBudget is a finding under another budget than its alert was told with.
// Its level is that of the new one, milder or not.
func withBudget(was, is Finding) Finding {
	is.BudgetWas = was.Budget
	if !is.Episode.IsZero() {
		is.Episode = was.Episode
	}
	return is
}

// rebudget moves a firing alert on to another budget. Nothing has to be waited
// for: what is spent is what it was. A budget that was raised over it ends the
// alert, with that as the reason.
func (a *advance) rebudget(alert Alert, f Finding) {
	was := alert.Finding
	switch {
	case f.Open && f.Step > was.Step:
		alert.Finding, alert.Calm = withBudget(was, f), 0
		a.raise(alert)
	case f.Open:
		alert.Finding, alert.Calm = withBudget(was, f), 0
		a.emit(Updated, alert)
	case !f.Trusted:
	case f.Budget.GreaterThan(was.Budget):
		f.Kind, f.Severity = was.Kind, was.Severity
		alert.Finding = withBudget(was, f)
		alert.Finding.Episode = was.Episode
		a.end(alert, EndedRaised)
	default:
		a.calm(alert, f)
	}
}
