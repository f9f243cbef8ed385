package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/billbot/billbot/fetcher"
)

// plainRow is a row of the API as the standard library decodes it: the columns
// that billbot keeps, and none of its checks.
type plainRow struct {
	ServiceName, ServiceFamilyName, SubscriptionId, ZoneId, ZoneName string
	BillingCurrency, BillingAccountId, ChargeDescription             string
	ConsumedUnit, PricingUnit                                        string
	BillingPeriodStart, ChargePeriodStart                            time.Time
	ConsumedQuantity, PricingQuantity, ContractedCost                decimal.Decimal
	CumulatedContractedCost, CumulatedPricingQuantity                decimal.Decimal
}

// decodePlain is what DecodeUsage is measured against.
func decodePlain(body []byte) ([]plainRow, error) {
	var answer struct {
		Success bool
		Result  []plainRow
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("decoding a body: %w", err)
	}
	return answer.Result, nil
}

// plainCharges gives rows the form that the ledger has.
func plainCharges(rows []plainRow) []fetcher.Charge {
	charges := make([]fetcher.Charge, len(rows))
	for i, r := range rows {
		charges[i] = fetcher.Charge{
			BillingAccountID: r.BillingAccountId, BillingCurrency: r.BillingCurrency,
			ServiceName: r.ServiceName, ServiceFamilyName: r.ServiceFamilyName,
			SubscriptionID: r.SubscriptionId, ZoneID: r.ZoneId, ZoneName: r.ZoneName,
			ChargeDescription:  r.ChargeDescription,
			BillingPeriodStart: fetcher.DayOf(r.BillingPeriodStart), ChargePeriodStart: fetcher.DayOf(r.ChargePeriodStart),
			ConsumedQuantity: fetcher.NumberOf(r.ConsumedQuantity), ConsumedUnit: r.ConsumedUnit,
			PricingQuantity: fetcher.NumberOf(r.PricingQuantity), PricingUnit: r.PricingUnit,
			ContractedCost:           fetcher.NumberOf(r.ContractedCost),
			CumulatedContractedCost:  fetcher.NumberOf(r.CumulatedContractedCost),
			CumulatedPricingQuantity: fetcher.NumberOf(r.CumulatedPricingQuantity),
		}
	}
	return charges
}
