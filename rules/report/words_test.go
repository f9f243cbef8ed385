package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestMoney(t *testing.T) {
	tests := []struct{ amount, currency, want string }{
		{"4400.12", "USD", "$4,400.12"},
		{"12", "EUR", "€12.00"},
		{"3", "CHF", "CHF 3.00"},
		{"-2.1", "USD", "-$2.10"},
		{"-1234567.005", "GBP", "-£1,234,567.01"},
		{"0", "USD", "$0.00"},
		{"0.00026", "USD", "$0.00026"},
		{"0.000264999", "USD", "$0.00026"},
		{"-0.0099", "USD", "-$0.0099"},
		{"0.00999", "USD", "$0.01"},
		{"0.01", "USD", "$0.01"},
		{"0.005", "USD", "$0.0050"},
		{"999.995", "USD", "$1,000.00"},
		{"0.1234", "USD", "$0.12"},
		{"12345678901234.567", "USD", "$12,345,678,901,234.57"},
		{"1.25e21", "USD", "$1.3e21"},
		{"5", "", "5.00"},
		{"5", "<!channel>", "chan 5.00"},
	}
	for _, tt := range tests {
		if got := Money(dec(tt.amount), tt.currency); got != tt.want {
			t.Errorf("Money(%s, %s) = %q, want %q", tt.amount, tt.currency, got, tt.want)
		}
	}
	for exponent, want := range map[int32]string{900_000_000: "$1e900000000", -900_000_000: "$0.00"} {
		if got := Money(decimal.New(1, exponent), "USD"); got != want {
			t.Errorf("Money(1e%d) = %q, want %q", exponent, got, want)
		}
	}
}

func TestMoneyIsWithinHalfACent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := decimal.New(rapid.Int64().Draw(t, "units"), rapid.Int32Range(-9, -2).Draw(t, "exponent"))
		written := strings.ReplaceAll(strings.Replace(Money(amount, "USD"), "$", "", 1), ",", "")
		off := dec(written).Sub(amount).Abs()
		if off.GreaterThan(dec("0.005")) {
			t.Errorf("Money(%s) = %q, off by %s", amount, written, off)
		}
		if small := amount.Abs(); small.LessThan(dec("0.009")) && off.Mul(dec("10")).GreaterThan(small) {
			t.Errorf("Money(%s) = %q, off by more than a tenth", amount, written)
		}
	})
}

func TestQuantity(t *testing.T) {
	tests := []struct{ quantity, unit, want string }{
		{"519109", "Count", "519,109"},
		{"519109", "", "519,109"},
		{"3500000000000", "rows", "3.5 trillion rows"},
		{"3519109000000", "rows", "3.52 trillion rows"},
		{"35000000000000", "rows", "35 trillion rows"},
		{"999999", "", "999,999"},
		{"1000000", "", "1 million"},
		{"999999999", "", "1 billion"},
		{"7.7e15", "", "7.7 quadrillion"},
		{"3e20", "", "3e20"},
		{"48.308", "GB-months", "48.31 GB-months"},
		{"106704.4", "vCPU-ms", "106,704 vCPU-ms"},
		{"0.002134", "", "0.0021"},
		{"0", "rows", "0 rows"},
		{"-12", "rows", "-12 rows"},
		{"5", "a\nb\u202e", "5 a b"},
	}
	for _, tt := range tests {
		if got := Quantity(dec(tt.quantity), tt.unit); got != tt.want {
			t.Errorf("Quantity(%s, %q) = %q, want %q", tt.quantity, tt.unit, got, tt.want)
		}
	}
}

func TestTimesAndPercent(t *testing.T) {
	for _, tt := range []struct{ much, usual, want string }{
		{"41.2", "4.4", "9x"}, {"53", "1", "53x"}, {"2.4", "1", "2.4x"}, {"3", "1", "3x"},
		{"4400", "0", ""}, {"0", "3", ""}, {"3519109000000", "12000000", "293,259x"}, {"1e12", "1", "1 trillion times"},
	} {
		if got := Times(dec(tt.much), dec(tt.usual)); got != tt.want {
			t.Errorf("Times(%s, %s) = %q, want %q", tt.much, tt.usual, got, tt.want)
		}
	}
	for _, tt := range []struct{ part, whole, want string }{
		{"32.015", "25", "128%"}, {"24.999", "25", "99%"}, {"25", "25", "100%"}, {"0.01", "25", "under 1%"},
		{"0", "25", "0%"}, {"4400", "25", "17,600%"}, {"1", "0", ""}, {"-5", "25", "-20%"},
	} {
		if got := Percent(dec(tt.part), dec(tt.whole)); got != tt.want {
			t.Errorf("Percent(%s, %s) = %q, want %q", tt.part, tt.whole, got, tt.want)
		}
	}
}

func TestDays(t *testing.T) {
	day := fetcher.NewDay(2026, 5, 12)
	for _, tt := range []struct {
		reference fetcher.Day
		want      string
	}{
		{0, "Tue 12 May"}, {fetcher.NewDay(2026, 1, 1), "Tue 12 May"}, {fetcher.NewDay(2027, 1, 1), "Tue 12 May 2026"},
	} {
		if got := DayName(day, tt.reference); got != tt.want {
			t.Errorf("DayName(%s, %s) = %q, want %q", day, tt.reference, got, tt.want)
		}
	}
	if got, want := DataLine(fetcher.NewDay(2026, 4, 2)), "Data through Thu 2 Apr (UTC)"; got != want {
		t.Errorf("DataLine = %q, want %q", got, want)
	}
	if got, want := DataLine(0), "No data yet"; got != want {
		t.Errorf("DataLine(0) = %q, want %q", got, want)
	}
	p := fetcher.Period{Start: fetcher.NewDay(2025, 12, 15), End: fetcher.NewDay(2026, 1, 14), EndEstimated: true}
	if got, want := PeriodName(p, fetcher.NewDay(2026, 1, 3)), "15 Dec 2025 to about 14 Jan"; got != want {
		t.Errorf("PeriodName = %q, want %q", got, want)
	}
}

func TestNamesAreData(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"D1 - Rows Read", "D1 - Rows Read"},
		{"a\u202eb\u2066c\x00d\x1b[31m", "abcd[31m"},
		{" two\n\tlines\u2028x ", "two lines x"},
		{"\u200b\ufeff", "(no name)"},
		{"bad\xff", "bad\uFFFD"},
		{strings.Repeat("ä", 80), strings.Repeat("ä", 59) + "…"},
	} {
		if got := Name(tt.name, 60); got != tt.want {
			t.Errorf("Name(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 100).Draw(t, "limit")
		got := Name(rapid.String().Draw(t, "name"), max(limit, 9))
		if n := utf8.RuneCountInString(got); n == 0 || n > max(limit, 9) || strings.ContainsAny(got, "\n\r\t\x1b\u202e") {
			t.Errorf("got %q of %d runes, want 1 to %d and one line", got, n, limit)
		}
	})
}
