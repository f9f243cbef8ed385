package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/ruletest"
)

type testCmd struct {
	Files  []string `arg:"" help:"Test files." placeholder:"FILE"`
	JUnit  string   `name:"junit" help:"Also write the results to this file, as JUnit XML for CI." placeholder:"FILE"`
	Format string   `help:"text or json." enum:"text,json" default:"text"`
}

func (*testCmd) local() {}

// Help is what billbot test --help adds.
func (*testCmd) Help() string {
	return `A test says what some services cost on real dates, and what the rules of --rules
must say of it. Nothing else may fire or escalate.

    tests:
      - name: a runaway is told on the first morning
        start: 2026-09-12                       # the first day; billing periods begin on the 12th
        services:
          D1 - Rows Read: 0.40x20 41.20 55      # 20 days at 0.40, then two that run away
        expect:
          - {rule: runaway, day: 2026-10-02, level: critical}

Days: 3.75 is one, 0x20 twenty, 1+0.5x10 ten that rise by 0.5, _ one without a row.
2.5M is 2500000. A service can also be written by what it uses:

          KV Reads: {quantity: 9Mx20, price: 0.50, per: 1M, included: 10M}

An expected event has rule and day (the charge day it is about) or at (the morning
it is told), and may have event (fired, escalated, updated, resolved, period_ended),
level, service, zone, account, threshold and amount. A test without expect wants
silence. More is in docs/rules_test.example.yaml.`
}

// Run walks the days of each test as the daemon would have lived them, and
// compares what was said.
func (c *testCmd) Run(ctx context.Context, e env) error {
	r, err := e.loadRules()
	if err != nil {
		return err
	}
	files, err := c.load(e, r)
	if err != nil {
		return err
	}
	results, err := runTests(ctx, r, files)
	if err != nil {
		return err
	}
	if c.JUnit != "" {
		if err := writeJUnit(e.path(c.JUnit), results); err != nil {
			return err
		}
	}
	if err := results.print(e, c.Format); err != nil {
		return err
	}
	if failed := results.failed(); failed > 0 {
		return silent{fmt.Errorf("%d tests failed", failed)}
	}
	return nil
}

// load reads the test files, and tells the mistakes of all of them at once.
func (c *testCmd) load(e env, r *rules.Rules) ([]*ruletest.File, error) {
	var files []*ruletest.File
	var problems rules.Problems
	for _, name := range c.Files {
		data, err := readFile(e.path(name), mostRules)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usageError{fmt.Errorf("no test file %s", name)}
		}
		if err != nil {
			return nil, fmt.Errorf("reading the tests: %w", err)
		}
		file, err := ruletest.Load(e.show(e.path(name)), data, r)
		if wrong, ok := errors.AsType[rules.Problems](err); ok {
			problems = append(problems, wrong...)
			continue
		}
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return files, nil
}

// runTests runs the tests of all files.
func runTests(ctx context.Context, r *rules.Rules, files []*ruletest.File) (testResults, error) {
	results := testResults{rules: r, coverage: ruletest.Coverage{}}
	for _, file := range files {
		for _, t := range file.Tests {
			outcome, err := runTest(ctx, r, t)
			if err != nil {
				return results, err
			}
			results.coverage.Add(outcome.Got)
			results.tests = append(results.tests, testResult{file.Name, t, outcome})
		}
	}
	return results, nil
}

// runTest replays the days of one test.
func runTest(ctx context.Context, r *rules.Rules, t ruletest.Test) (ruletest.Outcome, error) {
	var walks []*walk
	for _, bill := range t.Bills() {
		if len(bill.Charges) > 0 {
			walks = append(walks, newWalk(bill.Account, bill.Terms, bill.Charges))
		}
	}
	mornings, err := replay{rules: r, to: t.End()}.run(ctx, walks)
	if err != nil {
		return ruletest.Outcome{}, err
	}
	var events []rules.Event
	for _, m := range mornings {
		events = append(events, m.events...)
	}
	return ruletest.Compare(t.Expect, events), nil
}
