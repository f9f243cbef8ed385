package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

type healthCmd struct {
	Live   bool   `help:"Only whether it works: its schedule turns and its database can be written. What a restart could help with."`
	Format string `help:"text or json." enum:"text,json" default:"text"`
}

// Help is what billbot health --help adds.
func (*healthCmd) Help() string {
	return `It asks through the socket beside the database, and so needs no address: it is for
containers, which have neither shell nor curl.

    billbot health --live`
}

// Run prints how the running billbot is. It is run by that one.
func (c *healthCmd) Run(ctx context.Context, e env) error {
	if e.shared == nil {
		return fmt.Errorf("no billbot runs on %s", e.show(e.dbFile))
	}
	if c.Live {
		if err := errors.Join(e.shared.live(), e.shared.ready(ctx)); err != nil {
			return err
		}
		fmt.Fprintln(e.stdout, "ok")
		return nil
	}
	h, err := e.shared.health(ctx, e.now())
	if err != nil {
		return err
	}
	h.add(front{socket: e.shared.socket}.trouble())
	return c.print(e, h)
}

func (c *healthCmd) print(e env, h health) error {
	if c.Format == "json" {
		if err := json.NewEncoder(e.stdout).Encode(h); err != nil {
			return err
		}
	} else {
		for _, reason := range h.Reasons {
			fmt.Fprintln(e.stdout, reason)
		}
	}
	if !h.OK {
		return silent{errors.New("not healthy")}
	}
	if c.Format == "text" {
		fmt.Fprintln(e.stdout, "ok")
	}
	return nil
}
