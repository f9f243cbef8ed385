package slack

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/billbot/billbot/rules/report"
)

// The words that /spend knows, in small letters.
var (
	spans = map[string]report.Span{
		"today": report.SpanToday, "yesterday": report.SpanYesterday,
		"week": report.SpanWeek, "month": report.SpanMonth, "period": report.SpanPeriod,
	}
	parts = map[string]report.Part{
		"service": report.PartService, "services": report.PartService,
		"family": report.PartFamily, "families": report.PartFamily,
		"zone": report.PartZone, "zones": report.PartZone,
		"account": report.PartAccount, "accounts": report.PartAccount,
	}
	asks = map[string]Ask{
		"now": AskNow, "top": AskTop, "movers": AskTop,
		"budget": AskBudgets, "budgets": AskBudgets, "alert": AskAlerts, "alerts": AskAlerts,
		"forecast": AskForecast, "export": AskExport, "csv": AskExport, "help": AskHelp, "?": AskHelp,
	}
	units = map[string]time.Duration{
		"m": time.Minute, "min": time.Minute, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute,
		"h": time.Hour, "hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour,
		"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
		"w": 7 * 24 * time.Hour, "wk": 7 * 24 * time.Hour, "week": 7 * 24 * time.Hour, "weeks": 7 * 24 * time.Hour,
		"mo": 30 * 24 * time.Hour, "month": 30 * 24 * time.Hour, "months": 30 * 24 * time.Hour,
	}
)

// guesses are the words that may have been meant, in the order in which equals
// win.
func guesses() []string {
	return slices.Concat([]string{"help", "by service", "by family", "by zone", "by account", "why", "ack", "snooze"},
		slices.Sorted(maps.Keys(spans)), []string{"alerts", "budgets", "export", "forecast", "top"})
}

// String writes the query as it can be typed: [ParseQuery] reads the same from
// it. Of a query that is wrong it is what could be read.
func (q Query) String() string {
	switch q.Ask {
	case AskSpan:
		return string(q.Span)
	case AskBy:
		text := "by " + string(q.Part)
		if q.Span != report.SpanPeriod {
			text += " " + string(q.Span)
		}
		return text
	case AskNamed:
		return `"` + q.Name + `"`
	case AskWhy:
		return `why "` + q.Name + `"`
	case AskAck:
		return "ack " + q.Name
	case AskSnooze:
		if q.Period {
			return "snooze " + q.Name + " period"
		}
		return "snooze " + q.Name + " " + strconv.Itoa(int(q.For/time.Minute)) + "m"
	}
	return string(q.Ask)
}
