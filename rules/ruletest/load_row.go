package ruletest

import (
	"errors"

	"github.com/billbot/billbot/rules"
)

// rows reads the services of a test. Each is a series of costs, or a mapping
// that says more, or a list of such mappings: several rows a day.
func (l loader) rows(part rules.Part, account rules.Account) []Row {
	var rows []Row
	for _, entry := range part.Entries("services") {
		if !entry.Value.IsList() {
			rows = append(rows, l.row(entry.Name, entry.Value, account))
			continue
		}
		for _, item := range entry.Value.Items() {
			rows = append(rows, l.row(entry.Name, item, account))
		}
	}
	return rows
}

func (l loader) row(service string, part rules.Part, account rules.Account) Row {
	row := Row{Service: service, Account: account}
	if !part.IsMapping() {
		row.Cost = series(part)
		return row
	}
	b := part.Block("a service", "cost", "quantity", "price", "per", "included", "unit", "account", "family", "zone")
	row.Account = l.account(b.Get("account"), account)
	row.Family, _ = b.Get("family").Text()
	row.Zone, _ = b.Get("zone").Text()
	row.Unit, _ = b.Get("unit").Text()
	row.Cost, row.Quantity = series(b.Get("cost")), series(b.Get("quantity"))
	row.price(b)
	row.check(part, b)
	return row
}

// price reads what a service is priced by.
func (r *Row) price(b rules.Block) {
	if price, ok := b.Get("price").Number(); ok {
		r.Price = price
	}
	if per := b.Get("per"); per.Present() {
		n, ok := amount(per)
		for ok && r.Per < 18 && n.IsPositive() && !n.Shift(-r.Per).Equal(one) {
			r.Per++
		}
		if ok && !n.Shift(-r.Per).Equal(one) {
			per.Report("\"per\" must be 1, 10, 100 and so on, such as 1M, as prices are exact")
		}
	}
	if included, ok := amount(b.Get("included")); ok {
		r.Included = included
	}
}

// check reports what does not go together.
func (r *Row) check(part rules.Part, b rules.Block) {
	cost, quantity := b.Get("cost"), b.Get("quantity")
	priced := b.Get("price")
	switch {
	case !cost.Present() && !quantity.Present():
		part.Report("a service needs \"cost\", or \"quantity\" and \"price\"")
	case cost.Present() && priced.Present():
		priced.Report("\"cost\" says what each day cost already: leave \"price\" out, or \"cost\"")
	case cost.Present() && quantity.Present() && r.Cost != nil && r.Quantity != nil && r.Cost.Days() != r.Quantity.Days():
		quantity.Report("\"cost\" has %d days and \"quantity\" %d: they must be the same days", r.Cost.Days(), r.Quantity.Days())
	}
	for _, key := range []string{"per", "included"} {
		if part := b.Get(key); part.Present() && !priced.Present() {
			part.Report("%q needs \"price\"", key)
		}
	}
	if r.Quantity.falls() {
		quantity.Report("\"quantity\" must not fall below 0")
	}
}

// series reads a series, nil where there is none or it is wrong.
func series(part rules.Part) Series {
	text, ok := part.LongText()
	if !ok {
		return nil
	}
	s, err := ParseSeries(text)
	if wrong, ok := errors.AsType[SyntaxError](err); ok {
		part.ReportIn(wrong.Offset, "%s", wrong.Message)
	}
	return s
}
