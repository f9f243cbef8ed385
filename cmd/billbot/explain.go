package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

type explainCmd struct {
	Rule    string      `arg:"" help:"The rule, by its name." placeholder:"RULE"`
	Service string      `help:"Only this service, by its name without allowance." placeholder:"NAME"`
	Account string      `help:"Only this account, by name or ID." placeholder:"NAME"`
	Day     fetcher.Day `help:"What was known on the morning after this charge day; the newest by default." placeholder:"DAY"`
	Usage   []string    `help:"A usage file: what the API answered, gzip or not. Repeatable. Without it, the charges in the database." sep:"none" placeholder:"FILE"`
	Format  string      `help:"text or json." enum:"text,json" default:"text"`
}

// Help is what billbot explain --help adds.
func (*explainCmd) Help() string {
	return `It prints what the rule went by (usage, usual, thresholds, forecast), the ID that
the alert has or would have, and what held it back. The days before are lived
again, so that what was told by then counts.

    billbot explain runaway --service "D1 - Rows Read" --day 2026-10-02
    billbot explain whole-account
    billbot explain runaway --usage answer.json`
}

func (c *explainCmd) needsNothing() bool { return len(c.Usage) > 0 }

// Run explains what a rule said of a day, and what it did not say.
func (c *explainCmd) Run(ctx context.Context, e env) error {
	r, err := e.loadRules()
	if err != nil {
		return err
	}
	rule, err := ruleNamed(r, c.Rule)
	if err != nil {
		return usageError{err}
	}
	explained, err := c.explained(ctx, e, r, rule)
	if err != nil {
		return err
	}
	return c.print(e, explained)
}

// explained is all that there is to say of a rule, in words, what is over its
// line first.
func (c *explainCmd) explained(ctx context.Context, e env, r *rules.Rules, rule rules.Rule) ([]report.Explanation, error) {
	all, err := c.explain(ctx, e, r, rule)
	if err != nil {
		return nil, err
	}
	var explained []report.Explanation
	for _, x := range all {
		explained = append(explained, report.ExplanationOf(x))
	}
	if explained, err = c.about(explained); err != nil {
		return nil, usageError{err}
	}
	slices.SortStableFunc(explained, overFirst)
	return explained, nil
}

// explain is all that there is to say of a rule.
func (c *explainCmd) explain(ctx context.Context, e env, r *rules.Rules, rule rules.Rule) ([]rules.Explained, error) {
	if rule.Stale != nil {
		return c.trust(ctx, e, r, rule)
	}
	walks, err := e.walks(ctx, r, c.Usage, "")
	if err != nil {
		return nil, err
	}
	all, err := c.unmatched(ctx, e, r, rule, walks)
	if err != nil {
		return nil, err
	}
	if walks, err = c.chosen(rule, walks); err != nil {
		return nil, usageError{err}
	}
	for _, w := range walks {
		all = append(all, c.live(ctx, rule, w, e.now())...)
	}
	return all, ctx.Err()
}

// ruleNamed finds a rule, or says which was likely meant.
func ruleNamed(r *rules.Rules, name string) (rules.Rule, error) {
	for _, rule := range r.Rules {
		if strings.EqualFold(rule.Name, name) {
			return rule, nil
		}
	}
	return rules.Rule{}, fmt.Errorf("no rule %q: %s", name, meant(name, ruleNames(r)))
}

func ruleNames(r *rules.Rules) []string {
	var names []string
	for _, rule := range r.Rules {
		names = append(names, rule.Name)
	}
	return names
}

// meant is the name that was likely meant, or all there are.
func meant(name string, known []string) string {
	if near, ok := rules.Nearest(name, known); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) == 0 {
		return "there are none"
	}
	const most = 10
	more := ""
	if len(known) > most {
		known, more = known[:most], ", ..."
	}
	return "there are " + strings.Join(known, ", ") + more
}

