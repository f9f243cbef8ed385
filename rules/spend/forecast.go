package spend

import (
	"math"

	"github.com/shopspring/decimal"
)

// Forecast is what some days will cost, with a band that holds four times in
// five.
//
// The total is what is spent, exact to the last digit, and what is to come,
// whose quantity statistics say: floats made from the quantities, rounded to
// nine digits, priced with the exact price.
type Forecast struct {
	Total, Lo, Hi decimal.Decimal
	// Incident names the services that run away on the newest day. Nobody knows
	// how long they will: Lo has them fixed now, GoesOn has them go on as on
	// that day, Hi has them grow. Without any GoesOn is Total.
	Incident []string
	GoesOn   decimal.Decimal
}

// Forecasts mean something once so many days of an account are known: a whole
// week, and of a quarter or a year as many as a tenth of it. Those of earlier
// periods count, so that a period is forecast from its first day once there is
// history.
const (
	forecastDays = 7
	forecastPart = 10
)

// Foreseeable reports whether a forecast of a period of so many days means
// something, on an account of which so many are known. Nothing that people are
// told rests on one that does not.
func Foreseeable(known, days int) bool {
	return known >= max(forecastDays, days/forecastPart)
}

// Plus is the forecast with what is spent already.
func (f Forecast) Plus(spent decimal.Decimal) Forecast {
	f.Total, f.Lo, f.Hi = f.Total.Add(spent), f.Lo.Add(spent), f.Hi.Add(spent)
	if len(f.Incident) == 0 {
		f.GoesOn = f.Total
		return f
	}
	f.GoesOn = f.GoesOn.Add(spent)
	return f
}

// together is how much the services of an account miss in the same direction:
// 0 would be each for itself, 1 all at once.
const together = 0.1

// Together adds forecasts up. Services do not all miss in the same direction,
// so the band of the sum is narrower than the sum of the bands: the root of the
// squares of their widths, and a part of their sum. What a runaway may cost is
// added whole.
func Together(forecasts []Forecast) Forecast {
	var sum Forecast
	var down, up widths
	for _, f := range forecasts {
		sum.Total, sum.GoesOn = sum.Total.Add(f.Total), sum.GoesOn.Add(f.GoesOn)
		sum.Incident = append(sum.Incident, f.Incident...)
		if len(f.Incident) > 0 {
			down.whole, up.whole = down.whole.Add(f.Total.Sub(f.Lo)), up.whole.Add(f.Hi.Sub(f.Total))
			continue
		}
		down.add(f.Total.Sub(f.Lo))
		up.add(f.Hi.Sub(f.Total))
	}
	sum.Lo, sum.Hi = sum.Total.Sub(down.width()), sum.Total.Add(up.width())
	return sum
}

// widths adds up one side of several bands.
type widths struct {
	sum   decimal.Decimal
	parts []decimal.Decimal
	whole decimal.Decimal
}

func (w *widths) add(part decimal.Decimal) {
	if part.IsPositive() {
		w.sum = w.sum.Add(part)
		w.parts = append(w.parts, part)
	}
}

// width is the root of the squares, as a share of the plain sum: the share is a
// float, the sum is not.
func (w *widths) width() decimal.Decimal {
	if len(w.parts) < 2 {
		return w.sum.Add(w.whole)
	}
	scale := magnitude(w.sum)
	sum, squares := float(w.sum, scale), 0.0
	for _, part := range w.parts {
		x := float(part, scale)
		squares += x * x
	}
	share := math.Sqrt((1-together)*squares+together*sum*sum) / sum
	return w.sum.Mul(written(share, 0)).Add(w.whole)
}

// precision is the number of decimal places kept where an amount has to be
// divided: a forecast, a learned price. Bills show at most nine.
const precision = 12
