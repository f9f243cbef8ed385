package cloudflare

import (
	"errors"
	"fmt"
	"math"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

// The bounds on a number, so that a short text cannot become a huge one. A
// real runaway reads 3.5e13 rows, so thirty digits are far from any bill. The
// rest that a float64 leaves at the source, such as 5.551115123125783e-17, is
// 32 digits long: there must be room for it, as it is no reason to doubt an
// answer.
const (
	maxIntegerDigits  = 30 // before the point: numbers are below 1e30
	maxMoneyDigits    = 12 // likewise of money: nobody is billed a trillion
	maxFractionDigits = 64 // after the point
)

var errNotNumber = errors.New("is not a number")

// number is coef * 10^exp, where the written digits fit into coef.
type number struct {
	coef int64
	exp  int32
	fits bool
}

// readNumber reads a JSON number, or one in quotes, from its digits. What it
// refuses, null among it, it shows.
func readNumber(raw jsontext.Value) (fetcher.Number, error) {
	return readBelow(raw, maxIntegerDigits)
}

// readMoney is readNumber of an amount of money.
func readMoney(raw jsontext.Value) (fetcher.Number, error) {
	return readBelow(raw, maxMoneyDigits)
}

func readBelow(raw jsontext.Value, integerDigits int) (fetcher.Number, error) {
	text, err := numberText(raw)
	if err != nil {
		return fetcher.Number{}, err
	}
	n, err := parseNumber(text, integerDigits)
	if err != nil {
		return fetcher.Number{}, fmt.Errorf("%q %w", clean(text[:min(len(text), shownRunes+1)]), err)
	}
	if n.fits {
		return fetcher.NewNumber(n.coef, n.exp), nil
	}
	long, err := decimal.NewFromString(string(text))
	return fetcher.NumberOf(long), err
}

// numberText returns the digits of a number, without quotes.
func numberText(raw jsontext.Value) ([]byte, error) {
	switch kind := raw.Kind(); kind {
	case '0':
		return raw, nil
	case '"':
		return unquote(raw)
	default:
		return nil, fmt.Errorf("is %s, not a number", kindName(kind))
	}
}

// parseNumber reads a number of JSON's grammar, with so many digits before the
// point at most. It takes time by the length of
// the text alone, whatever the exponent says.
func parseNumber(text []byte, integerDigits int) (number, error) {
	p, rest, ok := cutNumber(text)
	if !ok || len(rest) > 0 {
		return number{}, errNotNumber
	}
	coef, digits, fits := p.coefficient()
	exp := saturate(p.exponent) - len(p.fraction)
	if -exp > maxFractionDigits {
		return number{}, fmt.Errorf("has more than %d digits after the point", maxFractionDigits)
	}
	if max(digits, 1)+exp > integerDigits {
		return number{}, fmt.Errorf("is beyond 1e%d", integerDigits)
	}
	if p.negative {
		coef = -coef
	}
	return number{coef: coef, exp: int32(exp), fits: fits}, nil
}

// parts are those of a number as it is written: -12.5e+3 is "12", "5" and "+3".
type parts struct {
	negative                  bool
	whole, fraction, exponent []byte
}

// cutNumber cuts text after the number it begins with.
func cutNumber(text []byte) (p parts, rest []byte, ok bool) {
	if p.negative = len(text) > 0 && text[0] == '-'; p.negative {
		text = text[1:]
	}
	p.whole, text = cutDigits(text)
	if len(p.whole) == 0 || len(p.whole) > 1 && p.whole[0] == '0' {
		return parts{}, nil, false
	}
	if len(text) > 0 && text[0] == '.' {
		if p.fraction, text = cutDigits(text[1:]); len(p.fraction) == 0 {
			return parts{}, nil, false
		}
	}
	if len(text) > 0 && (text[0] == 'e' || text[0] == 'E') {
		p.exponent, text, ok = cutExponent(text[1:])
		return p, text, ok
	}
	return p, text, true
}

func cutExponent(text []byte) (exponent, rest []byte, ok bool) {
	sign := 0
	if len(text) > 0 && (text[0] == '+' || text[0] == '-') {
		sign = 1
	}
	digits, rest := cutDigits(text[sign:])
	return text[:sign+len(digits)], rest, len(digits) > 0
}

func cutDigits(text []byte) (digits, rest []byte) {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return text[:n], text[n:]
}

// coefficient reads the digits around the point as one whole number, which may
// not fit, and counts them without leading zeros.
func (p parts) coefficient() (coef int64, digits int, fits bool) {
	const safe = 18 // digits that fit whichever they are
	fits = true
	for _, part := range [2][]byte{p.whole, p.fraction} {
		for _, c := range part {
			digit := int64(c - '0')
			if digits > 0 || digit > 0 {
				digits++
			}
			if digits > safe && (!fits || coef > (math.MaxInt64-digit)/10) {
				fits = false
				continue
			}
			coef = coef*10 + digit
		}
	}
	return coef, digits, fits
}

// saturate reads an exponent, and stops counting where it is out of bounds
// anyway.
func saturate(exponent []byte) int {
	const enough = 1 << 30
	n, negative := 0, false
	for _, c := range exponent {
		switch {
		case c == '-':
			negative = true
		case c != '+' && n < enough/10:
			n = n*10 + int(c-'0')
		case c != '+':
			n = enough
		}
	}
	if negative {
		return -n
	}
	return n
}
