package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// knownDoubts holds the rules against what the database knows, if there is one.
func knownDoubts(ctx context.Context, e env, r *rules.Rules) ([]rules.Problem, error) {
	if _, err := os.Stat(e.dbFile); e.shared == nil && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	k := known{rules: r, reach: r.NewReach(), now: e.now(), passed: map[string][]rules.Finding{}}
	err := e.withStore(func(s *store.Store) error { return k.look(ctx, s) })
	if err != nil {
		return nil, err
	}
	return slices.Concat(k.lines(), k.abroad(), k.strangers()), nil
}

// known is what a database knows of the accounts of a rules file.
type known struct {
	rules   *rules.Rules
	now     time.Time
	watched []rules.Watched
	unseen  []rules.Account // of which nothing is known
	reach   *rules.Reach
	passed  map[string][]rules.Finding // by rule: lines that are passed, and not told
	foreign []rules.Finding            // budgets in a currency that nothing is billed in
}

// look evaluates the rules on every account, as the next poll would if nothing
// new came.
func (k *known) look(ctx context.Context, s *store.Store) error {
	accounts, err := k.accounts(ctx, s)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		view, err := s.Load(ctx, ref(account), k.rules.Reach(fetcher.DayOf(k.now)))
		if err != nil {
			return err
		}
		if len(view.Bill.Lines) == 0 {
			k.unseen = append(k.unseen, account)
			continue
		}
		k.reach.See(account, view.Bill)
		k.take(k.rules.Evaluate(account, view.Bill, k.now), view.Alerts)
		k.watched = append(k.watched, rules.Watched{Account: account, Bill: view.Bill})
	}
	together, err := s.Load(ctx, ref(fleet), 0)
	if err != nil {
		return err
	}
	k.take(k.rules.EvaluateTotals(k.watched, k.now), together.Alerts)
	return nil
}

// accounts is those of the rules file, or where it has none, of the database.
func (k *known) accounts(ctx context.Context, s *store.Store) ([]rules.Account, error) {
	if len(k.rules.Accounts) > 0 {
		return k.rules.Accounts, nil
	}
	stored, err := chosen(ctx, s, "")
	if err != nil {
		return nil, err
	}
	var accounts []rules.Account
	for _, account := range stored {
		if account.ID != rules.FleetID {
			accounts = append(accounts, accountOf(k.rules, account))
		}
	}
	return accounts, nil
}

// take keeps the budgets that are passed, and whose alert does not say so yet,
// and those that are in another currency than the bill.
func (k *known) take(findings []rules.Finding, told []rules.Alert) {
	for _, f := range findings {
		if f.OfBudget() && !f.Open && !f.Ended && f.Amount.IsZero() && len(f.Others) > 0 {
			k.foreign = append(k.foreign, f)
		}
		if f.OfBudget() && f.Open && !f.Ended && !slices.ContainsFunc(told, func(a rules.Alert) bool { return tells(a, f) }) {
			k.passed[f.Rule] = append(k.passed[f.Rule], f)
		}
	}
}

// tells reports whether an alert tells a finding already, under the same budget.
func tells(a rules.Alert, f rules.Finding) bool {
	was := a.Finding
	return a.On() && was.Rule == f.Rule && was.OfBudget() && was.Subject == f.Subject && was.Step >= f.Step && was.Budget.Equal(f.Budget)
}

// titleRunes bounds what a warning says of an alert.
const titleRunes = 300

// lines are the warnings of lines that are passed: one a rule, of the first that
// there is.
func (k *known) lines() []rules.Problem {
	var problems []rules.Problem
	for _, rule := range k.rules.Rules {
		found := k.passed[rule.Name]
		if len(found) == 0 {
			continue
		}
		at, more := "budget.actual", ""
		if found[0].Kind == rules.KindForecast {
			at = "budget.forecast"
		}
		if n := len(found) - 1; n > 0 {
			more = ", and " + count(n, "more alert")
		}
		title, _ := report.Title(rules.Alert{Finding: found[0], State: rules.Firing}, titleRunes)
		problems = append(problems, k.rules.Source.OfRule(rule.Name, at, "rule %q would fire at once, as %s is passed already: %s%s",
			rule.Name, found[0].Threshold, title, more))
	}
	return problems
}

// abroad are the warnings of budgets in another currency than the bill.
func (k *known) abroad() []rules.Problem {
	var problems []rules.Problem
	for _, f := range k.foreign {
		problems = append(problems, k.rules.Source.OfRule(f.Rule, "budget.currency", "rule %q can never fire for %s, which is billed in %s: the budget is in %s",
			f.Rule, cmp.Or(f.Subject.Account, "these accounts"), f.Others[0].Currency, f.Currency))
	}
	return problems
}

// strangers are the warnings of rules that choose nothing on the bill. What an
// account of which nothing is known has on its bill nobody can say.
func (k *known) strangers() []rules.Problem {
	var problems []rules.Problem
	for _, f := range k.reach.Findings() {
		i := slices.IndexFunc(k.rules.Rules, func(rule rules.Rule) bool { return rule.Name == f.Rule })
		if !f.Open || i < 0 || k.rules.Rules[i].Match.Cancels() || slices.ContainsFunc(k.unseen, k.rules.Rules[i].Match.Account) {
			continue
		}
		problems = append(problems, k.rules.Source.OfRule(f.Rule, firstPart(k.rules.Rules[i].Match), "rule %q chooses nothing on the bill. %s",
			f.Rule, report.Figures(rules.Alert{Finding: f, State: rules.Unknown})))
	}
	return problems
}

// firstPart is the key that a rule chooses by.
func firstPart(m rules.Match) string {
	switch {
	case len(m.Services) > 0:
		return "services"
	case len(m.Families) > 0:
		return "families"
	}
	return "zones"
}
