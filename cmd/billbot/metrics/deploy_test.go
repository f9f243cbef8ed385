package metrics_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

const root = "../../.."

// read is a file of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// families is the names of all metrics of billbot's own.
func families(t *testing.T) (names []string) {
	t.Helper()
	m, state := full(t)
	all, err := m.Gatherer(state)
	if err != nil {
		t.Fatal(err)
	}
	found, err := all.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range found {
		if strings.HasPrefix(family.GetName(), "billbot_") {
			names = append(names, family.GetName())
		}
	}
	return names
}

var metricName = regexp.MustCompile(`\bbillbot_[a-z_]+`)

// TestWhatIsDeployedExists: rules, dashboard and docs name no metric that there is
// not, and the docs name all.
func TestWhatIsDeployedExists(t *testing.T) {
	all := families(t)
	for _, path := range []string{"deploy/prometheus/billbot.rules.yml", "deploy/prometheus/billbot.test.yml", "deploy/prometheus/dashboard.json", "docs/operations.md"} {
		named := metricName.FindAllString(read(t, path), -1)
		if len(named) < 10 {
			t.Errorf("%s: %d metrics are named", path, len(named))
		}
		for _, name := range named {
			if name = strings.TrimSuffix(name, "_bucket"); !slices.Contains(all, name) {
				t.Errorf("%s: there is no %s", path, name)
			}
		}
	}
	docs := read(t, "docs/operations.md")
	for _, name := range all {
		if !strings.Contains(docs, "| `"+name+"` |") {
			t.Errorf("docs/operations.md does not list %s", name)
		}
	}
}

// TestEveryAlertIsTested: promtool runs the tests, this sees that each alert is
// made to fire in one.
func TestEveryAlertIsTested(t *testing.T) {
	var rules struct {
		Groups []struct{ Rules []struct{ Alert string } }
	}
	var tests struct {
		Tests []struct {
			Cases []struct {
				Alert string `yaml:"alertname"`
				Fires []any  `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	for path, into := range map[string]any{"deploy/prometheus/billbot.rules.yml": &rules, "deploy/prometheus/billbot.test.yml": &tests} {
		if err := yaml.Load([]byte(read(t, path)), into); err != nil {
			t.Fatal(err)
		}
	}
	fires := map[string]bool{}
	for _, test := range tests.Tests {
		for _, c := range test.Cases {
			fires[c.Alert] = fires[c.Alert] || len(c.Fires) > 0
		}
	}
	alerts := 0
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			if alerts++; !fires[rule.Alert] {
				t.Errorf("no test makes %s fire", rule.Alert)
			}
		}
	}
	if alerts < 10 {
		t.Errorf("%d alerts", alerts)
	}
}

// TestDashboard: Grafana's file is whole, and where promtool is installed its
// expressions are parsed.
func TestDashboard(t *testing.T) {
	var dashboard struct {
		Panels []struct {
			ID      int
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "deploy/prometheus/dashboard.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	ids, places := map[int]bool{}, map[[2]int]bool{}
	rules := "groups: [{name: dashboard, rules: [\n"
	for i, p := range dashboard.Panels {
		place := [2]int{p.GridPos.X, p.GridPos.Y}
		if ids[p.ID] || places[place] || p.Title == "" || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %d, %q: its ID or place is another's, or it has no title", p.ID, p.Title)
		}
		ids[p.ID], places[place] = true, true
		for j, target := range p.Targets {
			rules += fmt.Sprintf("{record: panel_%d_%d, expr: %q},\n", i, j, strings.ReplaceAll(target.Expr, "$account", "production"))
		}
	}
	file := filepath.Join(t.TempDir(), "dashboard.rules.yml")
	if err := os.WriteFile(file, []byte(rules+"]}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("no promtool: the expressions are not parsed")
	}
	if out, err := exec.Command(promtool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("%s%v", out, err)
	}
}
