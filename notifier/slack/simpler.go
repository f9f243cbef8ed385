package slack

import "github.com/slack-go/slack"

// simplerForms are what to send when Slack refuses the layout of a message, in
// the order to try: without what is young in Block Kit, where there is any, and
// as plain text.
func simplerForms(m Message) []Message {
	plain := plainMessage(m)
	bare := m
	bare.Blocks = nil
	for _, b := range m.Blocks {
		if _, chart := b.(*slack.DataVisualizationBlock); !chart {
			bare.Blocks = append(bare.Blocks, b)
		}
	}
	if len(bare.Blocks) == len(m.Blocks) || len(bare.Blocks) == 0 {
		return []Message{plain}
	}
	return []Message{bare, plain}
}
