package main

import (
	"context"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/slack"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// home is what App Home shows: how things stand at a moment.
func (eng *engine) home(ctx context.Context, now time.Time) (report.Home, error) {
	watched, err := eng.watch(ctx, eng.rules.Accounts, now)
	if err != nil {
		return report.Home{}, err
	}
	totals, err := eng.totalsFor(ctx, notifier.ChannelOf(eng.rules, eng.fleet(), rules.Rule{}), now)
	if err != nil {
		return report.Home{}, err
	}
	together, err := eng.store.Load(ctx, fetcher.Account{ID: rules.FleetID}, fetcher.DayOf(now))
	return report.HomeOf(eng.rules, watched, totals, together.Alerts, now), err
}

// newHome is App Home; nil where messages go to no Slack that could show it.
func (e env) newHome(eng *engine, groups *slack.Groups) (*slack.Home, error) {
	client, is := eng.channel.(*slack.Client)
	if !is {
		return nil, nil
	}
	return slack.NewHome(slack.HomeConfig{
		Read: eng.mayRead(groups), Publish: client.Publish, Log: e.log,
		Buttons: slack.HomeButtons,
		Home:    func(ctx context.Context) (report.Home, error) { return eng.newest().home(ctx, e.now()) },
	})
}
