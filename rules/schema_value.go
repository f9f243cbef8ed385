package rules

import "strings"

// How values are written, as editors check it. Signs and zeros that a reader
// of numbers refuses are left to it where a pattern would be unreadable.
const (
	linePattern     = `^\s*\S([^\r\n]*\S)?\s*$`
	digitsPattern   = `(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?`
	moneyPattern    = `(0\.[0-9]{0,14}[1-9][0-9]{0,14}|[1-9][0-9]{0,14}(\.[0-9]{1,15})?)`
	percentPattern  = `(0|[1-9][0-9]{0,4})(\.[0-9]{1,15})?%`
	durationPattern = `^\+?(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$`
	clockPattern    = `^([01][0-9]|2[0-3]):[0-5][0-9]$`
	keepPattern     = `^(forever|[1-9][0-9]{1,4}d)$`
	channelPattern  = `^(#[^\sA-Z#@,]{1,80}|[CG][A-Z0-9]{1,29})$`
)

// largest is no less than any number that a file may hold, as floats read it.
const largest = 1_000_000_000_000_000

func textShape() shape {
	return shape{Type: "string", MinLength: 1, MaxLength: maxText, Pattern: linePattern}
}

// writtenShape is a name that may be made of digits alone.
func writtenShape() shape {
	s := textShape()
	s.Type = []string{"string", "number"}
	return s
}

func wordShape[T ~string](words []T) shape { return shape{Type: "string", Enum: words} }

// numberShape is a number above another, or the same as text by a pattern.
func numberShape(above int, pattern string) shape {
	return shape{Type: []string{"number", "string"}, Above: &above, Maximum: largest, Pattern: "^" + pattern + "$"}
}

func moneyShape() shape { return numberShape(0, moneyPattern) }

func percentShape() shape { return shape{Type: "string", Pattern: "^" + percentPattern + "$"} }

func thresholdShape() shape { return numberShape(0, "("+moneyPattern+"|"+percentPattern+")") }

func durationShape() shape { return shape{Type: "string", Pattern: durationPattern} }

func channelShape() shape { return shape{Type: "string", Pattern: channelPattern} }

func keepShape() shape { return shape{Type: "string", Pattern: keepPattern} }

// slackIDShape is one of Slack's IDs, told by their first letters.
func slackIDShape(prefixes string) shape {
	return shape{Type: "string", Pattern: "^[" + prefixes + "][A-Z0-9]{1,29}$"}
}

func currencyShape() shape { return shape{Type: "string", Enum: strings.Fields(currencies)} }

func listOf(s shape) shape { return shape{Type: "array", MinItems: 1, Items: &s} }

// thresholdsShape is a list of lines, in percent or amounts.
func thresholdsShape() shape {
	s := listOf(thresholdShape())
	s.MaxItems = maxThresholds
	return s
}
