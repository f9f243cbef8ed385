package slack

import (
	"log/slog"

	"github.com/billbot/billbot/notifier/slack/blockkit"
)

// fitting is a message as Slack takes it. Messages are laid out to fit; where
// one does not all the same, what is too much is cut visibly, and the log says
// what that was; with says more of the message there, in pairs.
func (m Message) fitting(log *slog.Logger, with ...any) Message {
	page, broken := blockkit.Fit(blockkit.Page{Text: m.Text, Blocks: m.Blocks})
	if key := m.Metadata.EventPayload[payloadKey]; key != nil {
		with = append(with, "key", key)
	}
	logCut(log, broken, with...)
	m.Text, m.Blocks = page.Text, page.Blocks
	return m
}

// logCut says which limits were broken, if any were.
func logCut(log *slog.Logger, broken []blockkit.Broken, with ...any) {
	if len(broken) > 0 {
		log.Warn("shortened to what Slack takes", append(with, "limits", blockkit.Told(broken))...)
	}
}
