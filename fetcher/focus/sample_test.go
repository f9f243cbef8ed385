package focus_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/focus"
	"github.com/shopspring/decimal"
)

// samplePath is a real export, which does not come with the project.
func samplePath(t *testing.T) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "focus_1.0_sample.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the sample of real rows is not beside the project: %v", err)
	}
	return path
}

// A thousand real rows of three clouds sum up to what their columns do, to the
// last digit.
func TestSampleSumsUp(t *testing.T) {
	path := samplePath(t)
	charges, err := focus.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var cost, consumed fetcher.Sum
	for _, c := range charges {
		cost.Add(c.ContractedCost)
		consumed.Add(c.ConsumedQuantity)
	}
	for column, got := range map[string]decimal.Decimal{"BilledCost": cost.Decimal(), "ConsumedQuantity": consumed.Decimal()} {
		if want := columnSum(t, path, column); !got.Equal(want) {
			t.Errorf("%s: got %s, want %s", column, got, want)
		}
	}
	if len(charges) >= 1000 || len(charges) < 300 {
		t.Errorf("a thousand rows are %d charges: were days added up?", len(charges))
	}
}

// columnSum adds a column up without the reader under test.
func columnSum(t *testing.T, path, column string) decimal.Decimal {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var sum decimal.Decimal
	for i, name := range rows[0] {
		for _, row := range rows[1:] {
			if name == column && row[i] != "NULL" && row[i] != "" {
				sum = sum.Add(decimal.RequireFromString(row[i]))
			}
		}
	}
	return sum
}
