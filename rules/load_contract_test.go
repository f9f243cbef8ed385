package rules

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// contract is the rules file that billbot promises to accept, as far as a
// version has what it asks for.
const contract = `timezone: Europe/Berlin              # when summaries go out; billing days are UTC days
accounts:
  - name: production
    id: 023e105f4ecef8ad9ca31a8372d0c353
    token_env: CLOUDFLARE_API_TOKEN  # or token_file; this is the default
    channel: "#prod-spend"           # optional, as are tags: [client-a]
poll: 1h                             # a duration, 5m at least
slack:
  channel: "#cloud-spend"            # default for everything below
  access:                            # users, user groups, channels by id
    read: [C0123456]                 # default: everyone who can see the bot
    change: [U012AB3CD, S0123ABCD]   # default: everyone in the alert's channel
summaries:
  - every: day                       # day, week, month, billing_period
    at: "09:00"
    quiet: short                     # short (one line) or skip, when there is nothing to say
retention: {charges: forever, snapshots: 400d, revisions: 400d}  # the defaults; whole days or forever
rules:
  - name: whole-account
    budget: {amount: 25, period: billing_period, actual: [50%, 80%, 100%], forecast: [100%]}
    severity: critical               # info, warning (default), critical
    mention: [S0123ABCD]             # user or user-group ids
  - name: d1
    services: ["D1 - *"]             # stripped names or globs; default all; exclude: [...] takes away; families:, zones: likewise
    accounts: [production]           # names, ids, globs or tag:client-a; default all
    budget: {amount: 20.50, currency: USD, period: day, actual: [100%, 30.00]}
    channel: "#data"
  - name: runaway
    spike: {above: 2x, at_least: {amount: 1.00, share: 5%}}  # good defaults; ` + "`spike: {}` and a bare `spike:`" + ` work
  - name: request-quota
    services: ["Workers Standard Requests"]
    budget: {quantity: 9000000, period: billing_period, actual: [100%]}
  - name: grows
    budget: {amount: {of: previous_period, times: 1.25}, period: billing_period, forecast: [100%]}
  - name: stale
    stale: {after: 72h}              # on by default without a rule; a rule changes it
  - name: allowances
    allowance: {used: [80%, 100%]}
  - name: becomes-billable
    allowance: {used: [80%, 100%], cost: 5.00}
  - name: prices
    price: {change: 10%}
`

func TestLoadContract(t *testing.T) {
	got := mustLoad(t, contract)
	if len(got.Rules) != 9 || len(got.Warnings) > 0 {
		t.Errorf("got %d rules and warnings %v, want 9 and none", len(got.Rules), got.Warnings)
	}
}

// The example teaches every key there is, under the block it belongs to.
func TestExampleIsComplete(t *testing.T) {
	data := readFile(t, "../rules.example.yaml")
	if got := mustLoad(t, string(data)); len(got.Warnings) > 0 {
		t.Errorf("the example has warnings: %v", got.Warnings)
	}
	var document yaml.Node
	if err := yaml.Load(data, &document); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	gatherKeys(document.Content[0], "", got)
	want := map[string]bool{}
	for path, b := range blocksByPath() {
		for _, key := range b.keys {
			want[path+"."+key] = true
		}
	}
	maps.DeleteFunc(want, func(path string, _ bool) bool { return strings.HasPrefix(path, ".rules.budget.quantity.") }) // as amount's
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("keys of the example (-want +got):\n%s", diff)
	}
}

// blocksByPath is every block of a rules file.
func blocksByPath() map[string]block {
	return map[string]block{
		"": fileBlock(), ".accounts": accountBlock(), ".slack": slackBlock(), ".slack.access": accessBlock(),
		".summaries": summaryBlock(), ".retention": retentionBlock(), ".webhooks": webhookBlock(), ".rules.action": actionBlock(), ".rules": ruleBlock(), ".rules.budget": budgetBlock(),
		".rules.budget.amount": earlierBlock(), ".rules.budget.quantity": earlierBlock(), ".rules.stale": staleBlock(),
		".rules.allowance": allowanceBlock(), ".rules.price": priceBlock(), ".rules.spike": spikeBlock(), ".rules.spike.at_least": atLeastBlock(),
	}
}

// gatherKeys notes the path of every key below a node.
func gatherKeys(n *yaml.Node, path string, keys map[string]bool) {
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			gatherKeys(item, path, keys)
		}
	}
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			inner := path + "." + n.Content[i].Value
			keys[inner] = true
			gatherKeys(n.Content[i+1], inner, keys)
		}
	}
}

// The example shows every period and every way to write a threshold.
func TestExampleShowsEveryPeriod(t *testing.T) {
	got := map[PeriodKind]bool{}
	amounts := 0
	for _, rule := range mustLoad(t, string(readFile(t, "../rules.example.yaml"))).Rules {
		if rule.Budget == nil {
			continue
		}
		got[rule.Budget.Period] = true
		for _, line := range rule.Budget.Actual {
			if line.Amount != nil {
				amounts++
			}
		}
	}
	if len(got) != 6 || amounts == 0 {
		t.Errorf("got periods %v and %d thresholds of amounts, want six and some", got, amounts)
	}
}
