package rules_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// everyKind is a rule of each kind, with thresholds that random bills reach or
// not.
func everyKind(t testing.TB) *rules.Rules {
	return rulesOf(t, `
- {name: billing, budget: {amount: 100, period: billing_period, actual: [33.333%, 100%, 150.00]}}
- {name: month, per: service, budget: {amount: 60, period: month}}
- {name: week, per: zone, budget: {amount: 30, period: week}}
- {name: day, budget: {amount: 9, period: day, actual: [100%, 200%]}}
- {name: quarter, budget: {amount: 90, period: quarter, actual: [80%], forecast: [100%, 120.00]}}
- {name: season, budget: {amount: [1, 2, 3, 4, 5, 6, 7, 80, 90, 10, 11, 12], period: month, actual: [50%, 100%]}}
- {name: grows, budget: {amount: {of: mean, periods: 2, times: 1.5}, period: week, actual: [50%, 100%, 20.00]}}
- {name: grows-daily, budget: {amount: {of: mean, periods: 4, times: 2.5}, period: day}}
- {name: used, per: service, budget: {quantity: 9000, period: week, forecast: [100%]}}
- {name: allowances, allowance: {used: [33.333%, 80%, 100%], cost: 20.00}}
- {name: prices, price: {change: 1%}}
- {name: runaway, spike: }`)
}

func drawInt(t *rapid.T, label string, least, most int64) decimal.Decimal {
	return decimal.NewFromInt(rapid.Int64Range(least, most).Draw(t, label))
}

// drawLedger draws some weeks of two services, each of a subscription of its
// own, through 20 September, and of one that is billed in steps, or as if. The
// last days of a billing period may be the next one's already.
func drawLedger(t *rapid.T) fetcher.Ledger {
	costs := []string{"0", "0.10", "0.10", "0.20", "1.75", "8", "-0.5"}
	lines := []line{{service: "D1"}, {service: "R2", zone: "a.com", sub: "b", anchor: 12}}
	early := fetcher.Day(rapid.IntRange(0, 3).Draw(t, "days early"))
	for i := range lines {
		lines[i].from, lines[i].early = "08-28", early
		for range 24 {
			lines[i].costs += rapid.SampledFrom(costs).Draw(t, lines[i].service) + " "
		}
		costs = append(costs, "-") // the first has every day
	}
	lines = append(lines, line{service: "R2 Class A", from: "08-28", quantities: "400000x24", early: early})
	for range 24 {
		lines[2].costs += rapid.SampledFrom([]string{"0", "0", "4.50"}).Draw(t, "steps") + " "
	}
	return bill(lines...)
}

var lastMorning = morningAfter(day("09-20"))

// sameFindings compares findings as people read them, with a millionth of a
// cent for what has to be divided.
var sameFindings = cmp.Options{
	cmp.FilterPath(func(p cmp.Path) bool { return strings.HasPrefix(p.Last().String(), ".Projected") },
		cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Sub(b).Abs().LessThan(dec("1e-8")) })),
	cmpopts.EquateEmpty(),
}

func evaluate(r *rules.Rules, l fetcher.Ledger) []rules.Finding {
	return r.Evaluate(production, l.Bill(), lastMorning)
}

func TestOrderAndCutOfRowsDoNotMatter(t *testing.T) {
	t.Parallel()
	r := everyKind(t)
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		want := evaluate(r, l)
		cut := l
		cut.Charges = nil
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for _, c := range l.Charges {
			part := c
			share := []string{"0", "0.5", "0.125", "-1"}[random.IntN(4)]
			cost, quantity := c.ContractedCost.Decimal(), c.ConsumedQuantity.Decimal()
			part.ContractedCost, part.ConsumedQuantity = fetcher.NumberOf(cost.Mul(dec(share))), fetcher.NumberOf(quantity.Mul(dec(share)))
			rest := c
			rest.ContractedCost = fetcher.NumberOf(cost.Sub(part.ContractedCost.Decimal()))
			rest.ConsumedQuantity = fetcher.NumberOf(quantity.Sub(part.ConsumedQuantity.Decimal()))
			cut.Charges = append(cut.Charges, rest, part)
		}
		random.Shuffle(len(cut.Charges), func(i, j int) { cut.Charges[i], cut.Charges[j] = cut.Charges[j], cut.Charges[i] })
		told := fetcher.Answer{FetchedAt: lastMorning, Charges: cut.Charges}
		merged, _ := fetcher.Ledger{}.Merge(told)
		if diff := cmp.Diff(want, evaluate(r, merged), sameFindings); diff != "" {
			t.Errorf("findings (-whole +cut and shuffled):\n%s", diff)
		}
	})
}

