package blockkit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// leftOut is how many of something are not shown.
type leftOut struct {
	what string // in the singular
	n    int
}

// leave counts what is left out.
func (m *mender) leave(what string, n int) {
	for i := range m.left {
		if m.left[i].what == what {
			m.left[i].n += n
			return
		}
	}
	m.left = append(m.left, leftOut{what, n})
}

// maxNote is the room that is kept for the note.
const maxNote = 400

// note says what was left out; "" if nothing was.
func (m *mender) note() string {
	var said []string
	for _, l := range m.left {
		word := l.what
		if l.n != 1 && !strings.HasSuffix(word, "s") {
			word += "s"
		}
		said = append(said, strconv.Itoa(l.n)+" "+word)
	}
	if len(said) == 0 {
		return ""
	}
	return cut("Left out, as Slack takes no more: "+strings.Join(said, ", ")+".", maxNote)
}

func noteBlock(text string) slack.Block {
	return slack.NewContextBlock("", slack.NewTextBlockObject(slack.PlainTextType, text, false, false))
}

func at(place string, i int) string { return fmt.Sprintf("%s[%d]", place, i) }
