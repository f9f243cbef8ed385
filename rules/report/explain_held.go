package report

import (
	"math"
	"strconv"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/spend"
)

// unflagged says which test the newest day did not pass, in the words of
// docs/detection.md: the first of a day far over usual, and of a run where the
// day could be part of one.
func (e *Explanation) unflagged(x rules.Explained) {
	f, d, at := x.Finding, x.Spike.Day, x.Rule.Spike.AtLeast
	used, biggest := Quantity(d.Quantity, x.Spike.Unit), Quantity(d.Biggest, x.Spike.Unit)
	rise := Money(d.Cost.Sub(d.Usual), f.Currency)
	switch d.Failed {
	case spend.TestAbove:
		e.belowAbove(x)
	case spend.TestBiggest:
		e.hold("%s is not more than 1.5 times the biggest day of the last six weeks, %s", used, biggest)
	case spend.TestSpread:
		e.hold("%s lies within the service's own spread, five deviations over the middle of its days; three times the biggest day of the last six weeks, %s, would be a spike on any service", used, biggest)
	case spend.TestPrice:
		e.hold("nothing of it was ever billed, so it has no price, and what its rise is worth is not known")
	case spend.TestShare:
		e.hold("the rise is worth %s, the share of at_least is %s", rise, Money(x.Spike.Share, f.Currency))
	case spend.TestAmount:
		e.hold("the rise is worth %s, at_least is %s%s", rise, Money(at.Amount, f.Currency), stricter(d.History))
	default:
		e.hold("it is the first day that is known: there is nothing to hold it against")
	}
	if d.Quantity.GreaterThan(d.Ordinary) {
		e.noRun(x)
	}
}

func (e *Explanation) belowAbove(x rules.Explained) {
	f, d := x.Finding, x.Spike.Day
	if !d.Quantity.GreaterThan(d.Ordinary) || !d.Ordinary.IsPositive() {
		e.hold("usage on %s is not above usual", DayName(d.Day, f.Through))
		return
	}
	times := d.Quantity.DivRound(d.Ordinary, 4).Truncate(2) // down, so that it never reads as more
	e.hold("usage is %sx usual, above asks for more than %sx", times, x.Rule.Spike.Above)
}

// noRun says why a day over usual is not part of what creeps.
func (e *Explanation) noRun(x rules.Explained) {
	above := runAbove(x.Rule.Spike)
	switch x.Spike.Day.NoRun {
	case spend.TestRunHistory:
		e.hold("what creeps is found by its last four days, from eight days of history on")
	case spend.TestRunOver:
		e.hold("it does not creep: of the last four days three must be over usual, the newest more than %s times", above)
	case spend.TestRunTogether:
		e.hold("it does not creep: the last four days together are not more than %s times usual", above)
	case spend.TestRunBiggest:
		e.hold("it does not creep: the last four days together are not more than %s times the biggest four days in a row of the six weeks before", above)
	case spend.TestRunSpread:
		e.hold("it does not creep: the last four days do not lie 1.75 deviations over usual")
	}
}

// runAbove is how many times usual a run must be: a float, as it is in the
// statistics.
func runAbove(s *rules.Spike) string {
	above, _ := s.Above.Float64()
	return strconv.FormatFloat(math.Sqrt(above), 'f', 2, 64)
}

// stricter says how much more a rise must be worth on little history.
func stricter(history int) string {
	switch {
	case history >= 10:
		return ""
	case history >= 3:
		return ", and three times that on " + count(history, "day") + " of history"
	}
	return ", and ten times that on " + count(history, "day") + " of history"
}