func TestMoreSpendingKeepsBudgetAlerts(t *testing.T) {
	t.Parallel()
	r := everyKind(t)
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		more := l
		more.Charges = slices.Clone(l.Charges)
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			i := rapid.IntRange(0, len(more.Charges)-1).Draw(t, "row")
			more.Charges[i].ContractedCost = fetcher.NumberOf(more.Charges[i].ContractedCost.Decimal().Add(dec("0.01").Mul(drawInt(t, "cents", 0, 5000))))
		}
		now := morningAfter(day("09-20") + fetcher.Day(rapid.IntRange(0, 25).Draw(t, "days later")))
		// What is forecast, or held against what was spent before, may end.
		actual := slices.DeleteFunc(r.Evaluate(production, l.Bill(), now), func(f rules.Finding) bool {
			return f.Kind == rules.KindForecast || f.Basis != nil
		})
		was, is := firing(actual), firing(r.Evaluate(production, more.Bill(), now))
		for subject, step := range was {
			if is[subject] < step {
				t.Errorf("%v: at step %d, and with more spending at %d", subject, step, is[subject])
			}
		}
	})
}

// budgetOf names a budget's alert: its rule, subject and period. The episode of
// a daily budget may begin earlier with more spending.
type budgetOf struct {
	rule    string
	subject rules.Subject
	episode fetcher.Day
}

func firing(findings []rules.Finding) map[budgetOf]int {
	found := map[budgetOf]int{}
	for _, f := range findings {
		b := budgetOf{f.Rule, f.Subject, f.Episode}
		if f.PeriodKind == rules.ByDay {
			b.episode = 0
		}
		if f.OfBudget() && f.Open {
			found[b] = f.Step
		}
	}
	return found
}

func TestNothingFiresBelowItsLowestThreshold(t *testing.T) {
	t.Parallel()
	r := everyKind(t)
	rapid.Check(t, func(t *rapid.T) {
		_, events := rules.Advance("p1", nil, evaluate(r, drawLedger(t)), lastMorning)
		for _, e := range events {
			amount, lowest := lowestOf(r, e.Alert.Finding)
			if f := e.Alert.Finding; e.Type != rules.Fired || amount.LessThan(lowest) {
				t.Errorf("%s %s at %s, below %s", f.Rule, e.Type, amount, lowest)
			}
		}
	})
}

// lowestOf is what a finding was judged by, and the least that may be told.
func lowestOf(r *rules.Rules, f rules.Finding) (amount, lowest decimal.Decimal) {
	rule := r.Rules[slices.IndexFunc(r.Rules, func(rule rules.Rule) bool { return rule.Name == f.Rule })]
	switch f.Kind {
	case rules.KindSpike:
		return f.Amount.Sub(f.Usual), rule.Spike.AtLeast.Amount
	case rules.KindPrice:
		return f.Amount.Sub(f.Usual).Abs().Shift(2), f.Usual.Mul(rule.Price.Change)
	case rules.KindAllowance:
		if f.Step > len(rule.Allowance.Used) {
			return f.Included.Projected, rule.Allowance.Cost
		}
		if !f.Included.Billed.IsZero() {
			return f.Amount, decimal.Zero // used up, whatever it was
		}
		return f.Amount, rule.Allowance.Used[0].Limit(f.Budget)
	}
	amount, lines := f.Amount, rule.Budget.Actual
	if f.Kind == rules.KindForecast {
		amount, lines = f.Projected, rule.Budget.Forecast
	}
	lowest = lines[0].Limit(f.Budget)
	for _, line := range lines {
		lowest = decimal.Min(lowest, line.Limit(f.Budget))
	}
	return amount, lowest
}

