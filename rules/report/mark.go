package report

import (
	"slices"

	"github.com/billbot/billbot/rules"
)

// Emoji shows an alert's state, or its severity while it is on. The words
// beside it say the same, for those who do not see colours. An alert that
// ended because its period did, and not because all was well again, has no
// check mark.
func Emoji(a rules.Alert) string {
	switch {
	case a.State == rules.Resolved && a.Ended == rules.EndedPeriod && endedOver(a.Finding):
		return "⏹️"
	case a.State == rules.Resolved:
		return "✅"
	case a.State == rules.Unknown:
		return unknownEmoji
	}
	return severityEmoji(a.Finding.Severity)
}

const unknownEmoji = "⚪"

// emoji shows an open alert as [Emoji] does.
func (o OpenAlert) emoji() string {
	if o.State == rules.Unknown {
		return unknownEmoji
	}
	return severityEmoji(o.Severity)
}

// endedOver reports whether a period ended badly: over the budget, or with a
// spike or a doubt that nobody saw end.
func endedOver(f rules.Finding) bool {
	return f.Kind == rules.KindSpike || f.Kind == rules.KindPrice || f.IsUnknown() || isOver(f)
}

func isOver(f rules.Finding) bool { return f.Amount.GreaterThanOrEqual(budgetOf(f)) }

func severityEmoji(s rules.Severity) string {
	switch s {
	case rules.Critical:
		return "🔴"
	case rules.Info:
		return "🔵"
	}
	return "🟡"
}

// WelcomeEmoji greets, or shows the gravest of what is already on.
func WelcomeEmoji(w Welcome) string {
	on := w.on()
	if len(on) == 0 {
		return "👋"
	}
	gravest := slices.MaxFunc(on, func(a, b OpenAlert) int { return a.Severity.Compare(b.Severity) })
	return severityEmoji(gravest.Severity)
}
