package cloudflare

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rowMaker makes rows that each differ a little from the last one.
type rowMaker struct {
	order  []string // of the members
	values map[string]string
}

// changedValues are what some columns change to, mostly something good.
var changedValues = map[string][]string{
	"ServiceName":        {`"D1"`, `"KV"`, `"KV "`, `"\u004bV"`, `"é"`, `""`},
	"BillingCurrency":    {`"USD"`, `"eur"`, `"EUR"`, `"€"`},
	"BillingPeriodStart": {`"2026-04-08T00:00:00Z"`, `"2026-04-08"`, `"2026-04-09"`, `"0001-01-01"`},
	"ChargePeriodStart":  {`"2026-04-10T00:00:00Z"`, `"2026-04-10"`, `"2026-04-10T00:00:00.0Z"`, `"2026-04-09"`},
	"ChargePeriodEnd":    {`"2026-04-11T00:00:00Z"`, `"2026-04-11"`, `"2026-04-10T23:59:59Z"`, `"2026-04-10"`},
	"ContractedCost":     {`1`, `12`, `-1.50`, `"1"`, `1e2`, `1234567890123456789012`, `null`},
	"ZoneId":             {`"a"`, `"ab"`, `null`, `""`, `"b"`, `true`},
	"ChargeDescription":  {`"a longer text, \"told\""`, `"a longer text"`, `null`},
	"Other":              {`null`, `true`, `false`, `-0.5E+1`, `0`, `00`, `"text"`, `[]`},
}

func newRowMaker() rowMaker {
	m := rowMaker{values: fields()}
	m.values["ZoneId"], m.values["ChargeDescription"], m.values["Other"] = `"a"`, `null`, `0`
	m.order = slices.Sorted(maps.Keys(m.values))
	return m
}

// next changes the maker in a few ways and returns the row.
func (m *rowMaker) next(t *rapid.T) string {
	for range rapid.IntRange(0, 2).Draw(t, "changes") {
		m.change(t)
	}
	space := rapid.SampledFrom([]string{"", "", "", " ", "\n  "}).Draw(t, "space")
	var members []string
	for _, name := range m.order {
		members = append(members, fmt.Sprintf("%q:%s%s", name, space, m.values[name]))
	}
	return "{" + strings.Join(members, ","+space) + "}"
}

func (m *rowMaker) change(t *rapid.T) {
	i := rapid.IntRange(0, len(m.order)-1).Draw(t, "member")
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(changedValues))).Draw(t, "name")
	switch at := slices.Index(m.order, name); rapid.SampledFrom([]string{"value", "value", "value", "order", "member", "again"}).Draw(t, "change") {
	case "value":
		m.values[name] = rapid.SampledFrom(changedValues[name]).Draw(t, "value")
	case "order":
		m.order[0], m.order[i] = m.order[i], m.order[0]
	case "member": // comes, or goes
		if at < 0 {
			m.order = slices.Insert(m.order, i, name)
		} else if name == "ZoneId" || name == "ChargeDescription" || name == "Other" {
			m.order = slices.Delete(m.order, at, at+1)
		}
	case "again":
		if name == "Other" || name == "ZoneId" {
			m.order = append(m.order, name)
		}
	}
}

// TestScanUsageOfRowsLikeTheLastOne holds the scanner to the walk where it
// takes over what the last row had.
func TestScanUsageOfRowsLikeTheLastOne(t *testing.T) {
	scanned, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		m := newRowMaker()
		var rows []string
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			rows = append(rows, m.next(t))
		}
		all++
		if checkScan(t, []byte(envelopeOf(rows...))) {
			scanned++
		}
	})
	if scanned < all/10 || scanned > all*9/10 {
		t.Errorf("%d of %d were scanned: one side is hardly tried", scanned, all)
	}
}
