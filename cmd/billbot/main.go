package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // summaries go out by local time on hosts without zone files too
)

func main() { os.Exit(realMain()) }

func realMain() int {
	undumped()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], process())
}
