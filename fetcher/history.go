package fetcher

import "slices"

// Walk is how far back the billing periods of one anchor were asked for: those
// of one subscription, or of several that begin on the same day of the month.
type Walk struct {
	Anchor int `json:"anchor"`          // the day of the month
	From   Day `json:"from"`            // first day of the oldest period that was asked for, or is known
	Empty  int `json:"empty,omitempty"` // how many of the last asked for had no rows
}

// enoughEmpty is how many billing periods without a row, one before the other,
// are the beginning of history. Fewer may be a pause: a service that nobody used
// in summer.
const enoughEmpty = 6

// Done reports whether there is nothing to ask for.
func (w Walk) Done() bool { return w.Empty >= enoughEmpty }

// Next is the billing period to ask for.
func (w Walk) Next() Period {
	return Period{Start: PreviousStart(w.From, w.Anchor), End: w.From - 1}
}

// begins reports whether a period may start on a day. One that the source tells
// may be off by a day: it tells moments, and near midnight they are two days.
func (w Walk) begins(start, off Day) bool {
	for d := start - off; d <= start+off; d++ {
		if t := d.Time(); clampedDay(t.Year(), t.Month(), w.Anchor) == d {
			return true
		}
	}
	return false
}

// Walks is how far back each anchor's periods were asked for or are known, with
// walks that did not begin yet: of the anchors of periods that are known, and of
// those the source told, from the cycle that a day falls in. There is none before
// the first period is known.
func (l Ledger) Walks(today Day) []Walk {
	walks := slices.Clone(l.Terms.Walks)
	starts := l.PeriodStarts()
	if len(starts) == 0 {
		return nil
	}
	c := l.Calendar()
	for _, start := range slices.Backward(starts) {
		walks = withAnchor(walks, Walk{Anchor: c.anchorDay(start), From: start}, 0)
	}
	for _, anchor := range l.Terms.Anchors {
		walks = withAnchor(walks, Walk{Anchor: dayOfMonth(anchor), From: cycleStart(anchor, today)}, 1)
	}
	for i := range walks {
		for slices.Contains(starts, walks[i].Next().Start) {
			walks[i].From, walks[i].Empty = walks[i].Next().Start, 0
		}
	}
	return walks
}

// withAnchor adds a walk, unless there is one of its anchor, give or take some
// days.
func withAnchor(walks []Walk, w Walk, off Day) []Walk {
	if slices.ContainsFunc(walks, func(v Walk) bool { return v.begins(w.From, off) }) {
		return walks
	}
	return append(walks, w)
}

// Ahead is the walk to go on with: of those that are not done the one that is
// least far back. The other result is false when all are done.
func Ahead(walks []Walk) (int, bool) {
	ahead := -1
	for i, w := range walks {
		if !w.Done() && (ahead < 0 || w.From > walks[ahead].From) {
			ahead = i
		}
	}
	return ahead, ahead >= 0
}

// Walked is the terms once the i-th of the walks went a period back. Told are
// that answer's charges, of whatever period: those of anchors that nobody knew of
// begin a walk of their own, as an answer about days of one anchor has a part of
// the others' periods only.
func (t Terms) Walked(walks []Walk, i int, told []Charge) Terms {
	walks = slices.Clone(walks)
	period := walks[i].Next()
	walks[i].From, walks[i].Empty = period.Start, walks[i].Empty+1
	starts := periodsOf(told)
	if slices.Contains(starts, period.Start) {
		walks[i].Empty = 0
	}
	for _, start := range slices.Backward(starts) {
		following := clampedDay(start.Time().Year(), start.Time().Month()+1, dayOfMonth(start))
		if !slices.ContainsFunc(walks, func(w Walk) bool { return w.begins(start, 0) }) {
			walks = append(walks, Walk{Anchor: dayOfMonth(start), From: following})
		}
	}
	t.Walks = walks
	t.Reaches, t.Whole = reachOf(walks)
	return t
}

// reachOf is the first day from which on all that there is was asked for, and
// whether that is all.
func reachOf(walks []Walk) (reaches Day, whole bool) {
	if i, more := Ahead(walks); more {
		return walks[i].From, false
	}
	for i, w := range walks {
		if i == 0 || w.From < reaches {
			reaches = w.From
		}
	}
	return reaches, true
}
