package report

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Amounts beyond this many digits before the point are written with an
// exponent. No bill has them; a broken row could.
const maxDigits = 18

// Amounts smaller than this many zeros after the point are shown as zero.
const maxZeros = 12

// Money writes an amount for people: "$4,400.12", "€12.00", "CHF 3.00",
// "-$2.10". This is the only place where an amount is rounded: half away from
// zero, to a cent, and below a cent to two significant digits ("$0.00026").
func Money(amount decimal.Decimal, currency string) string {
	sign := ""
	if amount.IsNegative() {
		sign = "-"
	}
	return sign + symbol(currency) + digits(amount.Abs())
}

// symbol is what stands before an amount. A currency comes from the bill, so
// nothing but letters is taken from it.
func symbol(currency string) string {
	switch currency {
	case "USD":
		return "$"
	case "EUR":
		return "€"
	case "GBP":
		return "£"
	}
	letters := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, currency)
	if letters == "" {
		return ""
	}
	return letters[:min(len(letters), 4)] + " "
}

// digits writes an amount that is not negative.
func digits(amount decimal.Decimal) string {
	m := magnitude(amount)
	switch {
	case m > maxDigits:
		return scientific(amount)
	case m < -maxZeros:
		return "0.00"
	case m < -1:
		// Two digits from the first that is not zero; 0.00999 becomes 0.01.
		if amount = amount.Round(int32(2 - m)); amount.LessThan(cent) {
			return amount.StringFixed(int32(2 - m))
		}
	}
	return grouped(amount.StringFixed(2))
}

var cent = decimal.New(1, -2)

// magnitude is how many digits a positive number has before its point, or, as
// a negative number, how many zeros follow the point. It looks at no digit, so
// an absurd exponent costs nothing.
func magnitude(d decimal.Decimal) int {
	if d.IsZero() {
		return 0
	}
	return d.NumDigits() + int(d.Exponent())
}

// scientific writes a number too long to read: "1.2e21".
func scientific(d decimal.Decimal) string {
	exponent := int32(magnitude(d) - 1)
	return d.Shift(-exponent).Round(1).String() + "e" + decimal.NewFromInt32(exponent).String()
}

// grouped puts commas between the thousands of a written number.
func grouped(number string) string {
	whole, rest, hasPoint := strings.Cut(number, ".")
	var b strings.Builder
	for i, digit := range whole {
		if left := len(whole) - i; i > 0 && left%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if hasPoint {
		b.WriteByte('.')
		b.WriteString(rest)
	}
	return b.String()
}
