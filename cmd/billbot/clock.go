package main

import (
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

// clockCheck compares this machine's clock with what answers say is the time.
// Budgets, staleness and Slack's signatures all go by the clock. It may be used
// by many goroutines at once; nil compares nothing.
type clockCheck struct {
	log  *slog.Logger
	last atomic.Pointer[time.Duration] // that the clock is ahead, as the last answer had it
	skew atomic.Int64                  // nanoseconds that the clock is ahead, the same, 0 while that is little
}

// mostSkew is how far off a clock may be: Slack's signatures are good for so
// long.
const mostSkew = 5 * time.Minute

// heard takes the moment at which an answer was sent. That the clock is wrong is
// logged once, until it is right again.
func (c *clockCheck) heard(sent time.Time) {
	if c == nil {
		return
	}
	skew := time.Since(sent).Round(time.Second)
	last := skew
	c.last.Store(&last)
	if skew.Abs() <= mostSkew {
		skew = 0
	}
	switch was := c.skew.Swap(int64(skew)); {
	case was == 0 && skew != 0:
		c.log.Warn(c.trouble())
	case was != 0 && skew == 0:
		c.log.Info("this machine's clock is right again")
	}
}

// trouble says how wrong the clock is, "" where it is not.
func (c *clockCheck) trouble() string {
	if c == nil {
		return ""
	}
	switch skew := time.Duration(c.skew.Load()); {
	case skew > 0:
		return fmt.Sprintf("this machine's clock is %s ahead of Cloudflare's: set it right", skew)
	case skew < 0:
		return fmt.Sprintf("this machine's clock is %s behind Cloudflare's: set it right", -skew)
	}
	return ""
}
