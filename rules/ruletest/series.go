package ruletest

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// MaxDays is how many days a series may have.
const MaxDays = 1000

// Series is what a service cost or used from day to day.
type Series []Run

// Run is some days of a series: From on the first, and each day Step more.
type Run struct {
	From, Step decimal.Decimal
	Days       int
	Missing    bool // days without a row; From and Step are zero
}

// SyntaxError is a mistake in a written series.
type SyntaxError struct {
	Offset  int // characters before the item it is in
	Message string
}

func (e SyntaxError) Error() string { return e.Message }

// ParseSeries reads a series as the package's documentation says. The error is
// a [SyntaxError].
func ParseSeries(text string) (Series, error) {
	var series Series
	days := 0
	for offset, item := range items(text) {
		run, err := parseRun(item)
		if err == nil && days+run.Days > MaxDays {
			err = fmt.Errorf("a series has at most %d days, and with %s it has more", MaxDays, quoted(item))
		}
		if err != nil {
			return nil, SyntaxError{offset, err.Error()}
		}
		days += run.Days
		series = append(series, run)
	}
	if len(series) == 0 {
		return nil, SyntaxError{0, "an empty series: write what each day cost, such as 0x20 3.75"}
	}
	return series, nil
}

// items goes over the words of a text, each with the characters before it.
func items(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		characters := 0
		for part := range strings.FieldsFuncSeq(text, isBlank) {
			before, after, _ := strings.Cut(text, part)
			characters += utf8.RuneCountInString(before)
			if !yield(characters, part) {
				return
			}
			characters += utf8.RuneCountInString(part)
			text = after
		}
	}
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

func parseRun(item string) (Run, error) {
	what, times, repeated := strings.Cut(item, "x")
	run := Run{Days: 1}
	if repeated {
		n, err := strconv.Atoi(times)
		if err != nil && isDigits(times) || n > MaxDays {
			return run, fmt.Errorf("%s: a series has at most %d days", quoted(item), MaxDays)
		}
		if !isDigits(times) || n < 1 {
			return run, fmt.Errorf("%s: x is followed by a number of days, such as 0x20", quoted(item))
		}
		run.Days = n
	}
	if what == "_" {
		run.Missing = true
		return run, nil
	}
	return run, run.parseValue(item, what, repeated)
}

// parseValue reads the part before the x: 3.75, 1+0.5, 9-1.
func (r *Run) parseValue(item, what string, repeated bool) error {
	from, step, falls := what, "", false
	if len(what) > 1 {
		if i := strings.IndexAny(what[1:], "+-"); i >= 0 {
			from, step, falls = what[:i+1], what[i+2:], what[i+1] == '-'
			if !repeated {
				return fmt.Errorf("%s: how many days? write %sx10", quoted(item), Cut(item))
			}
		}
	}
	var ok bool
	if r.From, ok = parseNumber(from); !ok {
		return badItem(item)
	}
	if step == "" && from == what {
		return nil
	}
	if r.Step, ok = parseNumber(step); !ok || strings.HasPrefix(step, "-") {
		return badItem(item)
	}
	if falls {
		r.Step = r.Step.Neg()
	}
	return nil
}

func badItem(item string) error {
	if strings.ContainsAny(item, "$€£%,") {
		return fmt.Errorf("%s is not a number: plain digits, without currency, percent or separators", quoted(item))
	}
	return fmt.Errorf("%s is no item of a series: write 3.75, 0x20, 1+0.5x10 or _", quoted(item))
}

// Cut shortens an item for a message.
func Cut(item string) string {
	if runes := []rune(item); len(runes) > 30 {
		return string(runes[:30]) + "…"
	}
	return item
}

func quoted(item string) string { return strconv.Quote(Cut(item)) }

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// At is what the day that many days after the first has; false on a day
// without a row, and beyond the series.
func (s Series) At(day int) (decimal.Decimal, bool) {
	for _, run := range s {
		if day < run.Days {
			return run.From.Add(run.Step.Mul(decimal.NewFromInt(int64(day)))), !run.Missing && day >= 0
		}
		day -= run.Days
	}
	return decimal.Decimal{}, false
}

// Days is how many days the series has, those without a row too.
func (s Series) Days() int {
	days := 0
	for _, run := range s {
		days += run.Days
	}
	return days
}

// falls reports whether any day is below zero.
func (s Series) falls() bool {
	for _, run := range s {
		last := run.From.Add(run.Step.Mul(decimal.NewFromInt(int64(run.Days - 1))))
		if run.From.IsNegative() || last.IsNegative() {
			return true
		}
	}
	return false
}

// String writes the series as [ParseSeries] reads it, numbers without k, M, B
// and T.
func (s Series) String() string {
	words := make([]string, len(s))
	for i, run := range s {
		words[i] = run.String()
	}
	return strings.Join(words, " ")
}

// String writes the run as one item.
func (r Run) String() string {
	text := r.From.String()
	switch {
	case r.Missing:
		text = "_"
	case r.Step.IsNegative():
		text += "-" + r.Step.Neg().String()
	case !r.Step.IsZero():
		text += "+" + r.Step.String()
	}
	if r.Days != 1 || !r.Step.IsZero() {
		text += "x" + strconv.Itoa(r.Days)
	}
	return text
}
