package ruletest

import (
	"regexp"

	"github.com/billbot/billbot/rules"

	"github.com/shopspring/decimal"
)

// numberForm is how a number of a series is written. It has no exponent and no
// plus sign, like those of rules files, and no more digits than any bill.
var numberForm = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,15})?[kMBT]?$`)

// largest bounds what k, M, B and T make of a number, so that a series prints
// as it is read.
var largest = decimal.New(1, 18)

func parseNumber(text string) (decimal.Decimal, bool) {
	if !numberForm.MatchString(text) {
		return decimal.Decimal{}, false
	}
	shift := int32(0)
	switch text[len(text)-1] {
	case 'k':
		shift = 3
	case 'M':
		shift = 6
	case 'B':
		shift = 9
	case 'T':
		shift = 12
	}
	if shift > 0 {
		text = text[:len(text)-1]
	}
	n, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Decimal{}, false
	}
	n = n.Shift(shift)
	return n, n.Abs().LessThan(largest)
}

var one = decimal.NewFromInt(1)

// amount is a number as series have them: with k, M, B and T, not below zero.
func amount(part rules.Part) (decimal.Decimal, bool) {
	text, ok := part.Text()
	if !ok {
		return decimal.Decimal{}, false
	}
	n, ok := parseNumber(text)
	if !ok || n.IsNegative() {
		part.Report("%s is not a number such as 1000 or 2.5M", quoted(text))
		return decimal.Decimal{}, false
	}
	return n, true
}
