package rules_test

import (
	"testing"

	"github.com/billbot/billbot/rules"
	"pgregory.net/rapid"
)

func threshold(written string) rules.Threshold {
	if digits, percent := cutPercent(written); percent {
		return rules.Threshold{Percent: dec(digits)}
	}
	amount := dec(written)
	return rules.Threshold{Amount: &amount}
}

func cutPercent(s string) (string, bool) {
	if n := len(s) - 1; s[n] == '%' {
		return s[:n], true
	}
	return s, false
}

func TestThresholdsAreExact(t *testing.T) {
	for _, tt := range []struct {
		threshold, budget, below, reached string
	}{
		{"100%", "0.3", "0.29999999999999999999", "0.3"},
		{"50%", "25", "12.49999999999", "12.5"},
		{"33.333%", "3", "0.99998", "0.99999"},
		{"33.333%", "0.01", "0.0033332", "0.0033333"},
		{"150%", "25", "37.49", "37.50"},
		{"1%", "1000000000000000000000", "9999999999999999999.99", "10000000000000000000"},
		{"30.00", "25", "29.999999999", "30"},
		{"0.1", "0.3", "0.09", "0.1"},
	} {
		line, budget := threshold(tt.threshold), dec(tt.budget)
		if line.Reached(dec(tt.below), budget) {
			t.Errorf("%s of %s is reached by %s", tt.threshold, tt.budget, tt.below)
		}
		if !line.Reached(dec(tt.reached), budget) {
			t.Errorf("%s of %s is not reached by %s", tt.threshold, tt.budget, tt.reached)
		}
		if got := line.Limit(budget); !got.Equal(dec(tt.reached)) {
			t.Errorf("%s of %s is %s, want %s", tt.threshold, tt.budget, got, tt.reached)
		}
		if got := line.String(); got != tt.threshold {
			t.Errorf("%s is written %s", tt.threshold, got)
		}
	}
	if sum := dec("0.1").Add(dec("0.2")); !threshold("100%").Reached(sum, dec("0.3")) {
		t.Error("0.1 and 0.2 do not reach 0.3")
	}
}

// A threshold is reached from its limit on, and not before.
func TestThresholdIsReachedAtItsLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		budget := dec("0.01").Mul(drawInt(t, "cents", 1, 1_000_000))
		line := rules.Threshold{Percent: dec("0.001").Mul(drawInt(t, "thousandths of a percent", 1, 1_000_000))}
		limit := line.Limit(budget)
		if !line.Reached(limit, budget) || line.Reached(limit.Sub(dec("1e-12")), budget) {
			t.Errorf("%s of %s is not reached at exactly %s", line, budget, limit)
		}
	})
}
