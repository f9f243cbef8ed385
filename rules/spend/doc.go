// Package spend is arithmetic over charges: sums, what is usual, which days
// break the record, what a service's tariff is, and what a period will cost. It
// knows nothing of rules.
//
// Amounts are exact decimals throughout. Statistics that only rank days
// against each other, such as medians of usage, compare floats made from those
// decimals; every amount that is compared with money, kept or shown comes from
// the decimals. What statistics say of days to come is a quantity: it is
// rounded to nine digits and priced with the exact price.
package spend
