package report

import (
	"slices"
	"strconv"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// StormTitle says what several alerts of an account are together, in one line
// without a final full stop: "Storm: 4 services at $1,213.40 on Fri 3 Apr,
// usually $12.10 (production)".
func StormTitle(storm []rules.Alert) string {
	on := alertsOn(storm)
	account := ""
	if len(storm) > 0 && storm[0].Finding.Subject.Account != "" {
		account = " (" + name(storm[0].Finding.Subject.Account) + ")"
	}
	of := count(servicesOf(storm), "service")
	switch {
	case len(on) == 0:
		return "Storm over: " + of + stormExtra(storm) + account
	case servicesOf(on) < servicesOf(storm):
		return "Storm: " + strconv.Itoa(servicesOf(on)) + " of " + of + " still on" + account
	}
	return "Storm: " + of + stormCost(on) + account
}

// StormSentence tells a storm in one line: what it is together, and the dearest
// services.
func StormSentence(storm []rules.Alert) string {
	const most = 3
	var parts []string
	for _, a := range alertsOn(storm) {
		f := a.Finding
		if part := name(f.Subject.Service) + at(f); len(parts) < most && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	sentences := []string{StormTitle(storm) + "."}
	if len(parts) > 0 {
		sentences = append(sentences, "Dearest: "+and(parts)+".")
	}
	return Cut(joined(sentences, " "), sentenceRunes)
}

// StormEmoji shows the gravest of what is on, or how it ended.
func StormEmoji(storm []rules.Alert) string {
	if gravest, on := StormGravest(storm); on {
		return Emoji(gravest)
	}
	for _, a := range storm {
		if emoji := Emoji(a); a.Ended == rules.EndedPeriod {
			return emoji
		}
	}
	return "✅"
}

// StormGravest is the gravest alert of a storm that is on, and whether any is.
func StormGravest(storm []rules.Alert) (gravest rules.Alert, on bool) {
	alerts := alertsOn(storm)
	if len(alerts) == 0 {
		return rules.Alert{}, false
	}
	return slices.MaxFunc(alerts, func(a, b rules.Alert) int { return a.Finding.Severity.Compare(b.Finding.Severity) }), true
}

// StormSince is when the first alert of a storm fired, of those that are on if
// any is; zero where that is not known.
func StormSince(storm []rules.Alert) time.Time {
	of := alertsOn(storm)
	if len(of) == 0 {
		of = storm
	}
	var since time.Time
	for _, a := range of {
		if since.IsZero() || !a.Since.IsZero() && a.Since.Before(since) {
			since = a.Since
		}
	}
	return since
}

// StormLine names one alert of a storm.
func StormLine(a rules.Alert) string {
	line := Emoji(a) + " " + Name(Headline(a), textRunes) + " [" + Name(a.ID, 16) + "]"
	if standing := Standing(a); standing != "" {
		line += ", " + standing
	}
	return line
}

// StormThrough is how far the data of a storm goes.
func StormThrough(storm []rules.Alert) fetcher.Day {
	var through fetcher.Day
	for _, a := range storm {
		through = max(through, a.Finding.Through)
	}
	return through
}

func alertsOn(storm []rules.Alert) []rules.Alert {
	return slices.DeleteFunc(slices.Clone(storm), func(a rules.Alert) bool { return !a.On() })
}

func servicesOf(storm []rules.Alert) int {
	services := map[string]bool{}
	for _, a := range storm {
		services[a.Finding.Subject.Service] = true
	}
	return len(services)
}

// stormCost is what spikes of one day cost together. Other alerts, and other
// currencies, are not added up.
func stormCost(on []rules.Alert) string {
	amount, usual := decimal.Zero, decimal.Zero
	for _, a := range on {
		f, first := a.Finding, on[0].Finding
		if f.Kind != rules.KindSpike || f.Day != first.Day || f.Currency != first.Currency || f.Valued {
			return " at once"
		}
		amount, usual = amount.Add(f.Amount), usual.Add(f.Usual)
	}
	f := on[0].Finding
	return " at " + Money(amount, f.Currency) + " on " + DayName(f.Day, f.Through) + ", usually " + Money(usual, f.Currency)
}

// stormExtra is what spikes that are over cost more than usual.
func stormExtra(storm []rules.Alert) string {
	extra := decimal.Zero
	for _, a := range storm {
		f := a.Finding
		if f.Kind != rules.KindSpike || f.Currency != storm[0].Finding.Currency || f.Valued {
			return ""
		}
		extra = extra.Add(f.Extra)
	}
	return ", " + Money(extra, storm[0].Finding.Currency) + " more than usual"
}
