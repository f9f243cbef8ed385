package cloudflaretest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

func (p *parser) row(fields []string) error {
	if len(fields) < 3 {
		return errors.New("a row needs a day, a service and a quantity")
	}
	var l Line
	var err error
	if l.Day, err = day(fields[0]); err != nil {
		return err
	}
	var known bool
	if l.Service, known = p.services[fields[1]]; !known {
		return fmt.Errorf("unknown service %q", fields[1])
	}
	options, err := l.numbers(fields[2:])
	if err != nil {
		return err
	}
	for _, o := range options {
		if err := p.option(&l, o); err != nil {
			return err
		}
	}
	return p.add(l)
}

// numbers takes the numbers off the fields of a row and returns the rest.
func (l *Line) numbers(fields []string) (rest []string, err error) {
	if fields[0] == "gone" {
		l.Gone = true
		return fields[1:], nil
	}
	isOption := func(f string) bool { return strings.Contains(f, "=") }
	n := slices.IndexFunc(fields, isOption)
	if n < 0 {
		n = len(fields)
	}
	if n != 1 && n != 3 {
		return nil, fmt.Errorf("a row has one number or three, not %d", n)
	}
	for i, into := range []*decimal.Decimal{&l.Consumed, &l.Billed, &l.Cost}[:n] {
		if *into, err = number(fields[i]); err != nil {
			return nil, err
		}
	}
	return fields[n:], nil
}

func (p *parser) option(l *Line, option string) (err error) {
	name, value, _ := strings.Cut(option, "=")
	known := true
	switch name {
	case "seen":
		l.Seen, err = day(value)
	case "zone":
		l.Zone, known = p.zones[value]
	case "sub":
		l.Subscription = value
		known = slices.ContainsFunc(p.recording.Subscriptions, func(s Subscription) bool { return s.ID == value })
	case "part":
		l.Part = value
	default:
		known = false
	}
	if !known {
		return fmt.Errorf("unknown option %q", option)
	}
	return err
}

func (p *parser) add(l Line) error {
	seen := p.recording.seen(l)
	if seen <= l.Day {
		return fmt.Errorf("a row for %s cannot be told on %s", l.Day, seen)
	}
	at := toldOn{l.key(), seen}
	if p.told[at] {
		return fmt.Errorf("a second line for %s of %s on the morning of %s", l.Service.Name, l.Day, seen)
	}
	p.told[at] = true
	p.recording.Lines = append(p.recording.Lines, l)
	return nil
}

func day(s string) (fetcher.Day, error) {
	d, err := fetcher.ParseDay(s)
	if err == nil && d <= 0 {
		return 0, fmt.Errorf("day %q is before 1970-01-02", s)
	}
	return d, err
}

func pricing(s string) (Pricing, error) {
	if p := Pricing(s); p == PricingBilled || p == PricingConsumed {
		return p, nil
	}
	return "", fmt.Errorf("pricing is billed or consumed, not %q", s)
}

func wholeNumber(s string, least, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%q is not a whole number from %d to %d", s, least, most)
	}
	return n, nil
}

// plainDigits leaves out exponents: a recording says its digits one by one.
var plainDigits = regexp.MustCompile(`^-?[0-9]{1,30}(\.[0-9]{1,30})?$`)

func number(s string) (decimal.Decimal, error) {
	if !plainDigits.MatchString(s) {
		return decimal.Decimal{}, fmt.Errorf("%q is not a number in plain digits", s)
	}
	return decimal.NewFromString(s)
}
