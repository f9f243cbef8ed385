package report

import (
	"time"

	"github.com/billbot/billbot/fetcher"
)

// staleAfter is the age, in days, at which data is old: it is one to two days
// late, three is odd, more is a silence that must not be taken for zero.
const staleAfter = 3

func isStale(through fetcher.Day, now time.Time) bool {
	return fetcher.DayOf(now)-through > staleAfter
}

// reading is how well an account could be read.
type reading struct {
	account string
	through fetcher.Day
	trust   fetcher.Trust
	last    time.Time // zero: never
	failure string
	stale   bool
}

func (a AccountSummary) reading() reading {
	return reading{a.Account, a.Day, a.Trust, a.LastTrusted, a.Failure, a.Stale}
}

func (s Spend) reading() reading {
	return reading{s.Account, s.Through, s.Trust, s.LastTrusted, s.Failure, s.Stale}
}

// trouble is what is wrong with a reading.
type trouble int

const (
	noTrouble trouble = iota
	failed            // no answer at all
	untrusted         // an answer that is not believed
	stale             // good answers, and nothing new in them
)

func (r reading) trouble() trouble {
	switch {
	case r.failure != "":
		return failed
	case r.trust.Verdict == fetcher.Untrusted:
		return untrusted
	case r.stale && !r.through.IsZero():
		return stale
	}
	return noTrouble
}

// since names the day from which on nothing is known.
func (r reading) since() string {
	switch {
	case r.trouble() == stale:
		return " since " + DayName(r.through, 0)
	case r.last.IsZero():
		return " yet"
	}
	return " since " + DayName(fetcher.DayOf(r.last), 0)
}

// verdict says in a title what is wrong with an account, after its name. It is
// "" when all is well.
func (r reading) verdict() string {
	switch r.trouble() {
	case failed:
		return "could not be read" + r.since()
	case untrusted:
		return "has no trusted data" + r.since()
	case stale:
		return "has no new charges" + r.since()
	}
	return ""
}

// line says why the account's data is not what it should be, in sentences. It
// is "" when all is well.
func (r reading) line() string {
	switch r.trouble() {
	case failed:
		return r.failedLine()
	case untrusted:
		return "The newest answer could not be trusted" + reason(r.trust) + "." + r.lastLine()
	case stale:
		return "No new charges since " + DayName(r.through, 0) + "."
	}
	if r.trust.Verdict == fetcher.NoData {
		return "No new data" + reason(r.trust) + "."
	}
	return ""
}

func (r reading) failedLine() string {
	if r.last.IsZero() {
		return "Never read so far: " + Name(r.failure, textRunes) + "."
	}
	return "Not read since " + moment(r.last) + ": " + Name(r.failure, textRunes) + "."
}

func (r reading) lastLine() string {
	if r.last.IsZero() {
		return ""
	}
	return " Last trusted answer: " + moment(r.last) + "."
}

func reason(t fetcher.Trust) string {
	if t.Reason == "" {
		return ""
	}
	return ": " + Name(t.Reason, textRunes)
}

func moment(t time.Time) string { return t.UTC().Format("Mon 2 Jan 15:04 MST") }

// troubles says in a title what is wrong with accounts: one by its name,
// several by their number. An account billed in two currencies counts once.
func troubles(readings []reading) []string {
	found := map[trouble][]reading{}
	seen := map[string]bool{}
	for _, r := range readings {
		if kind := r.trouble(); kind != noTrouble && !seen[r.account] {
			seen[r.account] = true
			found[kind] = append(found[kind], r)
		}
	}
	var parts []string
	for _, kind := range []trouble{failed, untrusted, stale} {
		switch all := found[kind]; {
		case len(all) == 1:
			parts = append(parts, name(all[0].account)+" "+all[0].verdict())
		case len(all) > 1:
			parts = append(parts, kind.of(len(all)))
		}
	}
	return parts
}

// of names the trouble of a number of accounts.
func (t trouble) of(accounts int) string {
	switch t {
	case failed:
		return count(accounts, "account") + " could not be read"
	case untrusted:
		return count(accounts, "account") + " without trusted data"
	}
	return count(accounts, "account") + " without new charges"
}
