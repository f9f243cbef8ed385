package main

import (
	"cmp"
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/billbot/billbot/store"
)

// auditLine is what a person did, as billbot alerts --audit prints it.
type auditLine struct {
	rules.Deed
	Account string `json:"account"` // by name; "" for all together
	Rule    string `json:"rule"`
	Service string `json:"service"`
}

// audit prints who did what about alerts, and when, oldest first.
func (c *alertsCmd) audit(ctx context.Context, e env, s *store.Store) error {
	deeds, err := s.Audit(ctx)
	if err != nil {
		return err
	}
	kept, err := s.Alerts(ctx)
	if err != nil {
		return err
	}
	about := map[string]rules.Finding{}
	for _, k := range kept {
		about[k.AccountID+" "+k.Alert.ID] = k.Alert.Finding
	}
	lines := make([]auditLine, len(deeds))
	for i, d := range deeds {
		f := about[d.AccountID+" "+d.Deed.Alert]
		lines[i] = auditLine{d.Deed, f.Subject.Account, f.Rule, f.Subject.Service}
	}
	if c.Format == "json" {
		return printJSON(e, lines)
	}
	if len(lines) == 0 {
		fmt.Fprintln(e.stdout, "nobody has acted on an alert")
	}
	table := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", l.At.UTC().Format("2006-01-02 15:04 MST"),
			report.Name(l.By, 40), didWhat(l.Deed), l.Alert, report.Name(l.Rule, 40), report.Name(cmp.Or(l.Reason, "-"), 200))
	}
	return table.Flush()
}

func didWhat(d rules.Deed) string {
	if d.Until.IsZero() {
		return string(d.Type)
	}
	return string(d.Type) + " until " + report.Moment(d.Until)
}
