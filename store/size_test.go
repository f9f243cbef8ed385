package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/billbot/billbot/fetcher"
	bolt "go.etcd.io/bbolt"
)

// maker makes numbers as bills have them: nine to eleven digits, a service's
// of one magnitude; long percent have seventeen.
type maker struct {
	*rand.Rand
	long int
}

func newMaker(seed uint64, long int) maker { return maker{rand.New(rand.NewPCG(seed, 1)), long} }

func (m maker) number(magnitude int64, exponent int32) fetcher.Number {
	if m.IntN(100) < m.long {
		return fetcher.NewNumber(1e16+m.Int64N(9e16), exponent-6)
	}
	return trim(magnitude+m.Int64N(9*magnitude), exponent)
}

// makeCharges makes a billing period of days, in the ledger's order. Its
// running sums are sums.
func makeCharges(m maker, period fetcher.Day, services, days int) []fetcher.Charge {
	var charges []fetcher.Charge
	costs, quantities := make([]runningSum, services), make([]runningSum, services)
	for i := range services * days {
		service := i % services
		magnitude := []int64{1e8, 1e9, 1e10}[service%3]
		cost, quantity := m.number(magnitude, -9), m.number(magnitude, -3)
		costs[service].add(cost)
		quantities[service].add(quantity)
		charges = append(charges, fetcher.Charge{
			BillingAccountID: prod.ID, BillingCurrency: "USD", ServiceFamilyName: "Developer Platform",
			ServiceName:        fmt.Sprintf("Service %02d - Requests (first %d million included)", service, service*10),
			BillingPeriodStart: period, ChargePeriodStart: period + fetcher.Day(i/services),
			ConsumedQuantity: quantity, ConsumedUnit: "Requests", PricingQuantity: quantity, PricingUnit: "Requests",
			ContractedCost: cost, CumulatedContractedCost: costs[service].number(true),
			CumulatedPricingQuantity: quantities[service].number(true),
		})
	}
	return charges
}

// fleet is a store of accounts with thirty services and four hundred days.
type fleet struct {
	store    *Store
	accounts int
	maker    maker
}

const fleetServices, fleetDays = 30, 400

func (f fleet) rows() int { return f.accounts * fleetServices * fleetDays }

func (f fleet) account(i int) fetcher.Account {
	return fetcher.Account{ID: fmt.Sprintf("%032x", i)}
}

func (f fleet) period(day int) fetcher.Day { return may - fleetDays + fetcher.Day(day) }

// load commits one period of all accounts after the other.
func (f fleet) load(t testing.TB) {
	generation := uint64(0)
	for day := 0; day < fleetDays; day += 31 {
		var commits []Commit
		for i := range f.accounts {
			charges := makeCharges(f.maker, f.period(day), fleetServices, min(31, fleetDays-day))
			commits = append(commits, Commit{
				Account: f.account(i), Generation: generation, Periods: map[fetcher.Day][]fetcher.Charge{f.period(day): charges},
			})
		}
		mustCommit(t, f.store, commits...)
		generation++
	}
}

// refresh restates the last three days of an account's last full period.
func (f fleet) refresh(t testing.TB, i int) {
	period := f.period(fleetDays/31*31 - 31)
	v := mustRead(t, f.store, f.account(i), period+1)
	var kept []fetcher.Charge
	for _, c := range v.Ledger.Charges {
		if c.BillingPeriodStart == period {
			kept = append(kept, c)
		}
	}
	fresh := makeCharges(f.maker, period, fleetServices, 31)
	var sums, quantities [fleetServices]runningSum
	for k := range kept {
		c := &kept[k]
		if c.ChargePeriodStart >= period+28 {
			c.ContractedCost, c.ConsumedQuantity, c.PricingQuantity = fresh[k].ContractedCost, fresh[k].ConsumedQuantity, fresh[k].PricingQuantity
		}
		sums[k%fleetServices].add(c.ContractedCost)
		quantities[k%fleetServices].add(c.PricingQuantity)
		c.CumulatedContractedCost = sums[k%fleetServices].number(true)
		c.CumulatedPricingQuantity = quantities[k%fleetServices].number(true)
	}
	mustCommit(t, f.store, Commit{
		Account: f.account(i), Generation: v.Generation, Periods: map[fetcher.Day][]fetcher.Charge{period: kept},
	})
}

// bytesPerRow is of all pages that were ever written, free ones too. The file
// is longer, as bbolt doubles it up to 16 MB, but nothing is there.
func (f fleet) bytesPerRow(t testing.TB) (perRow float64) {
	err := f.store.db.View(func(tx *bolt.Tx) error {
		perRow = float64(tx.Size()) / float64(f.rows())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return perRow
}

// TestBytesPerRow fails when the file grows. With BILLBOT_TEST_FLEET set, it
// is done with a hundred accounts and 3,000 refreshes.
func TestBytesPerRow(t *testing.T) {
	accounts, refreshes := 20, 300
	if os.Getenv("BILLBOT_TEST_FLEET") != "" {
		accounts, refreshes = 100, 3000
	}
	tests := []struct {
		long            int
		loaded, churned float64
	}{
		{0, 12, 14},
		{2, 18, 18},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d%% long", tt.long), func(t *testing.T) {
			f := fleet{openTest(t, testPath(t)), accounts, newMaker(7, tt.long)}
			f.store.db.NoSync = true // it is the size that counts here
			f.load(t)
			loaded := f.bytesPerRow(t)
			for i := range refreshes {
				f.refresh(t, i%accounts)
			}
			churned := f.bytesPerRow(t)
			t.Logf("%d rows: %.2f bytes a row, %.2f after %d refreshes", f.rows(), loaded, churned, refreshes)
			if loaded > tt.loaded || churned > tt.churned {
				t.Errorf("%.2f bytes a row, %.2f after refreshes, want at most %v and %v", loaded, churned, tt.loaded, tt.churned)
			}
		})
	}
}

func TestLoadAllocations(t *testing.T) {
	s := openTest(t, testPath(t))
	mustCommit(t, s, Commit{Account: prod, Periods: map[fetcher.Day][]fetcher.Charge{july: makeCharges(newMaker(3, 2), july, 30, 31)}})
	ctx := context.Background()
	got := testing.AllocsPerRun(20, func() {
		if _, err := s.Load(ctx, prod, july); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("%.0f allocations", got)
	if got > 300 {
		t.Errorf("%.0f allocations to load 930 rows, want at most 300", got)
	}
}
