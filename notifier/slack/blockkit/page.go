package blockkit

import (
	"reflect"

	"github.com/slack-go/slack"
)

// Surface is where blocks are shown.
type Surface int

// The surfaces of Slack.
const (
	InMessage Surface = iota
	InHome            // a person's App Home
	InModal           // a form
)

// Page is blocks that are shown together.
type Page struct {
	On     Surface
	Text   string // of a message: what notifications say; views have none
	Blocks []slack.Block
}

// Check returns the limits that a page breaks; none if Slack takes it.
func Check(p Page) []Broken { return mend(&p).broken }

// Fit returns a page that Slack takes, and the limits that the one given
// breaks. If it breaks none it is returned as it is; else it is a new one, which
// shares nothing that was changed with the old.
func Fit(p Page) (Page, []Broken) {
	fitted := p
	m := mend(&fitted)
	if len(m.broken) == 0 {
		return p, nil
	}
	return fitted, m.broken
}

// mender goes over a page once: it notes what breaks a limit, and mends it in a
// copy.
type mender struct {
	on     Surface
	broken []Broken
	left   []leftOut

	ids                            map[string]bool // of blocks
	charts, tables, cells, written int             // charts, tables, and the characters of cells and markdown so far
}

func mend(p *Page) *mender {
	m := &mender{on: p.On, ids: map[string]bool{}}
	m.most("blocks", "blocks", len(p.Blocks), m.maxBlocks())
	if p.On == InMessage {
		m.most("characters in all", "blocks", sizeOf(p.Blocks), MaxChars)
		p.Text = m.headline(p.Text)
	}
	var kept []slack.Block
	for i, b := range p.Blocks {
		if mended := m.block(at("blocks", i), b); mended != nil {
			kept = append(kept, mended)
		}
	}
	p.Blocks = m.room(kept)
	if note := m.note(); note != "" && len(p.Blocks) == 0 && p.On == InMessage {
		p.Text = cut(p.Text, MaxText-maxNote-1) + "\n" + note // or nobody would see the text
	} else if note != "" {
		p.Blocks = append(p.Blocks, noteBlock(note))
	}
	return m
}

// headline is the text of a message. Without one, notifications would say
// nothing.
func (m *mender) headline(text string) string {
	if m.least("text", "text", len(text), 1) {
		return ellipsis
	}
	return m.string("text", "text", text, MaxText)
}

func (m *mender) maxBlocks() int {
	if m.on == InMessage {
		return MaxBlocks
	}
	return MaxViewBlocks
}

// most notes if there is more than allowed, and says whether there is.
func (m *mender) most(limit, place string, got, most int) bool {
	if got > most {
		m.broken = append(m.broken, Broken{Limit: limit, Place: place, Got: got, Most: most})
	}
	return got > most
}

// least notes if there is less than needed, and says whether there is.
func (m *mender) least(limit, place string, got, least int) bool {
	if got < least {
		m.broken = append(m.broken, Broken{Limit: limit, Place: place, Got: got, Least: least})
	}
	return got < least
}

// wrong notes what numbers do not say.
func (m *mender) wrong(limit, place, why string) {
	m.broken = append(m.broken, Broken{Limit: limit, Place: place, Why: why})
}

// valueOf is what a pointer points to, as a copy; nil where it points to
// nothing. Slack's library takes most of its types either way.
func valueOf(v any) any {
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Pointer {
		return v
	}
	if r.IsNil() {
		return nil
	}
	return r.Elem().Interface()
}
