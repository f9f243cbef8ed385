package notifier

import (
	"cmp"
	"slices"

	"github.com/billbot/billbot/rules"
)

// Critical reports whether an item is to call people to something critical that
// goes on.
func (i Item) Critical() bool {
	return !i.Silent && !i.Quiet && slices.ContainsFunc(i.Content.Alerts(), isCritical)
}

func isCritical(a rules.Alert) bool { return a.On() && a.Finding.Severity == rules.Critical }

// inOrder puts critical items first, with what goes before them under their
// keys. While nobody answers, what was tried least goes first: an item that
// makes the other side fail must not be the only one that is ever tried.
func inOrder(items []Item, troubled bool) []Item {
	urgent, attempts := map[string]uint64{}, map[string]int{}
	for _, item := range items {
		if item.Critical() {
			urgent[item.Key] = item.ID
		}
		if troubled {
			attempts[item.Key] = max(attempts[item.Key], item.Attempts)
		}
	}
	rank := func(i Item) int {
		if i.ID <= urgent[i.Key] {
			return 0
		}
		return 1
	}
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b Item) int {
		return cmp.Or(cmp.Compare(attempts[a.Key], attempts[b.Key]), cmp.Compare(rank(a), rank(b)))
	})
	return sorted
}
