package store

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/billbot/billbot/fetcher"
)

// packedVersion begins each packed value, so that a later form can be told
// from it.
const packedVersion = 2

// encodePacked makes the value of charges of one billing period, in the
// ledger's order. It reads back what it made: a value that would not give the
// same rows is never returned.
func encodePacked(charges []fetcher.Charge) ([]byte, error) {
	if len(charges) == 0 {
		return nil, nil
	}
	value := appendPacked(nil, charges)
	if err := verifyPacked(value, charges); err != nil {
		return nil, err
	}
	return value, nil
}

var errPacked = errors.New("not a value as it was packed")

func appendPacked(to []byte, charges []fetcher.Charge) []byte {
	table := &textTable{places: map[string]uint32{}}
	all, alone := split(charges, table)
	if !ordered(all, alone) {
		all, alone = nil, everyRow(len(charges))
	}
	to = table.append(append(to, packedVersion))
	to = binary.AppendVarint(to, int64(charges[0].BillingPeriodStart))
	to = appendSeries(to, all)
	to = appendPlaces(to, alone)
	to = appendColumns(to, charges, all)
	for _, i := range alone {
		to = appendAlone(to, &charges[i], table)
	}
	return to
}

func everyRow(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func appendSeries(to []byte, all []series) []byte {
	to = binary.AppendUvarint(to, uint64(len(all)))
	var before textKey
	for _, s := range all {
		to = appendKey(to, s.key, before)
		to = binary.AppendUvarint(to, uint64(s.first))
		to = binary.AppendUvarint(to, uint64(s.count-1))
		before = s.key
	}
	return to
}

// appendPlaces adds ascending places as the distances between them.
func appendPlaces(to []byte, ascending []int) []byte {
	to = binary.AppendUvarint(to, uint64(len(ascending)))
	next := 0
	for _, place := range ascending {
		to = binary.AppendUvarint(to, uint64(place-next))
		next = place + 1
	}
	return to
}

// appendColumns adds the costs of all series first: rules read nothing else.
func appendColumns(to []byte, charges []fetcher.Charge, all []series) []byte {
	var w columnWriter
	var columns seriesColumns
	for _, s := range all {
		columns.take(charges, s.rows)
		to = w.append(to, columns.of(costColumn))
	}
	for _, s := range all {
		columns.take(charges, s.rows)
		to = appendOthers(to, &w, &columns)
	}
	return to
}

// The order of numbers.
const (
	consumedColumn = iota
	pricingColumn
	costColumn
	cumulatedCostColumn
	cumulatedPricingColumn
)

// seriesColumns is the numbers of one series, column by column.
type seriesColumns struct {
	numbers [numberColumns][seriesLimit]fetcher.Number
	count   int
}

func (s *seriesColumns) of(column int) []fetcher.Number { return s.numbers[column][:s.count] }

func (s *seriesColumns) take(charges []fetcher.Charge, rows []int) {
	s.count = len(rows)
	for k, row := range rows {
		for column, n := range numbers(&charges[row]) {
			s.numbers[column][k] = *n
		}
	}
}

func appendOthers(to []byte, w *columnWriter, columns *seriesColumns) []byte {
	to = w.append(to, columns.of(consumedColumn))
	if slices.EqualFunc(columns.of(pricingColumn), columns.of(consumedColumn), sameNumber) {
		to = append(to, columnSame)
	} else {
		to = w.append(to, columns.of(pricingColumn))
	}
	to = appendCumulated(to, w, columns.of(cumulatedCostColumn), columns.of(costColumn))
	return appendCumulated(to, w, columns.of(cumulatedPricingColumn), columns.of(pricingColumn))
}

func appendCumulated(to []byte, w *columnWriter, column, summed []fetcher.Number) []byte {
	if derived, ok := appendSum(to, column, summed); ok {
		return derived
	}
	return w.append(to, column)
}

// appendAlone adds a row by itself, its words as places in the table.
func appendAlone(to []byte, c *fetcher.Charge, table *textTable) []byte {
	for _, place := range table.key(c) {
		to = binary.AppendUvarint(to, uint64(place))
	}
	to = binary.AppendVarint(to, int64(c.ChargePeriodStart))
	for _, n := range numbers(c) {
		to = appendNumber(to, *n)
	}
	return to
}
