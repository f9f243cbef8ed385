package blockkit

import "github.com/slack-go/slack"

// block is a block as Slack takes it; nil where nothing of it can be shown.
func (m *mender) block(place string, b slack.Block) slack.Block {
	switch b := valueOf(b).(type) {
	case nil:
		m.wrong("block", place, "there is none")
		return nil
	case slack.HeaderBlock:
		return m.header(place, b)
	case slack.SectionBlock:
		return m.section(place, b)
	case slack.ContextBlock:
		return m.context(place, b)
	case slack.ActionBlock:
		return m.actions(place, b)
	case slack.InputBlock:
		return m.input(place, b)
	case slack.ImageBlock:
		return m.image(place, b)
	case slack.DividerBlock:
		b.BlockID = m.blockID(place, b.BlockID)
		return &b
	case slack.MarkdownBlock:
		return m.markdown(place, b)
	case slack.TableBlock:
		return m.table(place, b)
	case slack.DataTableBlock:
		return m.dataTable(place, b)
	case slack.DataVisualizationBlock:
		return m.chart(place, b)
	}
	return m.other(place, b)
}

// other is a block that is not looked into. Slack takes alerts in forms alone,
// and files in messages alone.
func (m *mender) other(place string, b slack.Block) slack.Block {
	kind := b.BlockType()
	if kind == slack.MBTAlert && m.on != InModal || kind == slack.MBTFile && m.on != InMessage {
		m.wrong(string(kind)+" block", place, "not taken here")
		m.leave("block", 1)
		return nil
	}
	if m.blockID(place, b.ID()) != b.ID() {
		m.leave("block", 1)
		return nil
	}
	return b
}

// blockID is an ID that no other block has; where there is none, Slack makes one
// up.
func (m *mender) blockID(place, id string) string {
	if id == "" || !m.whole("block_id", place+".block_id", id, MaxID) {
		return ""
	}
	if m.ids[id] {
		m.wrong("block_id", place+".block_id", "another block has it")
		return ""
	}
	m.ids[id] = true
	return id
}

// empty leaves out a block that shows nothing. Nobody misses it.
func (m *mender) empty(limit, place string) slack.Block {
	m.wrong(limit, place, "it is empty")
	return nil
}

func (m *mender) header(place string, b slack.HeaderBlock) slack.Block {
	if length(b.Text) == 0 {
		return m.empty("header", place)
	}
	b.BlockID = m.blockID(place, b.BlockID)
	b.Text = m.text("header text", place+".text", b.Text, MaxHeader)
	return &b
}

func (m *mender) section(place string, b slack.SectionBlock) slack.Block {
	if b.Text == nil && len(b.Fields) == 0 {
		return m.empty("section", place)
	}
	b.Text = m.text("section text", place+".text", b.Text, MaxSection)
	b.Fields = m.fields(place+".fields", b.Fields)
	if b.Text == nil && len(b.Fields) == 0 {
		return nil // they said so
	}
	b.BlockID = m.blockID(place, b.BlockID)
	if beside := accessory(b.Accessory); beside != nil {
		b.Accessory = nil
		if kept := m.element(place+".accessory", beside, map[string]bool{}); kept != nil {
			b.Accessory = slack.NewAccessory(kept)
		} else {
			m.leave("button or menu", 1)
		}
	}
	return &b
}

func (m *mender) fields(place string, all []*slack.TextBlockObject) []*slack.TextBlockObject {
	if m.most("section fields", place, len(all), MaxFields) {
		m.leave("field", len(all)-MaxFields)
		all = all[:MaxFields]
	}
	var kept []*slack.TextBlockObject
	for i, f := range all {
		if f == nil {
			m.least("section field", at(place, i), 0, 1)
		}
		if f = m.text("section field", at(place, i), f, MaxField); f != nil {
			kept = append(kept, f)
		}
	}
	return kept
}

