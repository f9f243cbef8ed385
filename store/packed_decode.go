package store

import (
	"fmt"

	"github.com/billbot/billbot/fetcher"
)

// decode reads the charges of a packed value in the order they were packed. It
// takes damage for granted: whatever the bytes are, they are what encodePacked
// wrote for a period, or an error.
func (d *decoder) decode(period fetcher.Day) error {
	if err := d.readHead(period); err != nil {
		return err
	}
	d.layOut()
	d.readColumns()
	for _, place := range d.alone {
		d.readAlone(&d.charges[place])
	}
	return d.end()
}

// readHead reads what stands before the columns.
func (d *decoder) readHead(period fetcher.Day) error {
	if version := d.byte(); version != packedVersion {
		return fmt.Errorf("%w: version %d", errPacked, version)
	}
	d.words = d.table()
	d.period = d.day()
	if !d.bad && d.period != period {
		return fmt.Errorf("%w: it is of the billing period from %s", errPacked, d.period)
	}
	d.readSeries()
	d.readPlaces()
	if d.bad {
		return errPacked
	}
	return nil
}

func (d *decoder) end() error {
	if d.bad || len(d.rest) > 0 {
		return errPacked
	}
	return nil
}

type decoder struct {
	reader
	words   []string
	period  fetcher.Day
	all     []series
	alone   []int
	found   []int // where the series' rows are among the charges
	charges []fetcher.Charge
	stored  [seriesLimit]int64
	columns seriesColumns
}

// The least bytes that a series (head, cost, consumed, the rest derived) and a
// row by itself take.
const (
	seriesSize = 3 + 3 + 3 + 2
	aloneSize  = 1 + textColumns + 1 + 2*numberColumns
)

func (d *decoder) readSeries() {
	d.all = make([]series, d.count(seriesSize))
	var key textKey
	for i := range d.all {
		key = d.key(key, d.words)
		s := &d.all[i]
		s.key, s.first, s.count = key, d.below(latestDay-earliestDay), 1+d.below(seriesLimit)
	}
}

func (d *decoder) readPlaces() {
	d.alone = make([]int, d.count(aloneSize))
	total := len(d.alone)
	for _, s := range d.all {
		total += s.count
	}
	next := 0
	for i := range d.alone {
		d.alone[i] = next + d.below(total-next)
		next = d.alone[i] + 1
	}
}

// layOut makes the charges of the series, all but their numbers.
func (d *decoder) layOut() {
	d.found = interleave(d.all, d.alone)
	d.charges = make([]fetcher.Charge, len(d.found)+len(d.alone))
	row := 0
	for _, s := range d.all {
		c := d.worded(s.key)
		for day := range s.count {
			c.ChargePeriodStart = d.period + fetcher.Day(s.first+day+earliestDay)
			d.charges[d.found[row]] = c
			row++
		}
	}
}

func (d *decoder) worded(key textKey) fetcher.Charge {
	c := fetcher.Charge{BillingPeriodStart: d.period}
	for i, text := range texts(&c) {
		*text = d.words[key[i]]
	}
	return c
}

func (d *decoder) readColumns() {
	rows := d.found
	for _, s := range d.all {
		d.columns.count = s.count
		cost := d.columns.of(costColumn)
		d.column(cost)
		for k, n := range cost {
			d.charges[rows[k]].ContractedCost = n
		}
		rows = rows[s.count:]
	}
	rows = d.found
	for _, s := range d.all {
		d.columns.take(d.charges, rows[:s.count])
		d.others()
		d.columns.give(d.charges, rows[:s.count])
		rows = rows[s.count:]
	}
}

func (s *seriesColumns) give(charges []fetcher.Charge, rows []int) {
	for k, row := range rows {
		for column, n := range numbers(&charges[row]) {
			*n = s.numbers[column][k]
		}
	}
}

func (d *decoder) others() {
	consumed, pricing := d.columns.of(consumedColumn), d.columns.of(pricingColumn)
	d.column(consumed)
	if d.next() == columnSame {
		d.byte()
		copy(pricing, consumed)
	} else {
		d.column(pricing)
	}
	d.cumulated(d.columns.of(cumulatedCostColumn), d.columns.of(costColumn))
	d.cumulated(d.columns.of(cumulatedPricingColumn), pricing)
}

// next is the byte that is read next.
func (d *decoder) next() byte {
	if len(d.rest) == 0 {
		return 0
	}
	return d.rest[0]
}

func (d *decoder) cumulated(column, summed []fetcher.Number) {
	if d.next()&columnSum == 0 {
		d.column(column)
		return
	}
	head := d.byte()
	var start runningSum
	if head&columnStart != 0 {
		start.exponent, start.coefficient, start.begun = d.int32(), d.varint(), true
	}
	known := head&^(columnSum|columnStart|columnTrimmed) == 0
	if !known || !running(column, summed, start, head&columnTrimmed != 0) {
		d.fail()
	}
}

// column reads a column of coefficients.
func (d *decoder) column(numbers []fetcher.Number) {
	stored := d.stored[:len(numbers)]
	head, exponent, exceptions := d.coefficientColumn(stored)
	for i, c := range stored {
		if head&columnTrimmed != 0 {
			numbers[i] = trim(c, exponent)
		} else {
			numbers[i] = fetcher.NewNumber(c, exponent)
		}
	}
	for _, e := range exceptions {
		numbers[e.at] = fetcher.NewNumber(stored[e.at], e.exponent)
	}
}

// coefficientColumn reads a column as it lies in the value.
func (d *decoder) coefficientColumn(stored []int64) (head byte, exponent int32, exceptions []exception) {
	if head = d.byte(); head >= columnSame {
		d.fail()
	}
	exponent = d.int32()
	if head&columnExceptions != 0 {
		exceptions = d.exceptions(len(stored))
	}
	d.coefficients(head, stored)
	return head, exponent, exceptions
}

func (d *decoder) exceptions(limit int) []exception {
	exceptions := make([]exception, d.below(limit+1))
	next := 0
	for i := range exceptions {
		exceptions[i] = exception{next + d.below(limit-next), d.int32()}
		next = exceptions[i].at + 1
	}
	if d.bad {
		return nil
	}
	return exceptions
}

func (d *decoder) readAlone(c *fetcher.Charge) {
	*c = fetcher.Charge{BillingPeriodStart: d.period}
	for _, text := range texts(c) {
		if place := d.below(len(d.words)); !d.bad {
			*text = d.words[place]
		}
	}
	c.ChargePeriodStart = d.day()
	for _, n := range numbers(c) {
		*n = d.number()
	}
}
