package main

import (
	"fmt"
	"testing"

	"github.com/billbot/billbot/fetcher/cloudflare"
)

// decodes is how often a body is decoded, in turn with the peer.
const decodes = 100

// decode measures the decoding of a body of 930 rows, and fails when the two
// read different numbers.
func (r run) decode() ([]row, error) {
	f := r.fleet
	f.long = 2
	body, err := f.body(0, 0)
	if err != nil {
		return nil, err
	}
	if err := sameNumbers(body); err != nil {
		return nil, err
	}
	walk := func() error { _, err := cloudflare.DecodeUsage(body); return err }
	plain := func() error { _, err := decodePlain(body); return err }
	var own, peer durations
	for range decodes {
		if err := own.time(walk); err != nil {
			return nil, err
		}
		if err := peer.time(plain); err != nil {
			return nil, err
		}
	}
	ours := testing.AllocsPerRun(10, func() { err = walk() })
	theirs := testing.AllocsPerRun(10, func() { err = plain() })
	return []row{
		{fmt.Sprintf("decode of a body of %d KB, p50", len(body)/1000), millis(own.median()), millis(peer.median()),
			times(peer.over(own)), atLeast(peer.over(own), 3, "x")},
		{"allocations of that", fmt.Sprintf("%.0f", ours), fmt.Sprintf("%.0f", theirs), times(theirs / ours), atMost(ours, 150, "")},
	}, err
}

// sameNumbers fails when the two decoders do not agree on a body.
func sameNumbers(body []byte) error {
	usage, err := cloudflare.DecodeUsage(body)
	if err != nil {
		return err
	}
	rows, err := decodePlain(body)
	if err != nil {
		return err
	}
	if len(rows) != len(usage.Charges) || len(rows) != 31*services {
		return fmt.Errorf("%d rows of a body, the peer has %d", len(usage.Charges), len(rows))
	}
	for i, c := range plainCharges(rows) {
		u := usage.Charges[i]
		if c.ServiceName != u.ServiceName || !c.ContractedCost.Equal(u.ContractedCost) || !c.CumulatedPricingQuantity.Equal(u.CumulatedPricingQuantity) {
			return fmt.Errorf("row %d of a body: the two differ", i)
		}
	}
	return nil
}
