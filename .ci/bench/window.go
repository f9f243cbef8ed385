package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/billbot/billbot/fetcher"
)

const (
	windowDays  = 28
	windowReads = 200
)

// totals are what services cost, in units of 1e-9.
type totals [services]int64

// window times the reading of 28 days of all services of one account, and
// fails when the totals of the two differ.
func (r run) window(ctx context.Context, p *pair) ([]row, error) {
	var own, rows, sums durations
	random := rand.New(rand.NewPCG(3, 3))
	for range windowReads {
		account := random.IntN(p.fleet.accounts)
		from := lastDay() - windowDays + 1 - fetcher.Day(random.IntN(p.fleet.days-windowDays))
		var got [3]totals
		var err error
		for i, step := range []struct {
			took *durations
			read func(context.Context, int, fetcher.Day) (totals, error)
		}{{&own, p.ours.window}, {&rows, p.peer.window}, {&sums, p.peer.windowSums}} {
			if err := step.took.time(func() error { got[i], err = step.read(ctx, account, from); return err }); err != nil {
				return nil, err
			}
		}
		if got[0] != got[1] || got[0] != got[2] {
			return nil, fmt.Errorf("28 days from %s of account %d: the totals differ", from, account)
		}
	}
	return []row{
		{"28 days, all services, p50, against reading the rows", micros(own.median()), micros(rows.median()), times(rows.over(own)), none},
		{"28 days, all services, p50, against sums in SQL", micros(own.median()), micros(sums.median()), times(sums.over(own)), none},
	}, nil
}

func (o *ours) window(ctx context.Context, account int, from fetcher.Day) (totals, error) {
	lines, err := o.store.Lines(ctx, o.fleet.account(account).ID, from, from+windowDays-1)
	var sums [services]fetcher.Sum
	for i := range lines {
		lines[i].Cost(&sums[serviceOf(lines[i].ServiceName)], from, from+windowDays-1)
	}
	var t totals
	for i, sum := range sums {
		t[i] = nanos(fetcher.NumberOf(sum.Decimal()))
	}
	return t, err
}

// serviceOf is the number of a service of the fleet.
func serviceOf(name string) int {
	return int(name[len("Service ")]-'0')*10 + int(name[len("Service ")+1]-'0')
}

// window reads whole rows.
func (s *sqlite) window(ctx context.Context, account int, from fetcher.Day) (t totals, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT day, service, cost, cumulated_cost, consumed, priced, cumulated_priced
		FROM charges WHERE account = ? AND day BETWEEN ? AND ?`, account, int64(from), int64(from+windowDays-1))
	if err != nil {
		return t, err
	}
	defer rows.Close()
	for rows.Next() {
		var day, service, cost, cumulated, consumed, priced, cumulatedPriced int64
		if err := rows.Scan(&day, &service, &cost, &cumulated, &consumed, &priced, &cumulatedPriced); err != nil {
			return t, err
		}
		t[service] += cost
	}
	return t, rows.Err()
}

// windowSums has the database add up.
func (s *sqlite) windowSums(ctx context.Context, account int, from fetcher.Day) (t totals, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT service, SUM(cost) FROM charges
		WHERE account = ? AND day BETWEEN ? AND ? GROUP BY service`, account, int64(from), int64(from+windowDays-1))
	if err != nil {
		return t, err
	}
	defer rows.Close()
	for rows.Next() {
		var service, cost int64
		if err := rows.Scan(&service, &cost); err != nil {
			return t, err
		}
		t[service] = cost
	}
	return t, rows.Err()
}
