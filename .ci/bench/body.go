package main

import (
	"bytes"

	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
)

// body is what the API answers about the newest month of an account.
func (f fleet) body(account, version int) ([]byte, error) {
	recording := cloudflaretest.Recording{AccountID: f.account(account).ID, Currency: "USD"}
	for _, c := range f.charges(account, f.newest(), version) {
		recording.Lines = append(recording.Lines, cloudflaretest.Line{
			Day:      c.ChargePeriodStart,
			Service:  cloudflaretest.Service{Name: c.ServiceName, Family: c.ServiceFamilyName, Unit: c.ConsumedUnit},
			Consumed: c.ConsumedQuantity.Decimal(), Billed: c.PricingQuantity.Decimal(), Cost: c.ContractedCost.Decimal(),
		})
	}
	var body bytes.Buffer
	err := recording.WriteUsage(&body, morning())
	return body.Bytes(), err
}
