package spend

import (
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
)

// named is what a service's billed name says is included: 25 billion for "D1 -
// Rows Read (first 25 billion included)". It is a hint, for what has not been
// billed yet: names are written for people. A quantity in another unit than the
// rows count in is left alone.
func named(name, unit string) (decimal.Decimal, bool) {
	open := strings.LastIndexByte(name, '(')
	if open < 0 {
		return decimal.Zero, false
	}
	words := strings.Fields(strings.ToLower(strings.TrimSuffix(name[open+1:], ")")))
	for i, word := range words {
		quantity, rest, ok := leadingNumber(word)
		if !ok {
			continue
		}
		rests := append([]string{rest}, words[i+1:]...)
		return quantityIn(quantity, rests, strings.ToLower(unit))
	}
	return decimal.Zero, false
}

// leadingNumber cuts "400,000" or "10m" after its digits.
func leadingNumber(word string) (number decimal.Decimal, rest string, ok bool) {
	end := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsDigit(r) && r != ',' && r != '.' })
	if end < 0 {
		end = len(word)
	}
	number, err := decimal.NewFromString(strings.ReplaceAll(strings.TrimRight(word[:end], ",."), ",", ""))
	return number, word[end:], err == nil
}

// quantityIn reads the words after a number: how many, then at most a unit,
// which has to be that of the rows.
func quantityIn(number decimal.Decimal, words []string, unit string) (decimal.Decimal, bool) {
	for _, word := range words {
		switch word {
		case "":
			continue
		case "k", "thousand":
			number = number.Shift(3)
			continue
		case "m", "million":
			number = number.Shift(6)
			continue
		case "b", "billion":
			number = number.Shift(9)
			continue
		case "included", "are", "is", "per", "free":
			return number, true
		}
		return number, strings.HasPrefix(unit, strings.TrimSuffix(word, "s"))
	}
	return number, true
}
