package ruletest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/ruletest"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the goldens")

const someRules = `
accounts:
  - {name: production, id: 023e105f4ecef8ad9ca31a8372d0c353}
  - {name: staging, id: 9a7806061c88ada191ed06f989cc3dac}
rules:
  - {name: runaway, spike: {}}
  - {name: whole-account, budget: {amount: 25}}
`

func rulesOf(t testing.TB, written string) *rules.Rules {
	t.Helper()
	r, err := rules.Load("rules.yaml", []byte(written))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustLoad(t testing.TB, written string) *ruletest.File {
	t.Helper()
	file, err := ruletest.Load("test.yaml", []byte(written), rulesOf(t, someRules))
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return file
}

// Each file in testdata/bad tells what is beside it.
func TestLoadBad(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			got := mistakes(t, filepath.Base(file), readFile(t, file))
			golden := strings.TrimSuffix(file, ".yaml") + ".want"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(readFile(t, golden)), got); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mistakes(t testing.TB, name string, data []byte) string {
	t.Helper()
	file, err := ruletest.Load(name, data, rulesOf(t, someRules))
	if _, ok := err.(rules.Problems); !ok || file != nil {
		t.Fatalf("Load: got %v, %v, want no file and Problems", file, err)
	}
	return err.Error() + "\n"
}

// A bomb ends at a limit. The time is generous, as machines are; a bomb that
// goes off takes minutes.
func TestLoadBombs(t *testing.T) {
	service := "tests: [{name: a, start: 2026-01-01, services: {D1: "
	for _, tt := range []struct{ name, written, want string }{
		{"many days", service + "1x1000000000}}]", "at most 1000 days"},
		{"a long number", service + strings.Repeat("1", 1<<19) + "}}]", "is no item"},
		{"many services", service + "[" + strings.Repeat("{cost: 0x1000},", 101) + "]}}]", "101000 services times days"},
		{"blanks", service + `"` + strings.Repeat("1 ", 999) + strings.Repeat(" ", 1<<19) + `y"}}]`, "b:1:526340: \"y\" is no item"},
		{"names", service + "1" + manyServices() + "}, expect: [" + strings.Repeat("{rule: runaway, day: 2026-01-01, service: nobody}, ", 2000) + "]}]", "no service of the test"},
		{"nesting", strings.Repeat("[", 50_000), "nested more than 32 deep"},
		{"aliases", "tests: [&a [x, x], *a]", "aliases are not part of a test file"},
		{"junk", "tests:\n" + strings.Repeat("- {}\n", 170_000), "a test needs"},
		{"junk of aliases", "tests: [" + strings.Repeat("*a,", 200) + "]", "aliases are not part of a test file"},
		{"size", strings.Repeat("#", 1<<20+1), "a test file has at most 1 MiB"},
	} {
		began := time.Now()
		if got := mistakes(t, "b", []byte(tt.written)); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %.200q, want %q", tt.name, got, tt.want)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s took %s", tt.name, took)
		}
	}
}

// manyServices is so many services that each name is like others.
func manyServices() string {
	var b strings.Builder
	for i := range 3_000 {
		fmt.Fprintf(&b, ", Service %d: 1", i)
	}
	return b.String()
}

func TestLoadEverything(t *testing.T) {
	test := mustLoad(t, `
tests:
  - name: all there is
    start: 2026-01-31
    anchor: 30
    account: STAGING
    currency: EUR
    services:
      KV Reads (first 10M included): {quantity: 9M 2M, price: 0.50, per: 1M, included: 10M, unit: reads, family: KV}
      D1:
        - {cost: 1 2, quantity: 5 _, zone: a.example}
        - {cost: 7, account: production}
    expect:
      - {rule: RUNAWAY, day: 2026-02-01, at: 2026-02-02, event: escalated, level: critical, service: kv reads, account: staging}
      - {rule: whole-account, at: 2026-02-02, zone: a.example, threshold: 80%, amount: 20.10}
`).Tests[0]
	if test.Line != 3 || test.Anchor != 30 || test.Currency != "EUR" || len(test.Rows) != 3 || len(test.Expect) != 2 {
		t.Fatalf("got %+v", test)
	}
	kv := test.Rows[0]
	if kv.Account.Name != "staging" || kv.Per != 6 || kv.Included.String() != "10000000" || kv.Family != "KV" || kv.Unit != "reads" {
		t.Errorf("KV: got %+v", kv)
	}
	if got := test.Rows[2].Account.Name; got != "production" {
		t.Errorf("third row: got account %s", got)
	}
	spike := test.Expect[0]
	want := ruletest.Expectation{
		Line: 14, Event: rules.Escalated, Rule: "runaway", Account: "staging", Service: "KV Reads",
		Day: fetcher.NewDay(2026, 2, 1), At: fetcher.NewDay(2026, 2, 2), Level: rules.Critical,
	}
	if diff := cmp.Diff(want, spike); diff != "" {
		t.Errorf("expectation (-want +got):\n%s", diff)
	}
}

// FuzzLoad checks that no file makes Load panic, and that what it accepts is a
// bill of bounded size.
func FuzzLoad(f *testing.F) {
	f.Add(readFile(f, "../../docs/rules_test.example.yaml"))
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		f.Add(readFile(f, file))
	}
	r := rulesOf(f, someRules)
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ruletest.Load("f", data, r)
		if err != nil {
			problems, ok := err.(rules.Problems)
			if !ok || slices.ContainsFunc(problems, func(p rules.Problem) bool { return p.Line < 1 || p.Column < 1 || p.Message == "" }) {
				t.Fatalf("got %#v", err)
			}
			return
		}
		for _, test := range file.Tests {
			rows := 0
			for _, bill := range test.Bills() {
				rows += len(bill.Charges)
			}
			if test.Name == "" || test.Start <= 0 || rows > ruletest.MaxServiceDays {
				t.Fatalf("got test %q from %s with %d rows", test.Name, test.Start, rows)
			}
		}
	})
}
