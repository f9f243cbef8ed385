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
	text, err := numberText(raw)
	if err != nil {
		return fetcher.Number{}, err
	}
	n, err := parseNumber(text)
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

// parseNumber reads a number of JSON's grammar. It takes time by the length of
// the text alone, whatever the exponent says.
func parseNumber(text []byte) (number, error) {
	whole, fraction, exponent, negative, ok := splitNumber(text)
	if !ok {
		return number{}, errNotNumber
	}
	coef, digits, fits := coefficient(whole, fraction)
	exp := saturate(exponent) - len(fraction)
	if -exp > maxFractionDigits {
		return number{}, fmt.Errorf("has more than %d digits after the point", maxFractionDigits)
	}
	if max(digits, 1)+exp > maxIntegerDigits {
		return number{}, fmt.Errorf("is beyond 1e%d", maxIntegerDigits)
	}
	if negative {
		coef = -coef
	}
	return number{coef: coef, exp: int32(exp), fits: fits}, nil
}

// splitNumber cuts -12.5e+3 into "12", "5" and "+3".
func splitNumber(text []byte) (whole, fraction, exponent []byte, negative, ok bool) {
	if negative = len(text) > 0 && text[0] == '-'; negative {
		text = text[1:]
	}
	whole, text = cutDigits(text)
	if len(whole) == 0 || len(whole) > 1 && whole[0] == '0' {
		return nil, nil, nil, false, false
	}
	if len(text) > 0 && text[0] == '.' {
		if fraction, text = cutDigits(text[1:]); len(fraction) == 0 {
			return nil, nil, nil, false, false
		}
	}
	if len(text) > 0 && (text[0] == 'e' || text[0] == 'E') {
		exponent = text[1:]
		text = exponent
		if len(text) > 0 && (text[0] == '+' || text[0] == '-') {
			text = text[1:]
		}
		var digits []byte
		if digits, text = cutDigits(text); len(digits) == 0 {
			return nil, nil, nil, false, false
		}
	}
	return whole, fraction, exponent, negative, len(text) == 0
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
func coefficient(whole, fraction []byte) (coef int64, digits int, fits bool) {
	fits = true
	for _, part := range [2][]byte{whole, fraction} {
		for _, c := range part {
			digit := int64(c - '0')
			if digits > 0 || digit > 0 {
				digits++
			}
			if !fits || coef > (math.MaxInt64-digit)/10 {
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
