package spend

import (
	"math"
	"slices"
)

// The band says how far the same method missed before.
const (
	backDays  = 60 // the days that forecasts are tried from
	backEvery = 3
	backAhead = 10 // the days each looks ahead, as far as there are

	bandLow, bandHigh = 0.10, 0.90

	priorTries = 10.0  // how many tries what is known of services in general counts for
	priorLow   = -0.22 // a tenth miss by less than this, as a logarithm
	priorHigh  = 0.22
	faintShare = 0.05 // of a usual day, added so that nothing is divided by zero

	widenBy = 0.15 // the band's width grows with the days left to the power of this
)

// band is the logarithms between which four in five of the forecasts over
// backAhead days came out, over what they said.
type band struct{ low, high float64 }

// backcast forecasts from each third day of the last sixty what the next days
// used, and compares. It shares all preparation with the forecast itself, so
// that it is linear in days.
func (u *usage) backcast() band {
	n := len(u.used)
	var misses [backDays / backEvery]float64
	tries := 0
	faint := faintShare * total(u.plain[max(0, n-levelDays):]) / float64(min(n, levelDays))
	for origin := n - 3; origin >= max(3, n-backDays) && tries < len(misses); origin -= backEvery {
		days := min(backAhead, n-origin)
		said := u.levelOf(u.present(origin), origin, u.plain) * u.ahead(origin, days)
		came := total(u.used[origin : origin+days])
		few := faint * float64(days)
		if few > 0 {
			misses[tries] = math.Log((came + few) / (said + few))
			tries++
		}
	}
	slices.Sort(misses[:tries])
	return band{
		low:  pulled(misses[:tries], bandLow, priorLow),
		high: pulled(misses[:tries], bandHigh, priorHigh),
	}
}

// pulled is a quantile, pulled toward what is known of services in general
// where there are few tries to go by.
func pulled(misses []float64, quantile, prior float64) float64 {
	n := float64(len(misses))
	if n == 0 {
		return prior
	}
	at := quantile * (n - 1)
	below := int(at)
	above := min(below+1, len(misses)-1)
	own := misses[below] + (at-float64(below))*(misses[above]-misses[below])
	return (n*own + priorTries*prior) / (n + priorTries)
}

// over is the band for so many days.
func (b band) over(days int) band {
	widen := math.Pow(max(float64(days), backAhead*backAhead/float64(days))/backAhead, widenBy)
	return band{low: min(0, b.low) * widen, high: max(0, b.high) * widen}
}
