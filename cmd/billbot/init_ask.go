package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/billbot/billbot/rules"
	"github.com/shopspring/decimal"
)

// question is one of those that init has.
type question struct {
	flag     string
	text     string
	proposed string // "" where nothing can be
	answer   *string
	check    func(string) error
}

func (c *initCmd) questions() []question {
	return []question{
		{"account", "Cloudflare account ID (32 hex digits, in the dashboard's address)", "", &c.Account, checkAccountID},
		{"name", "What should messages call it?", "production", &c.Name, checkName},
		{"channel", "Slack channel", "#cloud-spend", &c.Channel, checkChannel},
		{"budget", "What may a billing period cost, in the account's currency?", "25", &c.Budget, checkBudget},
	}
}

// fill checks what the flags say, and gets what they do not: from a person, or,
// where it may be, as it is proposed.
func (c *initCmd) fill(ctx context.Context, e env) error {
	_, terminal := isTerminal(e.stdin)
	var missing []string
	for _, q := range c.questions() {
		switch {
		case *q.answer != "":
			if err := q.check(*q.answer); err != nil {
				return usageError{fmt.Errorf("--%s: %w", q.flag, err)}
			}
		case q.proposed != "" && (c.Yes || q.flag == "name" && !terminal):
			*q.answer = q.proposed
		case c.Yes || !terminal:
			missing = append(missing, "--"+q.flag)
		}
	}
	if len(missing) > 0 {
		why := "there is no terminal to ask at"
		if c.Yes {
			why = "with --yes nothing is asked"
		}
		return usageError{fmt.Errorf("%s %s missing: %s", strings.Join(missing, " and "), plural(len(missing), "is", "are"), why)}
	}
	return c.ask(ctx, e)
}

// ask asks a person for what is not known yet, each until it can be right.
func (c *initCmd) ask(ctx context.Context, e env) error {
	lines := linesOf(ctx, e.stdin)
	for _, q := range c.questions() {
		for *q.answer == "" {
			proposed := ""
			if q.proposed != "" {
				proposed = " [" + q.proposed + "]"
			}
			fmt.Fprintf(e.stdout, "%s%s: ", q.text, proposed)
			line, err := lines()
			if err != nil {
				return fmt.Errorf("asking for --%s: %w", q.flag, err)
			}
			if line == "" {
				line = q.proposed
			}
			if err := q.check(line); err != nil {
				fmt.Fprintf(e.stdout, "  %s\n", err)
				continue
			}
			*q.answer = line
		}
	}
	return nil
}

// linesOf reads a line at a time, and stops waiting for one when ctx ends.
func linesOf(ctx context.Context, from io.Reader) func() (string, error) {
	type read struct {
		line string
		err  error
	}
	in := bufio.NewReader(from)
	return func() (string, error) {
		got := make(chan read, 1)
		go func() {
			line, err := in.ReadString('\n')
			got <- read{strings.TrimSpace(line), err}
		}()
		select {
		case r := <-got:
			if errors.Is(r.err, io.EOF) && r.line != "" {
				r.err = nil
			}
			return r.line, r.err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

var accountIDForm = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)

// checkAccountID does not repeat what is wrong: it may be a token.
func checkAccountID(text string) error {
	if !accountIDForm.MatchString(text) {
		return errors.New("that is no account ID: it has 32 hex digits, 0 to 9 and a to f")
	}
	return nil
}

// checkName and checkChannel say what a rules file would say of them.
func checkName(text string) error {
	return checkRules("accounts: [{name: %q, id: 00000000000000000000000000000000}]\n", text)
}

func checkChannel(text string) error { return checkRules("slack: {channel: %q}\n", text) }

func checkRules(format, text string) error {
	_, err := rules.Load("rules.yaml", fmt.Appendf(nil, format, text))
	if problems, bad := errors.AsType[rules.Problems](err); bad && len(problems) > 0 {
		return errors.New(problems[0].Message)
	}
	return err
}

var amountForm = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,6})?$`)

func checkBudget(text string) error {
	amount, err := decimal.NewFromString(text)
	if err != nil || !amountForm.MatchString(text) || !amount.IsPositive() {
		return errors.New("that is no amount: a number like 25 or 19.50, without a currency")
	}
	return nil
}
