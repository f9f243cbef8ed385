package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
)

// change is what one version of the rules says and another does not, or says
// otherwise.
type change struct {
	Change string     `json:"change"` // gone, new or changed
	Before *eventLine `json:"before,omitempty"`
	After  *eventLine `json:"after,omitempty"`
}

// newest is the event as it is now, or as it was where it is gone.
func (c change) newest() eventLine {
	if c.After != nil {
		return *c.After
	}
	return *c.Before
}

// tally is how often a rule speaks before and after.
type tally struct {
	Rule   string `json:"rule"`
	Before int    `json:"before"`
	After  int    `json:"after"`
}

// comparison is what a change of rules changes.
type comparison struct {
	From     fetcher.Day `json:"from"`
	To       fetcher.Day `json:"to"`
	Accounts int         `json:"accounts"`
	Gone     int         `json:"gone"`
	New      int         `json:"new"`
	Changed  int         `json:"changed"`
	Same     int         `json:"same"`
	Rules    []tally     `json:"rules"`

	changes []change
}

// compare replays the same days with the old rules and with the new ones, and
// prints the difference.
func (b *backtest) compare(ctx context.Context, e env, walks []*walk) error {
	old, err := e.loadRulesFrom(e.path(b.cmd.Compare))
	if err != nil {
		return err
	}
	before, err := b.spoken(ctx, old, walks)
	if err != nil {
		return err
	}
	after, err := b.spoken(ctx, b.rules, walks)
	if err != nil {
		return err
	}
	c := compareSpoken(before, after)
	first, _ := span(walks)
	c.From, c.To, c.Accounts = max(first, b.cmd.From), b.cmd.end(walks), len(walks)
	c.Rules = tallies(b.rules, old, before, after)
	if b.cmd.Format == "json" {
		return b.compareJSON(c)
	}
	_, err = fmt.Fprint(b.out, c.markdown())
	return err
}

// spokenEvent is an event that calls somebody, with what makes it the same one
// under other rules: its alert, and how often that one has spoken.
type spokenEvent struct {
	key       string
	threshold string
	line      eventLine
}

// spoken replays the walks and keeps what goes to the channel: alerts that fire
// and escalate. All else edits a message.
func (b *backtest) spoken(ctx context.Context, r *rules.Rules, walks []*walk) ([]spokenEvent, error) {
	mornings, err := replay{rules: r, to: b.cmd.end(walks), shown: b.shown}.run(ctx, walks)
	if err != nil {
		return nil, err
	}
	var spoken []spokenEvent
	times := map[string]int{}
	for _, m := range mornings {
		for _, event := range m.events {
			if event.Type != rules.Fired && event.Type != rules.Escalated {
				continue
			}
			key := event.Alert.ID + " " + event.Alert.Finding.Subject.Account + " " + string(event.Type)
			times[key]++
			if b.within(m.day) {
				spoken = append(spoken, spokenEvent{fmt.Sprint(key, times[key]), event.Alert.Finding.Threshold, eventLineOf(event)})
			}
		}
	}
	return spoken, nil
}

// compareSpoken finds what is gone, new and changed, by day.
func compareSpoken(before, after []spokenEvent) comparison {
	var c comparison
	was := map[string]spokenEvent{}
	for _, s := range before {
		was[s.key] = s
	}
	for _, is := range after {
		old, known := was[is.key]
		delete(was, is.key)
		switch {
		case !known:
			c.New++
			c.changes = append(c.changes, change{Change: "new", After: &is.line})
		case sameSpoken(old, is):
			c.Same++
		default:
			c.Changed++
			c.changes = append(c.changes, change{Change: "changed", Before: &old.line, After: &is.line})
		}
	}
	for _, s := range before {
		if _, gone := was[s.key]; gone {
			c.Gone++
			c.changes = append(c.changes, change{Change: "gone", Before: &s.line})
		}
	}
	slices.SortStableFunc(c.changes, func(a, b change) int { return strings.Compare(a.newest().At, b.newest().At) })
	return c
}

func sameSpoken(a, b spokenEvent) bool {
	return a.line.At == b.line.At && a.line.Day == b.line.Day && a.line.Level == b.line.Level && a.threshold == b.threshold &&
		a.line.Amount.Equal(b.line.Amount) && a.line.Limit.Equal(b.line.Limit)
}

// tallies counts what each rule says, in the order of the new rules and then
// of those that are no more.
func tallies(now, old *rules.Rules, before, after []spokenEvent) []tally {
	var all []tally
	at := map[string]int{}
	for _, r := range slices.Concat(now.OfBill(), old.OfBill()) {
		if _, seen := at[r.Name]; !seen {
			at[r.Name] = len(all)
			all = append(all, tally{Rule: r.Name})
		}
	}
	for _, s := range before {
		all[at[s.line.Rule]].Before++
	}
	for _, s := range after {
		all[at[s.line.Rule]].After++
	}
	return all
}

func (b *backtest) compareJSON(c comparison) error {
	for _, change := range c.changes {
		if err := b.print(change, ""); err != nil {
			return err
		}
	}
	return b.print(map[string]comparison{"summary": c}, "")
}

// markdown is the comparison as text for a pull request.
func (c comparison) markdown() string {
	var out strings.Builder
	fmt.Fprintf(&out, "**%s** (%s, %s to %s; %d said the same)\n",
		c.verdict(), count(c.Accounts, "account"), c.From, c.To, c.Same)
	if len(c.changes) > 0 {
		out.WriteString("\n| | Told on | Event | Rule | About | Level | Amount | Limit |\n|---|---|---|---|---|---|---:|---:|\n")
	}
	for _, change := range c.changes {
		out.WriteString(change.row())
	}
	if len(c.Rules) > 0 {
		out.WriteString("\n| Rule | Before | After |\n|---|---:|---:|\n")
	}
	for _, t := range c.Rules {
		fmt.Fprintf(&out, "| %s | %d | %d |\n", cell(t.Rule), t.Before, t.After)
	}
	return out.String()
}

func (c comparison) verdict() string {
	if len(c.changes) == 0 {
		return "The new rules say the same as the old ones"
	}
	return fmt.Sprintf("The new rules say otherwise: %d gone, %d new, %d changed", c.Gone, c.New, c.Changed)
}

// row is a change as a row of the table. What is not as it was has both.
func (c change) row() string {
	is := c.newest()
	cells := func(l eventLine) []string {
		return []string{l.At, string(l.Event), l.Rule, about(l), string(l.Level), report.Money(l.Amount, l.Currency), report.Money(l.Limit, l.Currency)}
	}
	row := cells(is)
	if c.Change == "changed" {
		for i, was := range cells(*c.Before) {
			if was != row[i] {
				row[i] += " (was " + was + ")"
			}
		}
	}
	for i := range row {
		row[i] = cell(row[i])
	}
	return "| " + c.Change + " | " + strings.Join(row, " | ") + " |\n"
}

// about is the account and the service of an event.
func about(l eventLine) string {
	switch {
	case l.Account == "":
		return "all accounts"
	case l.Service == "":
		return l.Account
	}
	return l.Account + ": " + l.Service
}

// cell is text that stays in its cell of a Markdown table.
func cell(text string) string {
	return strings.ReplaceAll(report.Name(text, 80), "|", `\|`)
}
