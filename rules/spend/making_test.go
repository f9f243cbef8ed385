package spend_test

import (
	"math"
	"math/rand/v2"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/rules/spend"
)

// made is a service of our own making: what it used each day, and on which of
// them something was wrong.
type made struct {
	series   spend.Series
	incident fetcher.Period // zero where all is well
}

const madeDays = 120 // four billing periods of 30

// making draws services of an account. The same seed makes the same ones.
type making struct{ *rand.Rand }

func newMaking(seed uint64) making { return making{rand.New(rand.NewPCG(seed, 0))} }

func (m making) between(least, most float64) float64 { return least + (most-least)*m.Float64() }

// service is one with a level that wanders, a weekly pattern and noise of its
// own, with an allowance or without; ill, something happens to it after six
// weeks.
func (m making) service(ill bool) made {
	level, noise := math.Exp(m.between(7, 12)), m.between(0.03, 0.3)
	weekend, wander := m.between(0.4, 1), m.between(0.01, 0.06)
	days := make([]float64, madeDays)
	now := level
	for i := range days {
		now *= math.Exp(wander * m.NormFloat64())
		days[i] = now * math.Exp(noise*m.NormFloat64())
		if i%7 >= 5 {
			days[i] *= weekend
		}
	}
	var incident fetcher.Period
	if ill {
		incident = m.fall(days)
	}
	return made{m.bill(days, level), incident}
}

// fall has something go wrong: usage runs away, takes a step, or creeps.
func (m making) fall(days []float64) fetcher.Period {
	at, lasts := 42+m.IntN(60), 2+m.IntN(8)
	var change func(int) float64
	switch times := m.between(2.5, 40); m.IntN(4) {
	case 0, 1:
		change = func(int) float64 { return times }
	case 2:
		lasts, times = 14, m.between(2, 5)
		change = func(int) float64 { return times }
	default:
		lasts, times = 16, m.between(0.08, 0.25)
		change = func(i int) float64 { return math.Pow(1+times, float64(i+1)) }
	}
	for i := range lasts {
		days[at+i] *= change(i)
	}
	return fetcher.Period{Start: firstDay + fetcher.Day(at), End: firstDay + fetcher.Day(at+lasts-1)}
}

// bill prices days: an ordinary one is worth some dollars past what is included.
func (m making) bill(days []float64, level float64) spend.Series {
	s := spend.Series{Service: "Vectors", Currency: "USD", First: firstDay}
	price := int64(m.between(1, 30) / level * 1e9) // in billionths
	included := int64(level * m.between(0, 20) * float64(m.IntN(2)))
	var used int64
	for i, day := range days {
		if i%30 == 0 {
			used = 0
		}
		before := max(0, used-included)
		used += int64(day)
		s.Days = append(s.Days, spend.Use{
			Quantity: fetcher.NewNumber(int64(day), 0), Cost: fetcher.NewNumber((max(0, used-included)-before)*price, -9),
			BillingPeriodStart: firstDay + fetcher.Day(i/30*30),
		})
	}
	return s
}