func (m *mender) context(place string, b slack.ContextBlock) slack.Block {
	all, within := b.ContextElements.Elements, place+".elements"
	if len(all) == 0 {
		return m.empty("context", place)
	}
	if m.most("context elements", within, len(all), MaxContext) {
		m.leave("line", len(all)-MaxContext)
		all = all[:MaxContext]
	}
	b.ContextElements.Elements = nil
	for i, e := range all {
		if kept := m.mixed(at(within, i), e); kept != nil {
			b.ContextElements.Elements = append(b.ContextElements.Elements, kept)
		}
	}
	if len(b.ContextElements.Elements) == 0 {
		return nil // they said so
	}
	b.BlockID = m.blockID(place, b.BlockID)
	return &b
}

// mixed is an element of a context: a text or an image.
func (m *mender) mixed(place string, e slack.MixedElement) slack.MixedElement {
	switch e := valueOf(e).(type) {
	case nil:
		m.least("context element", place, 0, 1)
		return nil
	case slack.TextBlockObject:
		if kept := m.text("context element", place, &e, MaxElement); kept != nil {
			return kept
		}
		return nil
	case slack.ImageBlockElement:
		if !m.picture(place, &e) {
			m.leave("image", 1)
			return nil
		}
		return &e
	}
	return e
}

func (m *mender) image(place string, b slack.ImageBlock) slack.Block {
	if !m.whole("image_url", place+".image_url", b.ImageURL, MaxURL) {
		m.leave("image", 1)
		return nil
	}
	b.BlockID = m.blockID(place, b.BlockID)
	b.AltText = m.alt(place, b.AltText)
	b.Title = m.text("image title", place+".title", b.Title, MaxTitle)
	return &b
}

// picture mends an image that is an element, and reports whether it can be shown.
func (m *mender) picture(place string, e *slack.ImageBlockElement) bool {
	e.AltText = m.alt(place, e.AltText)
	return e.ImageURL == nil || m.whole("image_url", place+".image_url", *e.ImageURL, MaxURL)
}

func (m *mender) alt(place, text string) string {
	if m.least("alt_text", place+".alt_text", len(text), 1) {
		return ellipsis
	}
	return m.string("alt_text", place+".alt_text", text, MaxAlt)
}

// markdown is a block of Markdown; the limit is of all of them together.
func (m *mender) markdown(place string, b slack.MarkdownBlock) slack.Block {
	room := MaxMarkdown - m.written
	switch {
	case m.on != InMessage:
		m.wrong("markdown block", place, "not taken here")
		m.leave("block", 1)
		return nil
	case b.Text == "":
		return m.empty("markdown", place)
	case room == 0:
		m.most("markdown text", place+".text", m.written+Size(b), MaxMarkdown)
		m.leave("block", 1)
		return nil
	}
	if m.most("markdown text", place+".text", m.written+Size(b), MaxMarkdown) {
		b.Text = cut(b.Text, room)
	}
	m.written += Size(b)
	b.BlockID = m.blockID(place, b.BlockID)
	return &b
}

// elements is what an actions block holds.
func elements(b slack.ActionBlock) []slack.BlockElement {
	if b.Elements == nil {
		return nil
	}
	return b.Elements.ElementSet
}

func (m *mender) actions(place string, b slack.ActionBlock) slack.Block {
	all, within := elements(b), place+".elements"
	if len(all) == 0 {
		return m.empty("actions", place)
	}
	if m.most("actions elements", within, len(all), MaxActions) {
		m.leave("button or menu", len(all)-MaxActions)
		all = all[:MaxActions]
	}
	ids := map[string]bool{}
	var kept []slack.BlockElement
	for i, e := range all {
		if e = m.element(at(within, i), e, ids); e != nil {
			kept = append(kept, e)
		} else {
			m.leave("button or menu", 1)
		}
	}
	if len(kept) == 0 {
		return nil // they said so
	}
	b.BlockID, b.Elements = m.blockID(place, b.BlockID), &slack.BlockElements{ElementSet: kept}
	return &b
}