// chosen is the walk of the account asked for, or all of them; for a rule per
// total it is its accounts as one.
func (c *explainCmd) chosen(rule rules.Rule, walks []*walk) ([]*walk, error) {
	switch {
	case rule.Per == rules.PerTotal && c.Account != "":
		return nil, fmt.Errorf("rule %q is about all its accounts together: leave --account out", rule.Name)
	case rule.Per == rules.PerTotal:
		return []*walk{totalOf(rule, walks).walk}, nil
	case c.Account == "":
		return walks, nil
	}
	var names []string
	for _, w := range walks {
		if w.account.Name == c.Account || w.account.ID == c.Account {
			return []*walk{w}, nil
		}
		names = append(names, w.account.Name)
	}
	return nil, fmt.Errorf("no account %q: %s", c.Account, meant(c.Account, names))
}

// live lives an account's days with one rule, and explains the last of them.
// Without --day it is now, and the day is the newest there is.
func (c *explainCmd) live(ctx context.Context, rule rules.Rule, w *walk, now time.Time) []rules.Explained {
	first, last := span([]*walk{w})
	day := last
	if !c.Day.IsZero() {
		day = c.Day
	}
	if !c.Day.IsZero() || len(c.Usage) > 0 {
		now = morningAfter(day)
	}
	alone := &rules.Rules{Rules: []rules.Rule{rule}}
	var alerts []rules.Alert
	for d := first; d < day && ctx.Err() == nil; d++ {
		if bill, ok := w.upTo(alone, d); ok {
			changed, _ := rules.Advance(w.account.ID, alerts, findingsOf(rule, w, bill, d), morningAfter(d))
			alerts = replaceAlerts(alerts, changed)
		}
	}
	bill, ok := w.upTo(alone, day)
	if !ok {
		return nil
	}
	all := rule.Explain(w.account, bill, alerts, now)
	for i := range all {
		all[i].Withdrawn = withdrawn(all[i].Finding, w.told)
	}
	return all
}

// findingsOf evaluates one rule on the morning after a day.
func findingsOf(rule rules.Rule, w *walk, bill fetcher.Bill, day fetcher.Day) []rules.Finding {
	if rule.Per == rules.PerTotal {
		return rule.EvaluateTogether(bill, morningAfter(day))
	}
	alone := rules.Rules{Rules: []rules.Rule{rule}}
	return alone.Evaluate(w.account, bill, morningAfter(day))
}

// overFirst orders what is over its line before what is not.
func overFirst(a, b report.Explanation) int {
	switch {
	case a.Over == b.Over:
		return 0
	case a.Over:
		return -1
	}
	return 1
}

// about keeps the explanations of the service asked for.
func (c *explainCmd) about(all []report.Explanation) ([]report.Explanation, error) {
	if c.Service == "" {
		return all, nil
	}
	service := fetcher.Service(c.Service)
	var names []string
	var kept []report.Explanation
	for _, x := range all {
		if strings.EqualFold(x.Service, service) {
			kept = append(kept, x)
		}
		if x.Service != "" && !slices.Contains(names, x.Service) {
			names = append(names, x.Service)
		}
	}
	switch {
	case len(kept) > 0:
		return kept, nil
	case len(names) == 0 && len(all) > 0:
		return nil, fmt.Errorf("rule %q does not look at services one by one: leave --service out", c.Rule)
	}
	return nil, fmt.Errorf("rule %q has no service %q: %s", c.Rule, c.Service, meant(service, names))
}

func (c *explainCmd) print(e env, explained []report.Explanation) error {
	if len(explained) == 0 {
		fmt.Fprintf(e.stderr, "rule %s has nothing to judge: nothing that it watches was billed by then, in a period that is still open\n", c.Rule)
	}
	if c.Format == "json" {
		return printJSON(e, explained)
	}
	_, err := fmt.Fprint(e.stdout, report.Explanations(explained))
	return err
}
