package blockkit

import "github.com/slack-go/slack"

// input is a field of a form. One that would come back without the ID it is read
// by is left out.
func (m *mender) input(place string, b slack.InputBlock) slack.Block {
	b.Label = m.words("input label", place+".label", b.Label, MaxLabel)
	b.Hint = m.text("input hint", place+".hint", b.Hint, MaxLabel)
	b.Element = m.element(place+".element", b.Element, map[string]bool{})
	if known := m.blockID(place, b.BlockID) == b.BlockID; b.Element == nil || !known {
		m.leave("field", 1)
		return nil
	}
	return &b
}

// field is what is typed into, as Slack takes it.
func (m *mender) field(place string, e slack.BlockElement, ids map[string]bool) slack.BlockElement {
	switch e := valueOf(e).(type) {
	case slack.PlainTextInputBlockElement:
		e.Placeholder = m.placeholder(place, e.Placeholder)
		m.typed(place, &e)
		return keep(&e, m.actionID(place, e.ActionID, ids))
	case slack.EmailTextInputBlockElement:
		e.Placeholder = m.placeholder(place, e.Placeholder)
		return keep(&e, m.actionID(place, e.ActionID, ids))
	case slack.URLTextInputBlockElement:
		e.Placeholder = m.placeholder(place, e.Placeholder)
		return keep(&e, m.actionID(place, e.ActionID, ids))
	case slack.NumberInputBlockElement:
		e.Placeholder = m.placeholder(place, e.Placeholder)
		return keep(&e, m.actionID(place, e.ActionID, ids))
	case slack.RichTextInputBlockElement:
		e.Placeholder = m.placeholder(place, e.Placeholder)
		return keep(&e, m.actionID(place, e.ActionID, ids))
	case slack.FileInputBlockElement:
		if m.most("max_files", place+".max_files", e.MaxFiles, MaxFiles) {
			e.MaxFiles = MaxFiles
		}
		return keep(&e, m.actionID(place, e.ActionID, ids))
	}
	return e
}

// typed mends how much may be typed, and what is there to begin with.
func (m *mender) typed(place string, e *slack.PlainTextInputBlockElement) {
	if m.most("max_length", place+".max_length", e.MaxLength, MaxInput) {
		e.MaxLength = MaxInput
	}
	room := MaxInput
	if e.MaxLength > 0 {
		room = e.MaxLength
	}
	if m.most("min_length", place+".min_length", e.MinLength, room) {
		e.MinLength = room
	}
	e.InitialValue = m.string("initial_value", place+".initial_value", e.InitialValue, room)
}
