package rules

import (
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// numberForm is how a number is written. Neither an exponent nor a plus sign nor
// a leading zero is part of it: readers of YAML disagree on what those mean.
var numberForm = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$`)

// number makes a decimal from the written digits, or reports why it cannot.
func (r *reader) number(f field, text, example string) (decimal.Decimal, bool) {
	if numberForm.MatchString(text) {
		if n, err := decimal.NewFromString(text); err == nil {
			return n, true
		}
	}
	r.report(f.node, "%q must be plain digits such as %s, not %s%s", f.key, example, shown(f.node.Value), numberHint(text))
	return decimal.Decimal{}, false
}

func numberHint(text string) string {
	switch {
	case strings.ContainsAny(text, "$€£¥"):
		return ": leave the currency sign out"
	case strings.ContainsAny(text, "_,' "):
		return ": no separators, and a point before decimals"
	case strings.HasSuffix(text, "%"):
		return ": no percentage here"
	}
	return ""
}

// amount is a sum of money above zero.
func (r *reader) amount(f field) (decimal.Decimal, bool) {
	text, ok := r.written(f)
	if !ok {
		return decimal.Decimal{}, false
	}
	n, ok := r.number(f, text, "20.50")
	if ok && !n.IsPositive() {
		r.report(f.node, "%q must be more than 0, not %s", f.key, text)
		return decimal.Decimal{}, false
	}
	return n, ok
}

const maxPercent = 10_000

// percent is a percentage. Zero is for the settings that 0% turns off.
func (r *reader) percent(f field, text string, zero bool) (decimal.Decimal, bool) {
	digits, found := strings.CutSuffix(text, "%")
	if !found {
		r.report(f.node, "%q must be a percentage such as 5%%, not %s", f.key, shown(text))
		return decimal.Decimal{}, false
	}
	n, ok := r.number(f, digits, "50%")
	switch {
	case !ok:
	case zero && n.IsNegative():
		r.report(f.node, "%q must not be negative, as %s is", f.key, text)
	case !zero && !n.IsPositive():
		r.report(f.node, "%q must be more than 0%%, not %s", f.key, text)
	case n.GreaterThan(decimal.NewFromInt(maxPercent)):
		r.report(f.node, "%q must be at most %d%%, not %s", f.key, maxPercent, text)
	default:
		return n, true
	}
	return decimal.Decimal{}, false
}

// duration is a time span with its unit.
func (r *reader) duration(f field) (time.Duration, bool) {
	text, ok := r.written(f)
	if !ok {
		return 0, false
	}
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		r.report(f.node, "bad duration %s: write hours, minutes and seconds, such as 1h, 15m or 1h30m", shown(text))
	case d <= 0:
		r.report(f.node, "%q must be more than 0, not %s", f.key, shown(text))
	default:
		return d, true
	}
	return 0, false
}

// clock is a time of day, since midnight.
func (r *reader) clock(f field) (time.Duration, bool) {
	text, ok := r.written(f)
	if !ok {
		return 0, false
	}
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		r.report(f.node, "bad time of day %s: write it from 00:00 to 23:59, such as 09:00", shown(text))
		return 0, false
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, true
}
