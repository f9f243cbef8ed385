package blockkit

import (
	"fmt"
	"strings"
)

// Broken is a limit that is not kept.
type Broken struct {
	Limit string // what it is a limit of, such as "section text"
	Place string // where it is broken, such as "blocks[2].text"
	Got   int    // characters, or things
	Least int
	Most  int
	Why   string // in words, where numbers do not say it; else ""
}

// String says what is broken, without the text that is there.
func (b Broken) String() string {
	switch {
	case b.Why != "":
		return fmt.Sprintf("%s at %s: %s", b.Limit, b.Place, b.Why)
	case b.Got < b.Least:
		return fmt.Sprintf("%s at %s: %d, at least %d", b.Limit, b.Place, b.Got, b.Least)
	}
	return fmt.Sprintf("%s at %s: %d, at most %d", b.Limit, b.Place, b.Got, b.Most)
}

// Told is several in one line, for a log; the first ten, and how many more.
func Told(broken []Broken) string {
	const most = 10
	var said []string
	for i, b := range broken {
		if i == most {
			said = append(said, fmt.Sprintf("and %d more", len(broken)-most))
			break
		}
		said = append(said, b.String())
	}
	return strings.Join(said, "; ")
}
