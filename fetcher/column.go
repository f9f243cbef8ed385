package fetcher

// Column is exact numbers in a row: coefficients of one exponent, so that a
// year of days adds up as whole numbers do, and beside them the few numbers
// that do not fit it. It is a value; nothing changes its numbers.
type Column struct {
	exponent     int32
	coefficients []int64 // 0 where the number is one of odd
	odd          []oddNumber
}

// oddNumber is a number of a column that its exponent does not suit.
type oddNumber struct {
	at int
	n  Number
}

// NewColumn returns the column of coefficients times ten to the power of
// exponent. The column keeps the slice.
func NewColumn(exponent int32, coefficients []int64) Column {
	return Column{exponent: exponent, coefficients: coefficients}
}

// ColumnOf returns the column of numbers, with the lowest exponent of those
// that fit one.
func ColumnOf(numbers []Number) Column {
	c := NewColumn(lowestExponent(numbers), make([]int64, len(numbers)))
	for i, n := range numbers {
		c.Set(i, n)
	}
	return c
}

func lowestExponent(numbers []Number) int32 {
	lowest, met := int32(0), false
	for _, n := range numbers {
		if n.long == nil && n.coefficient != 0 && (!met || n.exponent < lowest) {
			lowest, met = n.exponent, true
		}
	}
	return lowest
}

// Set puts a number in a place of the column while the column is made; a place
// is set once.
func (c *Column) Set(i int, n Number) {
	if n.long == nil && (n.coefficient == 0 || n.exponent >= c.exponent) {
		if scaled, ok := Rescale(n.coefficient, n.exponent, c.exponent); ok {
			c.coefficients[i] = scaled
			return
		}
	}
	c.coefficients[i] = 0
	c.odd = append(c.odd, oddNumber{i, n})
}

// Len is how many numbers there are.
func (c Column) Len() int { return len(c.coefficients) }

// At is the number in a place.
func (c Column) At(i int) Number {
	if c.coefficients[i] == 0 {
		for _, o := range c.odd {
			if o.at == i {
				return o.n
			}
		}
	}
	return NewNumber(c.coefficients[i], c.exponent)
}

// AddTo adds the numbers from one place up to, and not including, another to a
// sum.
func (c Column) AddTo(sum *Sum, from, to int) {
	part := int64(0)
	for _, coefficient := range c.coefficients[from:to] {
		next := part + coefficient
		if (next > part) != (coefficient > 0) && coefficient != 0 {
			sum.Add(NewNumber(part, c.exponent))
			next = coefficient
		}
		part = next
	}
	sum.Add(NewNumber(part, c.exponent))
	for _, o := range c.odd {
		if from <= o.at && o.at < to {
			sum.Add(o.n)
		}
	}
}

// Until is the column without the numbers from a place on.
func (c Column) Until(end int) Column {
	until := Column{exponent: c.exponent, coefficients: c.coefficients[:end:end]}
	for _, o := range c.odd {
		if o.at < end {
			until.odd = append(until.odd, o)
		}
	}
	return until
}
