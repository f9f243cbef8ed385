package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

type checkCmd struct {
	File string `arg:"" optional:"" help:"The file to check; the one of --rules when it is left out."`
}

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
	for _, rule := range r.Rules {
		where := cmp.Or(notifierChannel(r, rule), "the account's channel")
		fmt.Fprintf(e.stdout, "  %s: %s -> %s\n", rule.Name, report.Describe(rule), where)
	}
	return nil
}

func notifierChannel(r *rules.Rules, rule rules.Rule) string {
	return cmp.Or(rule.Channel, r.Slack.Channel)
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
