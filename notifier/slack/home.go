package slack

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/billbot/billbot/notifier/slack/blockkit"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// HomeConfig says what App Home shows, and to whom.
type HomeConfig struct {
	// Read is who may see figures; without a list, everyone who can see the bot.
	Read Access
	// Home is required: how things stand, from what is stored.
	Home func(ctx context.Context) (report.Home, error)
	// Publish is required: shows a user a view, as [Client.Publish] does.
	Publish func(ctx context.Context, user string, view slack.HomeTabViewRequest) error
	// Buttons are those of an alert, such as [HomeButtons]; nil means that there
	// are none.
	Buttons func(rules.Alert) slack.Block
	Log     *slog.Logger // nil means no log
}

// Home keeps App Home: whoever opens it sees how things stand then.
type Home struct{ config HomeConfig }

// NewHome returns what shows App Home. It is an error when something required is
// missing.
func NewHome(c HomeConfig) (*Home, error) {
	if c.Home == nil || c.Publish == nil {
		return nil, errors.New("nothing to show in App Home, or no way to show it")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Home{c}, nil
}

// Handle answers an event of Slack's Events API, however it came: where a person
// opened App Home, it is published to them. Other events are none of its
// business. What fails is logged: there is nobody to tell.
func (h *Home) Handle(ctx context.Context, event slackevents.EventsAPIEvent) {
	opened, is := event.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent)
	if !is || opened.User == "" || opened.Tab != "" && opened.Tab != "home" {
		return
	}
	if err := h.Show(ctx, opened.User); err != nil {
		h.config.Log.Warn("could not show App Home", "user", opened.User, "error", err)
	}
}

// Show publishes App Home to a user, below some blocks: after an action of theirs
// too.
func (h *Home) Show(ctx context.Context, user string, above ...slack.Block) error {
	blocks, err := h.blocks(ctx, user)
	if err != nil {
		h.config.Log.Error("could not read what App Home shows", "error", err)
	}
	view := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: slices.Concat(above, blocks)}}
	return h.config.Publish(ctx, user, view)
}

func (h *Home) blocks(ctx context.Context, user string) ([]slack.Block, error) {
	if err := h.config.Read.admit(ctx, user, ""); err != nil {
		return []slack.Block{lines("You may not see spend here.", "slack.access.read in the rules file lists who may: "+err.Error()+".")}, nil
	}
	home, err := h.config.Home(ctx)
	if err != nil {
		return []slack.Block{lines("What is spent could not be read just now.", "Open this page again in a moment; if it stays so, billbot's log says why.")}, err
	}
	return RenderHome(home, h.config.Buttons), nil
}

// How much App Home shows. Slack takes a hundred blocks in a view; an alert and
// its buttons are two.
const (
	homeAlerts = 20
	homeLines  = 40
)

// RenderHome lays out App Home. It keeps to the limits of a message, which are
// below those of a view. buttons may be nil.
func RenderHome(h report.Home, buttons func(rules.Alert) slack.Block) []slack.Block {
	var p page
	p.add(header("☁️ " + report.HomeTitle(h)))
	if len(h.Summary.Accounts) == 0 {
		p.add(lines("The first poll reads the accounts of the rules file. Open this page again after it, or ask /spend help."))
	}
	for i, a := range h.Alerts {
		block, stands := lines(homeAlert(a), report.Outlook(a)), standing([]rules.Alert{a})
		if i == homeAlerts || !p.room(block, block) || stands != nil && !p.room(block, stands, block) {
			p.add(lines("… and " + strconv.Itoa(len(h.Alerts)-i) + " more alerts: billbot alerts lists them."))
			break
		}
		p.add(block, stands)
		if buttons != nil {
			p.add(buttons(a))
		}
	}
	part(&p, "Budgets", report.HomeBudgets(h))
	part(&p, "Accounts", report.HomeAccounts(h))
	part(&p, "Schedule", h.Schedule)
	p.add(footer(summaryData(h.Summary.Accounts), "As of when this page was opened"))
	return p.blocks
}

// homeAlert names an alert with its account, the verdict first.
func homeAlert(a rules.Alert) string {
	title, _ := report.Title(a, maxElement)
	return report.Emoji(a) + " " + title + " [" + report.Name(a.ID, 16) + "]"
}

// part adds lines below a heading, as many as there is room for, and says how
// many are left out.
func part(p *page, heading string, texts []string) {
	if len(texts) == 0 {
		return
	}
	for shown := min(len(texts), homeLines); shown > 0; shown /= 2 {
		said := slices.Clone(texts[:shown])
		if left := len(texts) - shown; left > 0 {
			said = append(said, "… and "+strconv.Itoa(left)+" more")
		}
		if block := lines(said...); p.room(titled(heading), block) && blockkit.Size(block) < blockkit.MaxSection {
			p.add(titled(heading), block)
			return
		}
	}
}

// Publish shows a user a view in App Home, at most once a second each, and
// once more where Slack asks to wait a little.
func (c *Client) Publish(ctx context.Context, user string, view slack.HomeTabViewRequest) error {
	if err := c.pace.wait(ctx, address{channel: "home of " + user}); err != nil {
		return err
	}
	view, broken, err := blockkit.FitHome(view)
	logCut(c.log, broken, "home", user)
	if err != nil {
		return err
	}
	request := slack.PublishViewContextRequest{UserID: user, View: view}
	_, err = c.api.PublishViewContext(ctx, request)
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		select {
		case <-ctx.Done():
			return c.token.ScrubError(err)
		case <-time.After(limited.RetryAfter):
		}
		_, err = c.api.PublishViewContext(ctx, request)
	}
	return c.token.ScrubError(err)
}
