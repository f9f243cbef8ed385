package store

import (
	"testing"

	"github.com/billbot/billbot/fetcher"
)

// BenchmarkCommit930Rows is a refresh: thirty services, a month of days, of
// which the last three are restated each time.
func BenchmarkCommit930Rows(b *testing.B) {
	s := openTest(b, testPath(b))
	months := [2][]fetcher.Charge{testCharges(july, 930), testCharges(july, 930)}
	for i := range 90 {
		months[1][840+i].CumulatedContractedCost = months[1][0].ContractedCost
	}
	generation := uint64(0)
	for b.Loop() {
		mustCommit(b, s, Commit{
			Account: prod, Generation: generation,
			Periods: map[fetcher.Day][]fetcher.Charge{july: months[generation%2]},
		})
		generation++
	}
}

func BenchmarkLoad930Rows(b *testing.B) {
	s := openTest(b, testPath(b))
	mustCommit(b, s, Commit{Account: prod, Periods: map[fetcher.Day][]fetcher.Charge{july: testCharges(july, 930)}})
	b.ReportAllocs()
	for b.Loop() {
		if v := mustRead(b, s, prod, july); len(v.Ledger.Charges) != 930 {
			b.Fatal("charges are missing")
		}
	}
}

// BenchmarkCommitFleet is the first commit of a hundred accounts, one batch.
func BenchmarkCommitFleet(b *testing.B) {
	for b.Loop() {
		s := openTest(b, testPath(b))
		commits := make([]Commit, 100)
		for i := range commits {
			commits[i] = Commit{
				Account: fetcher.Account{ID: fetcher.Day(20000 + i).String()},
				Periods: map[fetcher.Day][]fetcher.Charge{june: testCharges(june, 930), july: testCharges(july, 300)},
			}
		}
		mustCommit(b, s, commits...)
		mustClose(b, s)
	}
}

func BenchmarkPack930Rows(b *testing.B) {
	charges := makeCharges(newMaker(3, 2), july, 30, 31)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := encodePacked(charges); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnpack930Rows(b *testing.B) {
	value, err := encodePacked(makeCharges(newMaker(3, 2), july, 30, 31))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decodeLedger(value, july); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLines930Rows(b *testing.B) {
	value, err := encodePacked(makeCharges(newMaker(3, 2), july, 30, 31))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decodeLines(value, july); err != nil {
			b.Fatal(err)
		}
	}
}
