package slack

import (
	"context"

	"github.com/billbot/billbot/rules"
	"github.com/slack-go/slack"
)

// A press in App Home has no channel, no message and no response URL: what there
// is to say is shown over the page, and the page is shown anew.

// HomeButtons is what can be done about one alert in App Home: what its message
// offers, about this alert alone.
func HomeButtons(a rules.Alert) slack.Block {
	block, is := buttons(a.ID, []rules.Alert{a}).(*slack.ActionBlock)
	if !is {
		return nil
	}
	block.BlockID = actionBlock + "_" + a.ID // each is of its own in a view
	return block
}

func isHome(p slack.InteractionCallback) bool { return p.View.Type == slack.VTHomeTab }

// tellHome says in a window what came of a press in App Home, and shows that
// anew, unless nothing was asked but to be told something.
func (i *Interactions) tellHome(ctx context.Context, p slack.InteractionCallback, asked pressed, note Message) {
	var above []slack.Block
	if note.Text != "" && !i.window(ctx, p, asked, note) {
		above = note.Blocks
	}
	if isOpening := asked.action == actionWhy || asked.action == optionExpect && note.Text == ""; !isOpening || above != nil {
		i.showHome(ctx, p.User.ID, above...)
	}
}

// window shows a note over App Home, and reports whether it could.
func (i *Interactions) window(ctx context.Context, p slack.InteractionCallback, asked pressed, note Message) bool {
	if i.config.Client == nil {
		return false
	}
	title := "Not changed"
	if asked.action == actionWhy {
		title = "Why"
	}
	err := i.config.Client.open(ctx, p.TriggerID, slack.ModalViewRequest{
		Type: slack.VTModal, Title: label(title), Close: label("Close"), Blocks: slack.Blocks{BlockSet: note.Blocks},
	})
	if err != nil {
		i.config.Log.Warn("could not open a window over App Home", "user", p.User.ID, "error", err)
	}
	return err == nil
}

// showHome shows App Home to a user anew, below some blocks.
func (i *Interactions) showHome(ctx context.Context, user string, above ...slack.Block) {
	if i.config.Home == nil {
		return
	}
	if err := i.config.Home.Show(ctx, user, above...); err != nil {
		i.config.Log.Warn("could not show App Home anew", "user", user, "error", err)
	}
}
