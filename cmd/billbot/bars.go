package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/billbot/billbot/rules/report"
	"github.com/shopspring/decimal"
)

// How bars are laid out: so many of the dearest services, names no wider than
// this, and at least so much room for a bar.
const (
	mostBars  = 12
	widestBar = 40
	leastBar  = 8
	widestBut = 40 // of names
)

// bars draws what the services of a billing period cost, as wide as a screen; ""
// where there is nothing to draw, or no room.
func bars(s report.Spend, width int) string {
	free := func(service report.ServiceSpend) bool { return service.Period.IsZero() }
	services := slices.DeleteFunc(slices.Clone(s.Services), free)
	if len(services) > mostBars {
		services = services[:mostBars]
	}
	var names, amounts []string
	wide, long, most := 0, 0, decimal.Zero
	for _, service := range services {
		name, amount := report.Name(service.Service, widestBut), report.Money(service.Period, s.Currency)
		names, amounts = append(names, name), append(amounts, amount)
		wide, long = max(wide, utf8.RuneCountInString(name)), max(long, utf8.RuneCountInString(amount))
		most = decimal.Max(most, service.Period)
	}
	room := min(width-wide-long-len("  ")*2, widestBar)
	if room < leastBar || !most.IsPositive() {
		return ""
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s, billing period from %s:\n", report.Name(s.Account, widestBut), s.Period.Start)
	for i, service := range services {
		fmt.Fprintf(&out, "%-*s  %-*s  %*s\n", wide, names[i], room, bar(service.Period, most, room), long, amounts[i])
	}
	return out.String()
}

// bar is a bar of a part of the most there is, whose bar is of a width. What is
// more than nothing can be seen.
func bar(part, most decimal.Decimal, width int) string {
	if !part.IsPositive() {
		return ""
	}
	n := part.Mul(decimal.NewFromInt(int64(width))).Div(most).IntPart()
	if n == 0 {
		return "▏"
	}
	return strings.Repeat("█", int(n))
}
