package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

type pollCmd struct {
	Notify string `help:"Where messages go: slack (the default) or stdout." placeholder:"slack|stdout"`
}

// Run polls once. Beside a running daemon it makes that one poll now, and
// deliver as it does.
func (c *pollCmd) Run(ctx context.Context, e env) error {
	if e.shared != nil && c.Notify != "" {
		return usageError{errors.New("a running billbot polls and delivers by itself: leave out --notify, or stop it first")}
	}
	return e.withEngine(ctx, c.Notify, func(eng *engine) error {
		now := e.now()
		if e.shared != nil {
			fmt.Fprintln(e.stderr, "asked the running billbot to poll now")
		}
		polled := eng.sweep(ctx, now)
		delivered := eng.deliverChecked(ctx, e, now)
		if e.shared == nil { // the daemon fills up history by itself
			if err := eng.backfill(ctx, now, progressTo(e.stderr)); err != nil {
				e.log.Warn("history is not complete yet", "err", err)
			}
		}
		if polled == nil {
			return delivered
		}
		for line := range strings.Lines(errors.Join(polled, delivered).Error()) {
			fmt.Fprintf(e.stderr, "billbot: %s\n", strings.TrimRight(line, "\n"))
		}
		return silent{polled}
	})
}
