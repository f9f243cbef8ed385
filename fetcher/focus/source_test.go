package focus_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/focus"
	"github.com/google/go-cmp/cmp"
)

// folder is an export of two months, by files, beside what is none.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, rows := range map[string]string{
		"2026/08.csv": "77,USD,2026-08-01,2026-08-31,SQS,8,1,Requests,\n",
		"2026/09.CSV": "77,USD,2026-09-01,2026-09-02,SQS,1,1,Requests,\n77,USD,2026-09-01,2026-09-01,SQS,2,1,Requests,\n88,EUR,2026-09-01,2026-09-01,SQS,4,1,Requests,\n88,EUR,2026-10-01,2026-09-02,SQS,5,1,Requests,\n88,EUR,2026-08-01,2026-08-02,SQS,6,1,Requests,\n",
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(names+rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func fetch(t *testing.T, path, id, from, to string) (fetcher.Answer, error) {
	t.Helper()
	source, err := focus.New(path)
	if err != nil {
		t.Fatal(err)
	}
	var days [2]fetcher.Day
	for i, text := range []string{from, to} {
		if text != "" {
			days[i] = day(t, text)
		}
	}
	return source.Fetch(t.Context(), fetcher.Account{Name: "aws", ID: id}, days[0], days[1], day(t, "2026-09-20").Time())
}

func TestFetch(t *testing.T) {
	dir := folder(t)
	for _, tt := range []struct {
		id, from, to string
		want         []string
	}{
		{"77", "", "", []string{"2026-09-01 2", "2026-09-02 1"}},
		{"77", "2026-08-01", "2026-08-31", []string{"2026-08-31 8"}},
		{"77", "2026-08-31", "2026-09-01", []string{"2026-08-31 8", "2026-09-01 2"}},
		{"77", "2026-07-01", "2026-07-31", nil},
		{"88", "", "", []string{"2026-09-01 4", "2026-09-02 5"}}, // some clouds bill a last day in the next period
	} {
		answer, err := fetch(t, dir, tt.id, tt.from, tt.to)
		var got []string
		for _, c := range answer.Charges {
			got = append(got, c.ChargePeriodStart.String()+" "+c.ContractedCost.String())
		}
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" || answer.Hash == "" {
			t.Errorf("%s, %s to %s: %v, hash %q (-want +got):\n%s", tt.id, tt.from, tt.to, err, answer.Hash, diff)
		}
	}
}

// An export that is not there, or has no row of the account, is no bill of zero.
func TestFetchWithoutRows(t *testing.T) {
	dir := folder(t)
	for name, tt := range map[string]struct{ path, id, want string }{
		"another account": {dir, "99", `no row of BillingAccountId "99"`},
		"no path":         {filepath.Join(dir, "gone"), "77", "FOCUS export"},
		"no files":        {t.TempDir(), "77", "no .csv or .csv.gz file"},
		"no FOCUS file":   {filepath.Join(dir, "manifest.json"), "77", "is it a FOCUS file?"},
	} {
		if answer, err := fetch(t, tt.path, tt.id, "", ""); err == nil || !strings.Contains(err.Error(), tt.want) || len(answer.Charges) > 0 {
			t.Errorf("%s: got %d charges and %v, want %q", name, len(answer.Charges), err, tt.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	source, _ := focus.New(dir)
	if _, err := source.Fetch(ctx, fetcher.Account{ID: "77"}, 0, 0, time.Time{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a fetch that was called off: got %v", err)
	}
}
