package spend_test

import (
	"strconv"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
)

// longSeries is a service with weekends and an allowance, as long as an
// evaluation looks back, or longer.
func longSeries(days int) spend.Series {
	s := spend.Series{Service: "D1", Currency: "USD", First: firstDay}
	var used int64
	for i := range days {
		day := firstDay + fetcher.Day(i)
		if i%30 == 0 {
			used = 0
		}
		quantity := int64(1_000_000 + 70_001*(i*i%11))
		if wd := day.Weekday(); wd == 0 || wd == 6 {
			quantity /= 2
		}
		billed := max(0, used+quantity-10_000_000) - max(0, used-10_000_000)
		used += quantity
		s.Days = append(s.Days, spend.Use{
			Quantity: fetcher.NewNumber(quantity*1000+int64(i%7), -3), Cost: fetcher.NewNumber(billed*3, -7),
			BillingPeriodStart: firstDay + fetcher.Day(i/30*30),
		})
	}
	return s
}

// A service is looked at in tens of microseconds, and twice the days take no
// more than twice as long.
func BenchmarkOutlook(b *testing.B) {
	for _, days := range []int{30, 120, 240} {
		s := longSeries(days)
		p := fetcher.Period{Start: s.Days[days-1].BillingPeriodStart, End: s.Days[days-1].BillingPeriodStart + 29}
		b.Run(strconv.Itoa(days)+" days", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				spend.NewOutlook(s).Ahead(p, p.End)
			}
		})
	}
}

// What an outlook leaves to be collected does not grow with its days, but for a
// few slices.
func TestOutlookAllocations(t *testing.T) {
	for _, days := range []int{120, 240} {
		s := longSeries(days)
		p := fetcher.Period{Start: s.Days[days-1].BillingPeriodStart, End: s.Days[days-1].BillingPeriodStart + 29}
		if allocs := testing.AllocsPerRun(20, func() { spend.NewOutlook(s).Ahead(p, p.End) }); allocs > 110 {
			t.Errorf("%d days: got %.0f allocations, want at most 110", days, allocs)
		}
	}
}
