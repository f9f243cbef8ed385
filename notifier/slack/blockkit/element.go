package blockkit

import (
	"reflect"

	"github.com/slack-go/slack"
)

// element is a button, a menu or an input as Slack takes it; nil where it
// cannot be, because what it would do would no longer be what was meant.
// ids are the actions of its block.
func (m *mender) element(place string, e slack.BlockElement, ids map[string]bool) slack.BlockElement {
	switch e := valueOf(e).(type) {
	case nil:
		m.wrong("element", place, "there is none")
		return nil
	case slack.ButtonBlockElement:
		whole := m.button(place, &e)
		return keep(&e, m.actionID(place, e.ActionID, ids) && whole)
	case slack.WorkflowButtonBlockElement:
		e.Text = m.words("button text", place+".text", e.Text, MaxButton)
		e.AccessibilityLabel = m.string("accessibility_label", place+".accessibility_label", e.AccessibilityLabel, MaxButton)
		return keep(&e, m.actionID(place, e.ActionID, ids))
	case slack.ImageBlockElement:
		return keep(&e, m.picture(place, &e))
	case slack.OverflowBlockElement:
		e.Options = m.options("overflow options", place+".options", e.Options, MaxOverflow)
		e.Confirm = m.confirm(place+".confirm", e.Confirm)
		return keep(&e, m.actionID(place, e.ActionID, ids) && len(e.Options) > 0)
	case slack.CheckboxGroupsBlockElement:
		e.Options = m.options("checkboxes", place+".options", e.Options, MaxChoices)
		e.InitialOptions = m.chosen(place+".initial_options", e.InitialOptions, e.Options)
		e.Confirm = m.confirm(place+".confirm", e.Confirm)
		return keep(&e, m.actionID(place, e.ActionID, ids) && len(e.Options) > 0)
	case slack.RadioButtonsBlockElement:
		e.Options = m.options("radio buttons", place+".options", e.Options, MaxChoices)
		e.InitialOption = m.choice(place+".initial_option", e.InitialOption, e.Options)
		e.Confirm = m.confirm(place+".confirm", e.Confirm)
		return keep(&e, m.actionID(place, e.ActionID, ids) && len(e.Options) > 0)
	case slack.SelectBlockElement:
		whole := m.menu(place, &e)
		return keep(&e, m.actionID(place, e.ActionID, ids) && whole)
	case slack.MultiSelectBlockElement:
		whole := m.multiMenu(place, &e)
		return keep(&e, m.actionID(place, e.ActionID, ids) && whole)
	case slack.DatePickerBlockElement:
		e.Placeholder, e.Confirm = m.placeholder(place, e.Placeholder), m.confirm(place+".confirm", e.Confirm)
		return keep(&e, m.actionID(place, e.ActionID, ids))
	case slack.TimePickerBlockElement:
		e.Placeholder, e.Confirm = m.placeholder(place, e.Placeholder), m.confirm(place+".confirm", e.Confirm)
		return keep(&e, m.actionID(place, e.ActionID, ids))
	case slack.DateTimePickerBlockElement:
		e.Confirm = m.confirm(place+".confirm", e.Confirm)
		return keep(&e, m.actionID(place, e.ActionID, ids))
	}
	return m.field(place, e, ids)
}

// keep is the element, or nil.
func keep[E slack.BlockElement](e E, whole bool) slack.BlockElement {
	if !whole {
		return nil
	}
	return e
}

// actionID reports whether an ID is short enough, and no other of its block. It
// cannot be changed: presses are known by it.
func (m *mender) actionID(place, id string, ids map[string]bool) bool {
	place += ".action_id"
	switch {
	case id == "":
		return true
	case !m.whole("action_id", place, id, MaxID):
		return false
	case ids[id]:
		m.wrong("action_id", place, "another of its block has it")
		return false
	}
	ids[id] = true
	return true
}

// button mends what a button says, and reports whether it does what it should.
func (m *mender) button(place string, e *slack.ButtonBlockElement) bool {
	e.Text = m.words("button text", place+".text", e.Text, MaxButton)
	e.AccessibilityLabel = m.string("accessibility_label", place+".accessibility_label", e.AccessibilityLabel, MaxButton)
	e.Confirm = m.confirm(place+".confirm", e.Confirm)
	value := m.whole("button value", place+".value", e.Value, MaxButtonValue)
	return m.whole("button url", place+".url", e.URL, MaxURL) && value
}

// confirm is the question before an action. It stays, whatever it says: without
// it the action would be taken at once.
func (m *mender) confirm(place string, c *slack.ConfirmationBlockObject) *slack.ConfirmationBlockObject {
	if c == nil {
		return nil
	}
	asked := *c
	asked.Title = m.words("confirm title", place+".title", c.Title, MaxConfirmTitle)
	asked.Text = m.words("confirm text", place+".text", c.Text, MaxConfirmText)
	asked.Confirm = m.words("confirm button", place+".confirm", c.Confirm, MaxConfirmWord)
	asked.Deny = m.text("deny button", place+".deny", c.Deny, MaxConfirmWord)
	return &asked
}

func (m *mender) placeholder(place string, t *slack.TextBlockObject) *slack.TextBlockObject {
	return m.text("placeholder", place+".placeholder", t, MaxPlaceholder)
}

// accessory is the element beside a section; nil where there is none.
func accessory(a *slack.Accessory) slack.BlockElement {
	if a == nil {
		return nil
	}
	for _, field := range reflect.ValueOf(*a).Fields() {
		if e, is := field.Interface().(slack.BlockElement); is && !field.IsNil() {
			return e
		}
	}
	return nil
}
