// Package ruletest reads tests of rules: services with what they cost or used
// each day, written compactly and on real dates, and what the rules must say of
// them. It makes the bills and compares what was said; evaluating is the
// caller's, by the same walk that a backtest takes.
//
// # Series
//
// A series is what one service cost, or used, day by day from the test's start
// on. Items stand one after the other, with blanks between them:
//
//	3.75        one day
//	0x20        twenty days of 0
//	1+0.5x10    ten days: 1, 1.5, 2, up to 5.5
//	9-1x3       three days: 9, 8, 7
//	_           a day without a row
//	_x3         three days without rows
//
// The number after x is how many days the item stands for. (In promtool's
// notation it is one less.) A number is plain digits, with a point before
// decimals and a minus sign before what is below zero; k, M, B and T after it
// are a thousand, a million, a billion and a trillion: 2.5M is 2500000.
//
// A day of 0 has a row that says so; a day without a row has none. Where no
// service has a row, the data stops.
package ruletest
