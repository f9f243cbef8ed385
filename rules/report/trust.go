package report

import (
	"strconv"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// trustHeadline is [Headline] for the kinds of alerts that are about trust.
func trustHeadline(a rules.Alert) string {
	f := a.Finding
	switch {
	case f.Kind == rules.KindUnmatched && a.State == rules.Resolved:
		return "Rule " + Name(f.Rule, 40) + " has something to watch now"
	case f.Kind == rules.KindUnmatched:
		return "Unknown: rule " + Name(f.Rule, 40) + " chooses nothing on the bill"
	case f.Kind == rules.KindStale && a.State == rules.Resolved:
		return "Data is back" + gap(a)
	case f.Kind == rules.KindStale:
		return dark(f)
	case a.State == rules.Resolved && a.Ended == rules.EndedPeriod:
		return "Period ended: figures in doubt, " + doubted(f) + ", " + PeriodName(over(f.Period), f.Through)
	case a.State == rules.Resolved:
		return "No longer in doubt: " + doubted(f)
	}
	return "Figures in doubt: " + mismatch(f)
}

// dark says since when nothing is known, and why: "Unknown: no trusted data
// since Fri 3 Apr 10:00 UTC, Cloudflare refuses the token".
func dark(f rules.Finding) string {
	d := f.Dark
	switch {
	case d == nil:
		return "Unknown: nothing new is known"
	case d.Cause == rules.DarkQuiet && d.Files:
		return "Unknown: no charges after " + DayName(f.Through, 0) + ", though the files can be read"
	case d.Cause == rules.DarkQuiet:
		return "Unknown: no charges after " + DayName(f.Through, 0) + ", though Cloudflare answers"
	case d.Cause == rules.DarkDamaged:
		return "Unknown: " + why(*d)
	case d.Trusted.IsZero():
		return "Unknown: never read so far, " + why(*d)
	}
	return "Unknown: no trusted data since " + moment(d.Since) + ", " + why(*d)
}

func why(d rules.Dark) string {
	if d.Cause == rules.DarkUntrusted {
		return "the answers contradict what was told"
	}
	if d.Cause == rules.DarkDamaged {
		return "what billbot keeps of it is damaged"
	}
	if d.Files {
		return "the files cannot be read"
	}
	switch d.Fault {
	case fetcher.FaultToken:
		return "Cloudflare refuses the token"
	case fetcher.FaultAddress:
		return "Cloudflare does not know the account"
	case fetcher.FaultBusy:
		return "Cloudflare limits the requests"
	case fetcher.FaultSource:
		return "Cloudflare answers with errors"
	case fetcher.FaultNetwork:
		return "Cloudflare cannot be reached"
	}
	return "the polls fail"
}

// gap says how long nothing was known: " after 9 hours".
func gap(a rules.Alert) string {
	if a.Finding.Dark == nil || !a.EndedAt.After(a.Finding.Dark.Since) {
		return ""
	}
	return " after " + duration(a.EndedAt.Sub(a.Finding.Dark.Since))
}

// duration writes a time span for people, in hours, or from two days on in days.
func duration(d time.Duration) string {
	switch hours := int(d.Round(time.Hour) / time.Hour); {
	case hours < 1:
		return "less than an hour"
	case hours < 48:
		return count(hours, "hour")
	default:
		return count((hours+12)/24, "day")
	}
}

// mismatch says what may be off.
func mismatch(f rules.Finding) string {
	m := f.Mismatch
	var parts []string
	switch {
	case m == nil:
		return "the bill"
	case len(m.Sums) == 1:
		s := m.Sums[0]
		parts = append(parts, Name(s.Service, 40)+" adds up to "+Money(s.Charges, s.Currency)+", Cloudflare's own sum is "+Money(s.Told, s.Currency))
	case len(m.Sums) > 1:
		parts = append(parts, count(len(m.Sums), "service")+" do not add up to Cloudflare's own sums")
	}
	if len(m.Columns) > 0 {
		parts = append(parts, noun(len(m.Columns), "the column ", "the columns ")+Name(and(m.Columns), 60)+" disappeared")
	}
	if !m.Start.IsZero() {
		parts = append(parts, "the period starts on "+date(m.Start, f.Through)+", no subscription does")
	}
	return strings.Join(parts, ", ")
}

// doubted names what was in doubt.
func doubted(f rules.Finding) string {
	if f.Mismatch == nil {
		return "the bill"
	}
	var parts []string
	switch m := f.Mismatch; len(m.Sums) {
	case 0:
	case 1:
		parts = append(parts, "the sum of "+Name(m.Sums[0].Service, 40))
	default:
		parts = append(parts, "the sums of "+count(len(m.Sums), "service"))
	}
	if gone := f.Mismatch.Columns; len(gone) > 0 {
		parts = append(parts, noun(len(gone), "the column ", "the columns ")+Name(and(gone), 60))
	}
	if !f.Mismatch.Start.IsZero() {
		parts = append(parts, "the start of the period")
	}
	return and(parts)
}

// trustFigures is [Figures] for the kinds of alerts that are about trust.
func trustFigures(a rules.Alert) string {
	f := a.Finding
	switch {
	case f.Kind == rules.KindUnmatched:
		return unmatched(a)
	case f.Kind == rules.KindMismatch && a.On():
		return joined([]string{sums(f), columns(f), start(f)}, " ")
	case f.Kind == rules.KindMismatch && a.Ended == rules.EndedBack:
		return "The figures agree again."
	case f.Kind == rules.KindMismatch:
		return "It was not seen to be put right. The next period is judged by itself."
	case f.Dark == nil:
		return ""
	case a.State == rules.Resolved:
		return "Nothing new was known from " + moment(f.Dark.Since) + " to " + moment(a.EndedAt) + "."
	}
	var texts []string
	if f.Dark.Reason != "" {
		texts = append(texts, "Last error: "+Name(f.Dark.Reason, textRunes)+".")
	}
	if !f.Dark.Trusted.IsZero() {
		texts = append(texts, "Last trusted poll: "+moment(f.Dark.Trusted)+".")
	}
	if f.Dark.Cause == rules.DarkQuiet {
		return joined(texts, " ")
	}
	return joined(append(texts, "Until data is back no budget or spike of this account is judged, and none counts as resolved."), " ")
}

// sums names the services that do not add up, with how far they are apart.
func sums(f rules.Finding) string {
	const most = 5
	if f.Mismatch == nil || len(f.Mismatch.Sums) == 0 {
		return ""
	}
	if s := f.Mismatch.Sums[0]; len(f.Mismatch.Sums) == 1 {
		return Money(s.Charges.Sub(s.Told).Abs(), s.Currency) + " apart."
	}
	var texts []string
	for _, s := range f.Mismatch.Sums[:min(len(f.Mismatch.Sums), most)] {
		texts = append(texts, name(s.Service)+": "+Money(s.Charges, s.Currency)+" in charges, "+Money(s.Told, s.Currency)+" by Cloudflare's sum, "+
			Money(s.Charges.Sub(s.Told).Abs(), s.Currency)+" apart")
	}
	if more := len(f.Mismatch.Sums) - most; more > 0 {
		texts = append(texts, count(more, "more service"))
	}
	return strings.Join(texts, "; ") + "."
}

// columns says what it means that columns are gone.
func columns(f rules.Finding) string {
	if f.Mismatch == nil || len(f.Mismatch.Columns) == 0 {
		return ""
	}
	return "Rules that choose by what " + noun(len(f.Mismatch.Columns), "it", "they") + " told may see nothing."
}

// start says what it means that a period starts when no subscription does.
func start(f rules.Finding) string {
	if f.Mismatch == nil || f.Mismatch.Start.IsZero() {
		return ""
	}
	return "The charges begin a billing period on a day on which Cloudflare's billing info begins none. Budgets follow the charges."
}

// unmatched says what a rule asks for, and what it may have meant.
func unmatched(a rules.Alert) string {
	u := a.Finding.Unmatched
	switch {
	case !a.On() || u == nil:
		return "The rule was corrected, or what it is about has come."
	case len(u.Near) > 0:
		return "It asks for " + quotedNames(u.Wanted) + ". Nearest on the bill: " + quotedNames(u.Near) + "."
	case len(u.Known) > 0:
		return "It asks for " + quotedNames(u.Wanted) + ". On the bill are, for example, " + quotedNames(u.Known) + "."
	}
	return "It asks for " + quotedNames(u.Wanted) + "."
}

func quotedNames(names []string) string {
	const most = 5
	var texts []string
	for _, n := range names[:min(len(names), most)] {
		texts = append(texts, "“"+name(n)+"”")
	}
	if more := len(names) - most; more > 0 {
		texts = append(texts, strconv.Itoa(more)+" more")
	}
	return and(texts)
}

// advice says what a person can do about an alert that is about trust; "" when
// it is over.
func advice(a rules.Alert) string {
	f := a.Finding
	switch {
	case !a.On():
		return ""
	case f.Kind == rules.KindUnmatched:
		return "What to do: correct the rule, or leave it if what it is about is still to come. This message changes when it does."
	case f.Kind == rules.KindMismatch:
		return "What to do: nothing at once. Alerts go by the charges; compare them with Cloudflare's billing page."
	case f.Dark == nil:
		return ""
	case f.Dark.Files && f.Dark.Cause != rules.DarkDamaged:
		return adviceOfFiles(*f.Dark)
	case f.Dark.Cause == rules.DarkQuiet:
		return "What to do: see whether usage stopped or Cloudflare is late: its billing page, cloudflarestatus.com."
	case f.Dark.Cause == rules.DarkUntrusted:
		return "What to do: compare with Cloudflare's billing page. What was told before still counts."
	}
	if f.Dark.Cause == rules.DarkDamaged {
		return "What to do: billbot check-db says what is damaged; a backup is the way back (docs/operations.md, When the database is broken)."
	}
	switch f.Dark.Fault {
	case fetcher.FaultToken:
		return "What to do: see that the token has not expired and has Account > Billing > Read; billbot goes on by itself."
	case fetcher.FaultAddress:
		return "What to do: check the account's id in the rules file, and CLOUDFLARE_USAGE_PATH."
	case fetcher.FaultBusy:
		return "What to do: see what else uses this token."
	case fetcher.FaultSource:
		return "What to do: see cloudflarestatus.com. billbot asks again at every poll."
	}
	return "What to do: see that the machine billbot runs on reaches api.cloudflare.com."
}

// adviceOfFiles is what can be done about an account that is read from files.
func adviceOfFiles(d rules.Dark) string {
	switch d.Cause {
	case rules.DarkQuiet:
		return "What to do: see whether usage stopped, or whoever exports the files is late."
	case rules.DarkUntrusted:
		return "What to do: compare the files with the bill. What was told before still counts."
	}
	return "What to do: see that the files are there and whole; billbot doctor says what is wrong with them."
}
