package rules

import "strings"

// Nearest is the known word that was most likely meant, if one is near enough:
// one slip in three letters, or a word cut short. The first of equals wins.
// Everything that guesses what people meant to write uses it.
func Nearest(word string, known []string) (string, bool) {
	best, least := "", len(word)+1
	for _, candidate := range known {
		if d, ok := slips(word, candidate); ok && d < least {
			best, least = candidate, d
		}
	}
	return best, best != ""
}

// slips counts the slips between two words, if they are few. Words far apart in
// length are not compared, so long text costs nothing.
func slips(a, b string) (int, bool) {
	most := (max(len(a), len(b)) + 1) / 3
	switch {
	case max(len(a), len(b)) > maxText:
		return 0, false
	case len(a) >= 3 && strings.HasPrefix(strings.ToLower(b), strings.ToLower(a)):
		return 1, true // cut short
	case max(len(a)-len(b), len(b)-len(a)) > most:
		return 0, false
	}
	d := distance([]rune(strings.ToLower(a)), []rune(strings.ToLower(b)))
	return d, d <= most
}

// distance is the Damerau-Levenshtein distance of words (optimal string
// alignment): letters put in, left out, changed, or swapped with the next.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
