package main

import (
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
)

// book is what billbot has to believe, and what of it has to be on, by the
// plainest means: cents by day and service, added up anew each time.
type book struct {
	rows    map[serviceDay]int         // what is believed
	missing map[serviceDay]fetcher.Day // since when what was told is told no more
	budgets map[string]budget          // by name of the rule
	told    map[subject]*toldAlert
}

// serviceDay is what an account pays for a service on a day.
type serviceDay struct {
	day     fetcher.Day
	service string
}

// budget is a rule: an amount, and the parts of it that are told.
type budget struct {
	cents    int
	percents []int
	anchor   int  // the day of the month on which its periods begin
	each     bool // one for each service
}

// subject is what a budget is held against: all services, or one, in a period.
type subject struct {
	rule, service string
	start         fetcher.Day
}

// toldAlert is an alert: how high it stands, and what it says.
type toldAlert struct {
	on                  bool
	ended               rules.Ending
	step, cents, budget int
	through             fetcher.Day // of the data that it tells
	over                bool        // it was told after its period
	calm                fetcher.Day // through which data was it first seen back; zero: it is not
	end                 fetcher.Day // the last day of its period
	judged              bool        // by the last answer
}

// billing is the day of the month on which the account's billing periods begin.
const billing = 12

// begins is the first day of the period of a day.
func begins(day fetcher.Day, anchor int) fetcher.Day {
	for ; day.Time().Day() != anchor; day-- {
	}
	return day
}

// ends is the last day of the period of a day.
func ends(day fetcher.Day, anchor int) fetcher.Day {
	for day++; day.Time().Day() != anchor; day++ {
	}
	return day - 1
}

// late is for how long what is over can still change.
const late = 5

// poll takes in what Cloudflare tells: shown is its bill, open the billing period
// that is open by Cloudflare's clock, today is by billbot's. It is asked for that
// period, and for the one that ended lately by billbot's clock.
func (b *book) poll(shown map[serviceDay]int, open, today fetcher.Day) {
	begun := begins(today, billing)
	present := of(shown, open)
	knew, has := len(of(b.rows, begun)) > 0, len(of(present, begun)) > 0
	waits := b.take(present, today)
	trusted := len(present) > 0 && (has || !knew) && !waits
	if before := begins(begun-1, billing); today <= begun-1+late && len(of(present, before)) == 0 {
		waits = b.take(of(shown, before), today)
		trusted = trusted && !waits
	}
	b.judge(today, trusted)
}

// of is the rows of a billing period.
func of(rows map[serviceDay]int, start fetcher.Day) map[serviceDay]int {
	found := map[serviceDay]int{}
	for c, cents := range rows {
		if begins(c.day, billing) == start {
			found[c] = cents
		}
	}
	return found
}

// take believes the rows of a period. What was told and is told no more counts
// until an answer of another day agrees; waits tells that some does.
func (b *book) take(answer map[serviceDay]int, today fetcher.Day) (waits bool) {
	for c := range answer {
		for was := range of(b.rows, begins(c.day, billing)) {
			if _, still := answer[was]; still {
				continue
			}
			if since, doubted := b.missing[was]; doubted && since < today {
				delete(b.rows, was)
				delete(b.missing, was)
				continue
			}
			if since, doubted := b.missing[was]; !doubted || since > today {
				b.missing[was] = today
			}
			waits = true
		}
		break // the others are of the same period
	}
	for c, cents := range answer {
		b.rows[c] = cents
		delete(b.missing, c)
	}
	return waits
}

