package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

type checkCmd struct {
	File string `arg:"" optional:"" help:"The file to check; the one of --rules when it is left out."`
}

func (*checkCmd) local() {}

// Run checks a rules file and says what it watches.
func (c *checkCmd) Run(_ context.Context, e env) error {
	path := e.rulesFile
	if c.File != "" {
		path = e.path(c.File)
	}
	r, err := e.loadRulesFrom(path)
	if err != nil {
		return err
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(e.stderr, "warning: %s\n", w)
	}
	fmt.Fprintf(e.stdout, "%s: ok: %s, %s\n", e.show(path), count(len(r.Accounts), "account"), count(len(r.Rules), "rule"))
	if account, found := homeless(r); found {
		fmt.Fprintf(e.stderr, "warning: account %s has no channel: set slack.channel, or channel in the account\n", account.Name)
	}
	for _, rule := range r.Rules {
		fmt.Fprintf(e.stdout, "  %s: %s%s\n", rule.Name, report.Describe(rule, ""), destination(r, rule))
	}
	return nil
}

// destination says where a rule's alerts go: its channel, or those of the
// accounts it watches.
func destination(r *rules.Rules, rule rules.Rule) string {
	var channels []string
	for _, account := range r.Accounts {
		channel := notifier.ChannelOf(r, account, rule)
		if rule.Match.Account(account) && channel != notifier.NoChannel && !slices.Contains(channels, channel) {
			channels = append(channels, channel)
		}
	}
	if len(channels) == 0 {
		return ""
	}
	return " -> " + strings.Join(channels, ", ")
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