// What was told is not told again, however many mornings led there.
func TestAdvanceTwiceSaysNothingTwice(t *testing.T) {
	t.Parallel()
	r := everyKind(t)
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		var alerts []rules.Alert
		now := lastMorning
		for range rapid.IntRange(1, 4).Draw(t, "mornings") {
			findings := r.Evaluate(production, l.Bill(), now)
			changed, _ := rules.Advance("p1", alerts, findings, now)
			alerts = replace(alerts, changed)
			changed, events := rules.Advance("p1", alerts, findings, now)
			if len(changed)+len(events) > 0 {
				t.Fatalf("the second time: changed %+v, events %+v", changed, events)
			}
			i := rapid.IntRange(0, len(l.Charges)-1).Draw(t, "restated")
			l.Charges = slices.Clone(l.Charges)
			l.Charges[i].ContractedCost = fetcher.NumberOf(drawInt(t, "dollars", -5, 40))
			l.Charges[i].ConsumedQuantity = fetcher.NumberOf(l.Charges[i].ContractedCost.Decimal().Abs().Shift(3))
			now = now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "hours")) * time.Hour)
		}
	})
}

func replace(alerts, changed []rules.Alert) []rules.Alert {
	for _, a := range changed {
		alerts = slices.DeleteFunc(alerts, func(b rules.Alert) bool { return a.ID == b.ID })
		alerts = append(alerts, a)
	}
	return alerts
}

// Cents are not worth more than dollars: with rules to match, the same alerts
// fire at amounts a power of ten apart.
func TestScaledMoneyScalesAmounts(t *testing.T) {
	t.Parallel()
	r := unforeseen(everyKind(t))
	rapid.Check(t, func(t *rapid.T) {
		shift := rapid.Int32Range(-6, 6).Draw(t, "power of ten")
		l := drawLedger(t)
		want := evaluate(r, l)
		for i := range want {
			scale(&want[i], shift)
		}
		l.Charges = slices.Clone(l.Charges)
		for i := range l.Charges {
			l.Charges[i].ContractedCost = fetcher.NumberOf(l.Charges[i].ContractedCost.Decimal().Shift(shift))
		}
		if diff := cmp.Diff(want, evaluate(scaled(r, shift), l), cmpopts.EquateEmpty(),
			cmpopts.IgnoreFields(rules.Finding{}, "Projected", "ProjectedLo", "ProjectedHi", "Incident", "Threshold")); diff != "" {
			t.Errorf("findings (-scaled +of scaled money):\n%s", diff)
		}
	})
}

// unforeseen is the rules without forecasts, which know what a dollar is worth,
// and without those of allowances and prices, which know to what costs are
// rounded.
func unforeseen(r *rules.Rules) *rules.Rules {
	r.Rules = slices.DeleteFunc(r.Rules, func(rule rules.Rule) bool { return rule.Allowance != nil || rule.Price != nil })
	for i := range r.Rules {
		if b := r.Rules[i].Budget; b != nil {
			b.Forecast = nil
		}
	}
	return r
}

func scale(f *rules.Finding, shift int32) {
	if !f.Quantity {
		for _, amount := range []*decimal.Decimal{&f.Amount, &f.Limit, &f.Budget, &f.Newest, &f.Usual, &f.Extra} {
			*amount = amount.Shift(shift)
		}
	}
	if f.Basis != nil {
		basis := *f.Basis
		basis.Amount = basis.Amount.Shift(shift)
		f.Basis = &basis
	}
	f.Causes = slices.Clone(f.Causes)
	for i := range f.Causes {
		f.Causes[i].Amount, f.Causes[i].Usual = f.Causes[i].Amount.Shift(shift), f.Causes[i].Usual.Shift(shift)
	}
}

// scaled is the rules with every amount of money times a power of ten.
func scaled(r *rules.Rules, shift int32) *rules.Rules {
	is := *r
	is.Rules = slices.Clone(r.Rules)
	for i, rule := range is.Rules {
		if rule.Budget != nil && !rule.Budget.Quantity {
			budget := *rule.Budget
			budget.Amount = budget.Amount.Shift(shift)
			budget.Months = slices.Clone(budget.Months)
			for j := range budget.Months {
				budget.Months[j] = budget.Months[j].Shift(shift)
			}
			budget.Actual = slices.Clone(budget.Actual)
			for j, line := range budget.Actual {
				if line.Amount != nil {
					amount := line.Amount.Shift(shift)
					budget.Actual[j].Amount = &amount
				}
			}
			is.Rules[i].Budget = &budget
		}
		if rule.Spike != nil {
			spike := *rule.Spike
			spike.AtLeast.Amount = spike.AtLeast.Amount.Shift(shift)
			is.Rules[i].Spike = &spike
		}
	}
	return &is
}
