package report

import (
	"time"

	"github.com/billbot/billbot/rules"
)

// stale says what is known of an account's polls, and since when nothing is.
func (e *Explanation) stale(x rules.Explained) {
	f, in := x.Finding, x.Trust
	last := "never"
	if !in.LastTrusted.IsZero() {
		last = moment(in.LastTrusted)
	}
	e.input("last trusted poll", stamp(in.LastTrusted), last)
	e.input("patience", in.Patience.String(), hours(in.Patience)+" without a trusted poll are told: six hours, or three polls")
	if !f.Through.IsZero() {
		e.input("newest charge day", f.Through.String(), DayName(f.Through, 0))
	}
	e.input("after", x.Rule.Stale.After.String(), hours(x.Rule.Stale.After)+" without a new charge day are told")
	switch {
	case f.Dark != nil:
		e.input("unknown since", stamp(f.Dark.Since), moment(f.Dark.Since)+": "+sinceWhy(*f.Dark))
		if f.Dark.Reason != "" {
			e.input("last error", f.Dark.Reason, Name(f.Dark.Reason, textRunes))
		}
	case !f.Trusted:
		e.hold("the last poll could not be trusted, and has not gone without for %s", hours(in.Patience))
	case !in.Steady:
		e.hold("the last poll was trusted, and the account had no charges on fourteen days running, so that a day without means nothing")
	default:
		e.hold("the last poll was trusted, and the newest charge day is not %s past", hours(x.Rule.Stale.After))
	}
}

func sinceWhy(d rules.Dark) string {
	if d.Cause == rules.DarkQuiet && d.Files {
		return "the files can be read, without a new charge day"
	}
	if d.Cause == rules.DarkQuiet {
		return "Cloudflare answers, without a new charge day"
	}
	return why(d)
}

// mismatch says which figures of a billing period may be off.
func (e *Explanation) mismatch(x rules.Explained) {
	f := x.Finding
	e.input("period", f.Period.Start.String()+"/"+f.Period.End.String(), PeriodName(f.Period, f.Through))
	if f.Mismatch == nil {
		e.hold("the charges add up to Cloudflare's own sums, and no column disappeared")
		return
	}
	for _, s := range f.Mismatch.Sums {
		e.input("charges of "+name(s.Service), s.Charges.String(), Money(s.Charges, s.Currency))
		e.input("Cloudflare's own sum", s.Told.String(), Money(s.Told, s.Currency))
	}
	for _, column := range f.Mismatch.Columns {
		e.input("column", column, name(column)+" disappeared")
	}
	if !f.Mismatch.Start.IsZero() {
		e.input("start", f.Mismatch.Start.String(), "the period starts on "+date(f.Mismatch.Start, f.Through)+", no subscription does")
	}
}

// unmatched says what a rule asks for, and what the bill has.
func (e *Explanation) unmatched(x rules.Explained) {
	u := x.Finding.Unmatched
	for _, wanted := range u.Wanted {
		e.input("asks for", wanted, "“"+name(wanted)+"”, which is not on the bill")
	}
	for _, near := range u.Near {
		e.input("nearest", near, "“"+name(near)+"”")
	}
	for _, known := range u.Known {
		e.input("on the bill", known, "“"+name(known)+"”, for example")
	}
}

// since says since when the alert of what is unknown is told.
func (e *Explanation) since(x rules.Explained) {
	if x.Alert != nil && x.Finding.Open {
		e.input("told since", stamp(x.Alert.Since), moment(x.Alert.Since))
	}
}

// stamp is a moment for programs; "" is never.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
