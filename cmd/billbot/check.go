package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

type checkCmd struct {
	File   string `arg:"" optional:"" help:"The file to check; the one of --rules when it is left out."`
	Format string `help:"text or json: an object a line for each mistake and warning." enum:"text,json" default:"text"`
	Strict bool   `help:"Exit 1 if there are warnings."`
	Schema bool   `help:"Print the JSON Schema of rules files, for editors, and check nothing."`
}

// Help is what billbot check --help adds.
func (*checkCmd) Help() string {
	return `A mistake is what no other command would accept. A warning is what nobody may have
meant: rules that can never fire or say the same, and, where the database is there
and knows the accounts, rules that choose nothing on the bill, and lines that are
passed already, so that they would fire at once.

It exits 0 if there are no mistakes, 2 if there are, and with --strict 1 if there
are only warnings.

    billbot check
    billbot check --strict --format json rules.yaml
    billbot check --schema > rules.schema.json`
}

func (c *checkCmd) needsNothing() bool { return c.Schema }

// Run checks a rules file and says what it watches.
func (c *checkCmd) Run(ctx context.Context, e env) error {
	if c.Schema {
		return printSchema(e)
	}
	path := e.rulesFile
	if c.File != "" {
		path = e.path(c.File)
	}
	r, err := e.loadRulesFrom(path)
	if problems, mistaken := errors.AsType[rules.Problems](err); mistaken && c.Format == "json" {
		return errors.Join(printJSON(e, remarks("error", problems)), usageError{silent{errors.New("mistakes in the rules")}})
	}
	if err != nil {
		return err
	}
	known, unread := knownDoubts(ctx, e, r)
	if errors.Is(unread, store.ErrLocked) {
		return unread // who holds it is asked
	}
	warnings := slices.Concat(r.Warnings, channelDoubts(r), known)
	slices.SortStableFunc(warnings, func(a, b rules.Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if err := c.print(e, path, r, warnings); err != nil {
		return err
	}
	if unread != nil {
		return fmt.Errorf("the rules were checked, but not against the database: %w", unread)
	}
	if c.Strict && len(warnings) > 0 {
		return silent{errors.New("warnings, and --strict")}
	}
	return nil
}

func printSchema(e env) error {
	schema, err := rules.Schema()
	if err != nil {
		return err
	}
	_, err = e.stdout.Write(schema)
	return err
}

// remark is a mistake or a warning as --format json prints it.
type remark struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Level   string `json:"level"` // error or warning
	Message string `json:"message"`
	Rule    string `json:"rule"` // "" where it is about no rule
}

func remarks(level string, problems []rules.Problem) []remark {
	all := make([]remark, len(problems))
	for i, p := range problems {
		all[i] = remark{p.File, p.Line, p.Column, level, p.Message, p.Rule}
	}
	return all
}

func (c *checkCmd) print(e env, path string, r *rules.Rules, warnings []rules.Problem) error {
	if c.Format == "json" {
		return printJSON(e, remarks("warning", warnings))
	}
	for _, w := range warnings {
		fmt.Fprintf(e.stderr, "warning: %s\n", w)
	}
	fmt.Fprintf(e.stdout, "%s: ok: %s, %s\n", e.show(path), count(len(r.Accounts), "account"), count(len(r.Rules), "rule"))
	for _, rule := range r.Rules {
		fmt.Fprintf(e.stdout, "  %s: %s%s\n", rule.Name, report.Describe(rule, ""), destination(r, rule))
	}
	return nil
}

// channelDoubts says where messages have nowhere to go.
func channelDoubts(r *rules.Rules) []rules.Problem {
	account, found := homeless(r)
	if !found {
		return nil
	}
	return []rules.Problem{r.Source.OfAccount(account.Name, "name",
		"account %s has no channel: set slack.channel, or channel in the account", account.Name)}
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