// judge holds what is believed against the budgets.
func (b *book) judge(today fetcher.Day, trusted bool) {
	through := fetcher.Day(0)
	services := map[string]bool{}
	for c := range b.rows {
		through, services[c.service] = max(through, c.day), true
	}
	for s, f := range b.told {
		f.judged = false
		if _, ruled := b.budgets[s.rule]; f.on && !ruled {
			f.on, f.ended = false, rules.EndedRemoved
		}
	}
	for name, rule := range b.budgets {
		for service := range services {
			if !rule.each {
				service = ""
			}
			this := begins(today, rule.anchor)
			for _, start := range []fetcher.Day{begins(this-1, rule.anchor), this} {
				if s := (subject{name, service, start}); b.isOpen(s, rule, today) {
					b.hold(s, rule, today, through, trusted)
				}
			}
			if !rule.each {
				break
			}
		}
	}
	for _, f := range b.told {
		if f.on && !f.judged && today > f.end+late {
			f.on, f.ended = false, rules.EndedPeriod
		}
	}
}

// isOpen reports whether a period can still change. There is no billing period
// before the first row of it.
func (b *book) isOpen(s subject, rule budget, today fetcher.Day) bool {
	end := ends(s.start, rule.anchor)
	if today > end+late || rule.anchor != billing {
		return today <= end+late
	}
	for c := range of(b.rows, s.start) {
		if s.service == "" || c.service == s.service || today <= end {
			return true
		}
	}
	return false
}

// hold holds a budget against what its subject cost.
func (b *book) hold(s subject, rule budget, today, through fetcher.Day, trusted bool) {
	now := toldAlert{budget: rule.cents, through: through, end: ends(s.start, rule.anchor), judged: true}
	now.over = today > now.end && (through >= now.end || today >= now.end+late)
	for c, cents := range b.rows {
		if c.day >= s.start && c.day <= now.end && (!rule.each || c.service == s.service) {
			now.cents += cents
		}
	}
	for i, percent := range rule.percents {
		if now.cents*100 >= rule.cents*percent {
			now.step = i + 1
		}
	}
	if b.told[s] == nil && now.step == 0 {
		return
	}
	if b.told[s] == nil {
		now.on = true
		b.told[s] = &now
		return
	}
	b.told[s].judged = true
	b.told[s].follow(now, trusted)
}

// follow takes an alert on to what is true now.
func (f *toldAlert) follow(now toldAlert, trusted bool) {
	raised, lowered := now.budget > f.budget, now.budget < f.budget
	switch {
	case !f.on:
		again := f.ended != rules.EndedPeriod && now.through >= f.through || f.ended == rules.EndedPeriod && !now.over
		if now.step > 0 && again {
			f.on, f.ended = true, ""
			f.say(now, raised || lowered)
		}
	case (raised || lowered) && !now.over && now.step > 0:
		f.say(now, true)
	case raised && !now.over && trusted:
		f.on, f.ended = false, rules.EndedRaised
		f.say(now, true)
	case raised && !now.over:
	case now.step > f.step:
		f.say(now, false)
	case now.over && (!f.over || now.through > f.through):
		f.on, f.ended = false, rules.EndedPeriod
		f.say(now, false)
	case now.step > 0:
		if f.differs(now) || !f.calm.IsZero() {
			f.say(now, false)
		}
	case trusted && !f.calm.IsZero() && now.through > f.calm:
		f.on, f.ended = false, rules.EndedBack
		f.say(now, false)
	case trusted && f.calm.IsZero():
		f.calm = now.through
	}
}

// differs reports whether there is something new to tell. Where there is not,
// what was told after its period stays so, even if billbot's clock goes back into
// the period for a poll.
func (f *toldAlert) differs(now toldAlert) bool {
	return now.step != f.step || now.cents != f.cents || now.budget != f.budget || now.through != f.through
}

// say takes over what is true now. An alert does not become milder, but by
// another budget.
func (f *toldAlert) say(now toldAlert, milder bool) {
	now.on, now.ended = f.on, f.ended
	if !milder {
		now.step = max(now.step, f.step)
	}
	*f = now
}

// shown is what of Cloudflare's bill is told by a moment: a day's rows come the
// morning after it.
func shown(bill map[serviceDay]int, now time.Time) map[serviceDay]int {
	found := map[serviceDay]int{}
	for c, cents := range bill {
		if c.day < fetcher.DayOf(now.Add(-6*time.Hour)) {
			found[c] = cents
		}
	}
	return found
}
