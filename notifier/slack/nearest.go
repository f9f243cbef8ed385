package slack

// nearest returns the known word that is at most two letters away, "" when
// none is.
func nearest(word string, known ...string) string {
	best, at := "", 3
	for _, k := range known {
		if d := distance(word, k, at); d < at {
			best, at = k, d
		}
	}
	return best
}

// distance counts the letters to change, add or drop to turn a into b. What is
// longer by enough or more is not looked at.
func distance(a, b string, enough int) int {
	if len(a) >= len(b)+enough || len(b) >= len(a)+enough {
		return enough
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
