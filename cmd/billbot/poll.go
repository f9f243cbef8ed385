package main

import (
	"context"
	"errors"
	"fmt"
)

type pollCmd struct {
	Notify string `help:"Where messages go: slack or stdout." default:"slack" placeholder:"slack|stdout"`
}

// Run polls once. Beside a running daemon it makes that one poll now.
func (c *pollCmd) Run(ctx context.Context, e env) error {
	return e.withEngine(ctx, c.Notify, func(eng *engine) error {
		now := e.now()
		polled := eng.sweep(ctx, now)
		delivered := eng.deliver(ctx, now)
		if polled == nil {
			return delivered
		}
		fmt.Fprintln(e.stderr, polled)
		if delivered != nil {
			fmt.Fprintln(e.stderr, delivered)
		}
		return silent{errors.Join(polled, delivered)}
	})
}
