package cloudflare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestReadNumber(t *testing.T) {
	cases := []struct{ raw, want string }{
		{`0`, "0"}, {`-0`, "0"}, {`0.0`, "0"}, {`0e5`, "0"}, {`-0.00e-3`, "0"},
		{`3.00`, "3"}, {`"3.00"`, "3"}, {`"14000"`, "14000"}, {`2.57e-4`, "0.000257"}, {`"2.57E-04"`, "0.000257"},
		{`12.5`, "12.5"}, {`-4.50`, "-4.5"}, {`"-1e2"`, "-100"}, {`1E+2`, "100"}, {`3.5e13`, "35000000000000"},
		{`12345678901234567890`, "12345678901234567890"}, {`-12345678901234567890.5`, "-12345678901234567890.5"},
		{`1234567890.123456789`, "1234567890.123456789"}, {`0.00000000000000000001`, "0.00000000000000000001"},
		{`9223372036854775807`, "9223372036854775807"}, {`9223372036854775808`, "9223372036854775808"},
		{`-9223372036854775808`, "-9223372036854775808"}, {`92233720368547758.07`, "92233720368547758.07"},
		{`92233720368547758.08`, "92233720368547758.08"}, {`5.551115123125783e-17`, "0.00000000000000005551115123125783"},
		{`999999999999999999999999999999`, "999999999999999999999999999999"}, {`1e29`, "100000000000000000000000000000"},
		{`1e-64`, "0." + strings.Repeat("0", 63) + "1"}, {`"\u0031.5"`, "1.5"}, {`1e00000000000000000000002`, "100"},
	}
	for _, tt := range cases {
		got, err := readNumber(jsontext.Value(tt.raw))
		if err != nil || got.String() != tt.want {
			t.Errorf("%s: got %s and error %v, want %s", tt.raw, got, err, tt.want)
		}
	}
}

func TestReadNumberKeepsWrittenDigits(t *testing.T) {
	got, err := readNumber(jsontext.Value(`3.00`))
	if coefficient, exponent, ok := got.Parts(); err != nil || !ok || coefficient != 300 || exponent != -2 {
		t.Errorf("3.00: got %de%d and error %v, want 300e-2", coefficient, exponent, err)
	}
}

func TestReadNumberRefuses(t *testing.T) {
	cases := []struct{ raw, want string }{
		{`null`, "is null, not a number"}, {`true`, "is true, not a number"}, {`[]`, "is an array, not a number"},
		{`""`, `"" is not a number`}, {`"abc"`, `"abc" is not a number`}, {`" 1"`, `"1" is not a number`},
		{`"1 "`, `"1" is not a number`}, {`"+1"`, `"+1" is not a number`}, {`".5"`, `".5" is not a number`},
		{`"5."`, `"5." is not a number`}, {`"1,5"`, `"1,5" is not a number`}, {`"1_000"`, `"1_000" is not a number`},
		{`"0x10"`, `"0x10" is not a number`}, {`"007"`, `"007" is not a number`}, {`"-"`, `"-" is not a number`},
		{`"1e"`, `"1e" is not a number`}, {`"1e+"`, `"1e+" is not a number`}, {`"1e5.0"`, `"1e5.0" is not a number`},
		{`"--1"`, `"--1" is not a number`}, {`"NaN"`, `"NaN" is not a number`}, {`"Infinity"`, `"Infinity" is not a number`},
		{`"$5"`, `"$5" is not a number`}, {`"１"`, `"１" is not a number`}, {`"1.2.3"`, `"1.2.3" is not a number`},
		{`1e30`, `"1e30" is beyond 1e30`}, {`1e999999999`, `"1e999999999" is beyond 1e30`},
		{`0e999999999`, `"0e999999999" is beyond 1e30`}, {`-1e99999999999999999999`, `"-1e99999999999999999999" is beyond 1e30`},
		{`1e-999999999`, `"1e-999999999" has more than 64 digits after the point`},
		{`0.1e-64`, `"0.1e-64" has more than 64 digits after the point`},
		{`1e-18446744073709551616`, `"1e-18446744073709551616" has more than 64 digits after the point`},
		{`1000000000000000000000000000000`, `"1000000000000000000000000000000" is beyond 1e30`},
	}
	for _, tt := range cases {
		got, err := readNumber(jsontext.Value(tt.raw))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %s and error %v, want error %s", tt.raw, got, err, tt.want)
		}
	}
}

// written returns one of the ways to write coef * 10^exp.
func written(t *rapid.T, coef string, exp int) string {
	digits := strings.TrimPrefix(coef, "-")
	sign := coef[:len(coef)-len(digits)]
	text := decimal.RequireFromString(coef).Shift(int32(exp)).String()
	if rapid.Bool().Draw(t, "with exponent") {
		point := rapid.IntRange(1, len(digits)).Draw(t, "point")
		text = sign + digits[:point]
		if point < len(digits) {
			text += "." + digits[point:]
		}
		text += rapid.SampledFrom([]string{"e", "E"}).Draw(t, "e")
		shift := exp + len(digits) - point
		if shift >= 0 {
			text += rapid.SampledFrom([]string{"", "+", "0", "+00"}).Draw(t, "sign of exponent")
		}
		text += fmt.Sprint(shift)
	}
	if rapid.Bool().Draw(t, "quoted") {
		text = `"` + text + `"`
	}
	return text
}

func TestAnyWrittenFormIsTheSameDecimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coef := rapid.StringMatching(`-?([1-9][0-9]{0,24}|0)`).Draw(t, "coefficient")
		exp := rapid.IntRange(-30, 29-24).Draw(t, "exponent")
		want := decimal.RequireFromString(coef).Shift(int32(exp))
		raw := written(t, coef, exp)
		usage, err := DecodeUsage([]byte(envelopeOf(with("PricingQuantity", raw, "ConsumedQuantity", raw))))
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if c := usage.Charges[0]; !c.PricingQuantity.Decimal().Equal(want) || !c.ConsumedQuantity.Decimal().Equal(want) {
			t.Fatalf("%s: got %s and %s, want %s", raw, c.PricingQuantity, c.ConsumedQuantity, want)
		}
	})
}

func TestSharedNumbersStayApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Few coefficients and exponents, so that many share a slot.
		texts := rapid.SliceOfN(rapid.StringMatching(`-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,3})?`), 1, 60).
			Filter(func(texts []string) bool { return validNumbers(texts) }).Draw(t, "numbers")
		var rows []string
		for _, text := range texts {
			rows = append(rows, with("ContractedCost", text))
		}
		usage, err := DecodeUsage([]byte(envelopeOf(rows...)))
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range usage.Charges {
			if want := decimal.RequireFromString(texts[i]); !c.ContractedCost.Decimal().Equal(want) {
				t.Fatalf("row %d: got %s, want %s", i+1, c.ContractedCost, want)
			}
		}
	})
}

func validNumbers(texts []string) bool {
	for _, text := range texts {
		if _, err := parseNumber([]byte(text), maxIntegerDigits); err != nil {
			return false
		}
	}
	return true
}
