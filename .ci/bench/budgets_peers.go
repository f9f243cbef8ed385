package main

import (
	"context"
	"errors"
	"fmt"
	"path"

	"github.com/billbot/billbot/fetcher"
)

// The budgets are in the peer's file, with their lines as amounts and with the
// services that they are about, so that its one statement has no name to match.
// The index has all it needs, in the order of its groups.
const sqliteBudgets = `
CREATE TABLE budget_services (rule INTEGER, service INTEGER, PRIMARY KEY (service, rule)) WITHOUT ROWID;
CREATE TABLE budget_lines (rule INTEGER, amount INTEGER, PRIMARY KEY (rule, amount)) WITHOUT ROWID;
CREATE INDEX by_service ON charges (account, service, day, cost);
ANALYZE;`

const sqliteJudge = `
WITH spent AS (
  SELECT account, service, SUM(cost) AS cost FROM charges WHERE day BETWEEN ? AND ? GROUP BY account, service
), sums AS (
  SELECT account, rule, SUM(cost) AS cost FROM spent JOIN budget_services USING (service) GROUP BY account, rule
)
SELECT account, rule, cost, (SELECT COUNT(*) FROM budget_lines AS l WHERE l.rule = sums.rule AND l.amount <= sums.cost)
FROM sums ORDER BY account, rule`

func (s *sqlite) loadBudgets(ctx context.Context, all []budget) error {
	_, err := s.db.ExecContext(ctx, sqliteBudgets)
	failures := []error{err}
	for rule, b := range all {
		for service := range services {
			if b.about(service) {
				_, err := s.db.ExecContext(ctx, "INSERT INTO budget_services VALUES (?,?)", rule, service)
				failures = append(failures, err)
			}
		}
		for _, line := range b.lines() {
			_, err := s.db.ExecContext(ctx, "INSERT INTO budget_lines VALUES (?,?)", rule, line)
			failures = append(failures, err)
		}
	}
	if err := errors.Join(failures...); err != nil {
		return fmt.Errorf("writing budgets to SQLite: %w", err)
	}
	return nil
}

// about reports whether the budget is about a service of the fleet.
func (b budget) about(service int) bool {
	name := fetcher.Service(charge(service, 0, 0).ServiceName)
	in, out := b.services == "", false
	if !in {
		in, _ = path.Match(b.services, name)
	}
	if b.exclude != "" {
		out, _ = path.Match(b.exclude, name)
	}
	return in && !out
}

// lines are the amounts of the budget's lines, in units of 1e-9.
func (b budget) lines() []int64 {
	lines := make([]int64, len(b.percent))
	for i, percent := range b.percent {
		lines[i] = b.dollars * percent * 1e7
	}
	return lines
}

// judge asks one statement.
func (s *sqlite) judge(ctx context.Context) ([]verdict, error) {
	rows, err := s.db.QueryContext(ctx, sqliteJudge, int64(s.fleet.newest().start), int64(lastDay()))
	if err != nil {
		return nil, fmt.Errorf("asking SQLite for budgets: %w", err)
	}
	defer rows.Close()
	var verdicts []verdict
	for rows.Next() {
		var v verdict
		if err := rows.Scan(&v.account, &v.rule, &v.spent, &v.lines); err != nil {
			return nil, fmt.Errorf("reading SQLite's verdicts: %w", err)
		}
		verdicts = append(verdicts, v)
	}
	return verdicts, rows.Err()
}

// scan is the least that can be done: costs are in memory already, as whole
// numbers, and each is added once to its service's sum.
type scan struct {
	costs [][]int64 // by account, of each day's services
	rules []scanRule
}

type scanRule struct {
	services []int
	lines    []int64
}

func newScan(f fleet, all []budget) scan {
	var s scan
	for _, b := range all {
		rule := scanRule{lines: b.lines()}
		for service := range services {
			if b.about(service) {
				rule.services = append(rule.services, service)
			}
		}
		s.rules = append(s.rules, rule)
	}
	for i := range f.accounts {
		var costs []int64
		for _, c := range f.charges(i, f.newest(), 0) {
			costs = append(costs, nanos(c.ContractedCost))
		}
		s.costs = append(s.costs, costs)
	}
	return s
}

func (s scan) judge(context.Context) ([]verdict, error) {
	verdicts := make([]verdict, 0, len(s.costs)*len(s.rules))
	for account, costs := range s.costs {
		var sums totals
		for ; len(costs) >= services; costs = costs[services:] {
			for service, cost := range costs[:services] {
				sums[service] += cost
			}
		}
		for i, rule := range s.rules {
			v := verdict{account: account, rule: i}
			for _, service := range rule.services {
				v.spent += sums[service]
			}
			for _, line := range rule.lines {
				if v.spent >= line {
					v.lines++
				}
			}
			verdicts = append(verdicts, v)
		}
	}
	return verdicts, nil
}
