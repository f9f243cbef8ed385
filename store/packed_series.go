package store

import (
	"github.com/billbot/billbot/fetcher"
)

// series is rows that have the same words, one a day without gaps.
type series struct {
	key   textKey
	first int   // day, from earliestDay before the period's start
	count int   // rows
	rows  []int // when it is made of charges: where they are among them
}

// Days of series are within these bounds of the period's start; a row of
// another day stands by itself.
const (
	earliestDay = -64
	latestDay   = 192
)

// split makes series of charges of one period that are in the ledger's order,
// in the order the ledger has on a day, and says which rows stand by
// themselves.
func split(charges []fetcher.Charge, table *textTable) (all []series, alone []int) {
	g := grouper{charges: charges, table: table, byKey: map[textKey]int{}}
	for i := range charges {
		if group := g.groupOf(i); g.twin(i, group) || !fits(&charges[i]) {
			alone = append(alone, i)
		} else {
			g.groups[group].rows = append(g.groups[group].rows, i)
		}
	}
	for _, group := range g.inOrder() {
		all = appendRuns(all, group.key, charges, group.rows)
	}
	return all, alone
}

// grouper finds the rows that have the same words. Each day has the same
// services in the same order, so that a row is nearly always of the group after
// the one before it, and its words need not be looked up.
type grouper struct {
	charges []fetcher.Charge
	table   *textTable
	groups  []rowGroup
	byKey   map[textKey]int
	before  int // the group of the row before
}

type rowGroup struct {
	key  textKey
	head int   // a row that has the words
	rows []int // those that are part of a series
}

func (g *grouper) groupOf(i int) int {
	c := &g.charges[i]
	if guess := g.before + 1; len(g.groups) > 0 {
		if guess %= len(g.groups); sameTexts(c, &g.charges[g.groups[guess].head]) {
			return guess
		}
	}
	key := g.table.key(c)
	group, met := g.byKey[key]
	if !met {
		group = len(g.groups)
		g.byKey[key] = group
		g.groups = append(g.groups, rowGroup{key: key, head: i})
	}
	return group
}

// twin reports whether a row and the one before it are of one item and day, and
// goes on to the next row.
func (g *grouper) twin(i, group int) bool {
	before := g.before
	g.before = group
	return i > 0 && g.charges[i].ChargePeriodStart == g.charges[i-1].ChargePeriodStart &&
		sameItem(g.groups[group].key, g.groups[before].key)
}

// inOrder returns the groups that have rows, as the ledger orders them on a day.
func (g *grouper) inOrder() []rowGroup {
	var groups []rowGroup
	var heads []fetcher.Charge
	for _, group := range g.groups {
		if len(group.rows) > 0 {
			heads = append(heads, headOf(&g.charges[group.head]))
		}
	}
	fetcher.SortCharges(heads)
	for i := range heads {
		groups = append(groups, g.groups[g.byKey[g.table.key(&heads[i])]])
	}
	return groups
}

// headOf is a charge's words alone, to be put in the ledger's order.
func headOf(c *fetcher.Charge) fetcher.Charge {
	var head fetcher.Charge
	to := texts(&head)
	for i, text := range texts(c) {
		*to[i] = *text
	}
	return head
}

// sameItem reports whether two charges of one day are told apart by their
// numbers or by words the ledger puts after them: their order may then be
// another one each day.
func sameItem(a, b textKey) bool {
	for _, i := range [...]int{1, 2, 4, 5, 8} { // currency, service, subscription, zone, unit consumed
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// fits reports whether a charge can be part of a series.
func fits(c *fetcher.Charge) bool {
	for _, n := range numbers(c) {
		if _, _, ok := n.Parts(); !ok {
			return false
		}
	}
	day := int64(c.ChargePeriodStart) - int64(c.BillingPeriodStart)
	return day >= earliestDay && day < latestDay
}

// appendRuns adds the series of rows that have the same words, a new one after
// each gap.
func appendRuns(all []series, key textKey, charges []fetcher.Charge, rows []int) []series {
	for start, i := 0, 1; i <= len(rows); i++ {
		if i < len(rows) && i-start < seriesLimit &&
			charges[rows[i]].ChargePeriodStart == charges[rows[i-1]].ChargePeriodStart+1 {
			continue
		}
		first := &charges[rows[start]]
		day := int(first.ChargePeriodStart-first.BillingPeriodStart) - earliestDay
		all = append(all, series{key, day, i - start, rows[start:i]})
		start = i
	}
	return all
}

// interleave says where each row of each series is among all rows: by day, then
// in the order of the series, around the rows that stand alone.
func interleave(all []series, alone []int) []int {
	offsets, days := make([]int, len(all)), 0
	rows := 0
	for i, s := range all {
		offsets[i] = rows
		rows += s.count
		days = max(days, s.first+s.count)
	}
	found := make([]int, rows)
	next := 0
	for day := range days {
		for i, s := range all {
			if day < s.first || day >= s.first+s.count {
				continue
			}
			for len(alone) > 0 && alone[0] == next {
				alone, next = alone[1:], next+1
			}
			found[offsets[i]+day-s.first] = next
			next++
		}
	}
	return found
}

// ordered reports whether reading series and the rows alone gives the order
// they were made of.
func ordered(all []series, alone []int) bool {
	found := interleave(all, alone)
	for _, s := range all {
		for k, row := range s.rows {
			if found[k] != row {
				return false
			}
		}
		found = found[s.count:]
	}
	return true
}
