package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/billbot/billbot/fetcher"
	"github.com/billbot/billbot/fetcher/cloudflare/cloudflaretest"
)

// fleetOf is many accounts of one service, and rules that watch them.
func fleetOf(n int) (string, []cloudflaretest.Recording) {
	var written strings.Builder
	written.WriteString("slack: {channel: \"#x\"}\nrules: [{name: all, budget: {amount: 10}}]\naccounts:\n")
	var recordings []cloudflaretest.Recording
	for i := range n {
		id := fmt.Sprintf("%032x", i+1)
		fmt.Fprintf(&written, "  - {name: a%d, id: %s}\n", i, id)
		recordings = append(recordings, cloudflaretest.Account{
			ID: id, Name: "a", Currency: "USD", Anchor: 1,
			Series: []cloudflaretest.Series{cloudflaretest.Steady("KV Read", fetcher.NewDay(2000, time.January, 1), 20, dollars("0.5"))},
		}.Recording())
	}
	return written.String(), recordings
}

// TestSweepOfMany polls more accounts than one transaction holds, while some
// of them fail.
func TestSweepOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		written, recordings := fleetOf(120)
		w := newWorld(t, written, recordings...)
		w.cloud.SetNow(time.Date(2000, time.January, 10, 7, 0, 0, 0, time.UTC))
		eng := w.open(t)
		defer eng.store.Close()
		broken := eng.rules.Accounts[7]
		eng.sources[broken.Name] = failing{err: errors.New("a7: no answer")}
		err := eng.sweep(t.Context(), w.cloud.Now())
		if err == nil || err.Error() != "a7: no answer" {
			t.Errorf("got error %v, want that of a7 alone", err)
		}
		states, err := eng.store.Accounts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		known := 0
		for _, s := range states {
			if s.Known {
				known++
			}
		}
		if known != 119 {
			t.Errorf("accounts known: got %d, want all but one of 120", known)
		}
	})
}

// TestSweepStops ends a sweep in its middle: what was asked is committed, and
// the rest is left.
func TestSweepStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		written, recordings := fleetOf(30)
		w := newWorld(t, written, recordings...)
		w.cloud.SetNow(time.Date(2000, time.January, 10, 7, 0, 0, 0, time.UTC))
		eng := w.open(t)
		defer eng.store.Close()
		ctx, cancel := context.WithCancel(t.Context())
		eng.sources["a10"] = failing{after: cancel, err: errors.New("a10: stopped")}
		if err := eng.sweep(ctx, w.cloud.Now()); !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want that it was cancelled", err)
		}
		states, err := eng.store.Accounts(t.Context())
		if err != nil || len(states) < 10 || len(states) > 11+asksAtOnce {
			t.Errorf("accounts committed: got %d and error %v, want those asked before the end", len(states), err)
		}
	})
}

// TestCommitsOfASweep counts the transactions that answers lead to: how fast they
// come makes no difference, unless one keeps the others waiting.
func TestCommitsOfASweep(t *testing.T) {
	for _, tt := range []struct {
		name  string
		every time.Duration // from one answer to the next
		want  []int         // decisions a transaction
	}{
		{"at once", 0, []int{100, 100, 30}},
		{"one after the other", 20 * time.Millisecond, []int{100, 100, 30}},
		{"slow", 300 * time.Millisecond, slices.Concat(slices.Repeat([]int{17}, 13), []int{9})},
	} {
		synctest.Test(t, func(t *testing.T) {
			var got []int
			c := collector{see: func(decision) {}, commit: func(batch []decision) []error {
				got = append(got, len(batch))
				return nil
			}}
			for range 230 {
				result := make(chan decision)
				go func() {
					time.Sleep(tt.every)
					result <- decision{}
				}()
				c.take(result)
			}
			c.flush()
			if !slices.Equal(got, tt.want) {
				t.Errorf("%s: transactions of %v, want %v", tt.name, got, tt.want)
			}
		})
	}
}

// failing is a source that does not answer.
type failing struct {
	err   error
	after func()
}

func (f failing) Fetch(context.Context, fetcher.Account, fetcher.Day, fetcher.Day, time.Time) (fetcher.Answer, error) {
	if f.after != nil {
		f.after()
	}
	return fetcher.Answer{}, f.err
}
