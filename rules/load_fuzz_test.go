package rules

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// FuzzLoad checks that no file makes Load panic, that mistakes have a place in
// the file, and that what is accepted can be relied on.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(contract))
	f.Add(readFile(f, "../rules.example.yaml"))
	f.Add([]byte(aliasBomb()))
	f.Add([]byte("rules: " + strings.Repeat("[", 1000)))
	f.Add([]byte("rules: [{name: a, budget: {amount: {of: mean, periods: 3, times: 1.2}, period: quarter, forecast: [90%, 5]}}]"))
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		f.Add(readFile(f, file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rules, err := Load("f", data)
		if err != nil {
			checkProblems(t, err, data)
			return
		}
		checkAccounts(t, rules)
		checkRetention(t, rules.Retention)
		checkRules(t, rules)
	})
}

func checkProblems(t *testing.T, err error, data []byte) {
	problems, ok := err.(Problems)
	if !ok || len(problems) == 0 || !slices.IsSortedFunc(problems, byPosition) {
		t.Fatalf("got %T %v, want problems in order", err, err)
	}
	// YAML counts more characters as line breaks than \n.
	lines := 2 + len(data)
	for _, p := range problems {
		if p.Line < 1 || p.Line > lines || p.Column < 1 || p.Message == "" || strings.Contains(p.Message, "\n") {
			t.Errorf("got problem %+v in a file of %d bytes", p, len(data))
		}
	}
}

func checkAccounts(t *testing.T, rules *Rules) {
	names, ids := map[string]bool{}, map[string]bool{}
	for _, a := range rules.Accounts {
		ways := 0
		for _, way := range []string{a.TokenEnv, a.TokenFile, a.Focus} {
			if way != "" {
				ways++
			}
		}
		name, id := strings.ToLower(a.Name), strings.ToLower(a.ID)
		if name == "" || id == "" || names[name] || ids[id] || ways != 1 {
			t.Errorf("got account %+v", a)
		}
		names[name], ids[id] = true, true
	}
	if rules.Timezone == nil || rules.Poll < leastPoll {
		t.Errorf("got timezone %v, poll %v", rules.Timezone, rules.Poll)
	}
}

func checkRetention(t *testing.T, kept Retention) {
	for _, keep := range []Keep{kept.Charges, kept.Snapshots, kept.Revisions} {
		if keep != Forever && (keep < leastHistory || keep > longestKept) {
			t.Errorf("got retention %+v", kept)
		}
	}
	if kept.Charges != Forever && kept.Charges < leastCharges {
		t.Errorf("got charges kept for %s", kept.Charges)
	}
}

func checkRules(t *testing.T, rules *Rules) {
	names := map[string]bool{}
	for _, rule := range rules.Rules {
		name := strings.ToLower(rule.Name)
		if name == "" || names[name] || kinds(rule) != 1 || rule.Per == "" || rule.Severity == "" {
			t.Errorf("got rule %+v", rule)
		}
		names[name] = true
		checkTerms(t, rule)
		if rule.Budget != nil {
			checkBudget(t, *rule.Budget)
		}
		if spike := rule.Spike; spike != nil {
			if !spike.Above.GreaterThan(decimal.NewFromInt(1)) || !spike.AtLeast.Amount.IsPositive() ||
				spike.AtLeast.Share.IsNegative() || rule.Per != PerService {
				t.Errorf("got spike %+v per %q", spike, rule.Per)
			}
		}
	}
}

func checkBudget(t *testing.T, b Budget) {
	if b.Period == "" || len(b.Actual) == 0 || b.Currency != "" && (b.Quantity || !isCurrency(b.Currency)) {
		t.Errorf("got budget %+v", b)
	}
	amounts := b.Months
	switch {
	case b.Of != nil:
		amounts = []decimal.Decimal{hundred}
		if b.Of.Periods < 1 || b.Of.Periods > mostPeriods(b.Period) || !b.Of.Times.IsPositive() || b.Months != nil || !b.Amount.IsZero() {
			t.Errorf("got an amount of %+v in %+v", b.Of, b)
		}
	case b.Months == nil:
		amounts = []decimal.Decimal{b.Amount}
	case len(b.Months) != 12 || !b.Amount.IsZero():
		t.Errorf("got months in %+v", b)
	}
	for _, amount := range amounts {
		checkLadder(t, b, amount)
	}
}

func checkLadder(t *testing.T, b Budget, amount decimal.Decimal) {
	if !amount.IsPositive() {
		t.Errorf("got an amount of %s in %+v", amount, b)
	}
	last := decimal.Zero
	for _, r := range newLadder(nil, &b, amount) {
		height := r.number.Decimal()
		if height.LessThan(last) || !height.IsPositive() || r.rearm.GreaterThan(height) || r.forecast && !r.height.Equal(height) {
			t.Errorf("got threshold %s at %s, after one at %s", r.line, height, last)
		}
		last = height
	}
}

// checkTerms checks what no rule about a service's terms may be without.
func checkTerms(t *testing.T, rule Rule) {
	if rule.Allowance == nil && rule.Price == nil {
		return
	}
	if rule.Per != PerService || len(rule.Match.Zones) > 0 {
		t.Errorf("got a rule about terms per %s, zones %v", rule.Per, rule.Match.Zones)
	}
	if a := rule.Allowance; a != nil && (len(a.Used) == 0 && !a.Cost.IsPositive() || a.Cost.IsNegative()) {
		t.Errorf("got allowance %+v, which asks for nothing", *a)
	}
	if p := rule.Price; p != nil && p.Change.LessThan(decimal.NewFromInt(leastChange)) {
		t.Errorf("got price %+v", *p)
	}
}

// kinds counts the kinds that a rule is.
func kinds(rule Rule) int {
	n := 0
	for _, is := range []bool{rule.Budget != nil, rule.Spike != nil, rule.Stale != nil, rule.Allowance != nil, rule.Price != nil} {
		if is {
			n++
		}
	}
	return n
}
