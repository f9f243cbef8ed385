package report_test

import (
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/google/go-cmp/cmp"
)

// free is a service whose first days cost nothing, whatever it used.
func free(service string, first fetcher.Day, costs string, days int) []fetcher.Charge {
	charges := run(service, first, costs)
	for i := range days {
		charges[i].ContractedCost = fetcher.Number{}
	}
	return charges
}

// What is billed now and was free is one line, on the day on which it begins.
func TestBillable(t *testing.T) {
	for _, tt := range []struct {
		name string
		row  []fetcher.Charge
		want []string
	}{
		{"the allowance is used up", free("KV", day(8, 20), times(22, "0.3"), 21),
			[]string{"• Billed now: KV, free until now, $0.30 so far, about $6.30 by 30 Sep"}},
		{"it was the day before", free("KV", day(8, 20), times(22, "0.3"), 20), nil},
		{"used now and then, and billed each time", run("KV", day(8, 20), times(12, "0.3")+times(9, "-")+"0.3"), nil},
		{"new, and worth cents", run("KV", day(9, 10), "0.03"),
			[]string{"• Billed now: KV, not used before, $0.03 so far, about $0.63 by 30 Sep"}},
		{"new, and a mover", run("KV", day(9, 10), "5"), []string{"• Up: KV $5.00, usually $0.00"}},
		{"a refund", run("KV", day(9, 10), "-5"), []string{"• Down: KV -$5.00, usually $0.00"}},
		{"rounded days, and one of a cent", free("KV", day(8, 20), times(21, "0.004")+"0.01", 21), nil},
	} {
		s := report.SummaryOf(&rules.Rules{}, []report.Watched{watched(steady(), tt.row)}, report.Totals{}, "2026-09-11", noon(day(9, 11)))
		var got []string
		for _, line := range report.AccountLines(s.Accounts[0]) {
			if strings.Contains(line, "KV") {
				got = append(got, line)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if quiet := s.Accounts[0].Quiet; quiet != (len(tt.want) == 0) {
			t.Errorf("%s: quiet %t", tt.name, quiet)
		}
	}
}

// An alert that names the service says it already.
func TestBillableIsToldOnce(t *testing.T) {
	w := watched(steady(), free("KV", day(8, 20), times(22, "1"), 21))
	f := rules.Finding{Kind: rules.KindAllowance, Subject: rules.Subject{Account: "production", Service: "KV"}, Included: &rules.Included{}}
	w.Alerts = []rules.Alert{{ID: "s", State: rules.Firing, Finding: f}}
	s := report.SummaryOf(&rules.Rules{}, []report.Watched{w}, report.Totals{}, "2026-09-11", noon(day(9, 11)))
	if len(s.Accounts[0].Billable) > 0 {
		t.Errorf("got %v, want none beside the alert", s.Accounts[0].Billable)
	}
}
