package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/billbot/billbot/store"
)

type runCmd struct {
	Notify string `help:"Where messages go: slack (the default) or stdout." placeholder:"slack|stdout"`
	Listen string `help:"Where to serve health and Slack's requests (127.0.0.1:9321); port 0 takes any." default:"127.0.0.1:9321" placeholder:"ADDR"`
}

// daemonPatience is how long a starting daemon waits for a reader to let go of
// the database. A second daemon is refused within three seconds, all in all.
const daemonPatience = 2500 * time.Millisecond

func (*runCmd) local() {}

// Run watches until it is told to stop.
func (c *runCmd) Run(ctx context.Context, e env) error {
	if e.shared != nil {
		return usageError{errors.New("billbot is running already")}
	}
	e.harden()
	eng, err := e.newEngine(c.Notify, daemonPatience)
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("%s is in use: is another billbot running on it?", e.show(e.dbFile))
	}
	if err != nil {
		return err
	}
	defer eng.store.Close()
	return c.serve(ctx, e, eng)
}

// serve starts everything, waits for the end and stops everything, waiting for
// the work in hand.
func (c *runCmd) serve(ctx context.Context, e env, eng *engine) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer eng.endWith(ctx)()
	front, err := e.newFront(eng)
	if err != nil {
		return err
	}
	commands, err := listenSocket(socketPath(e.dbFile, e.getenv))
	if err != nil {
		return err
	}
	defer commands.Close()
	public, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", c.Listen, err)
	}
	defer public.Close()
	e.log.Info("listening", "addr", public.Addr().String())
	failed := make(chan error, 3)
	servers := []*http.Server{newServer(serveAsked(e, eng)), newPublicServer(e.handler(eng, front))}
	for i, l := range []net.Listener{commands, public} {
		servers[i].BaseContext = func(net.Listener) context.Context { return ctx }
		go func() { failed <- servers[i].Serve(l) }()
	}
	go func() {
		if err := eng.watchFile(ctx, e.show(e.dbFile)); err != nil {
			failed <- err
		}
	}()
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	shut := front.open(ctx)
	schedule, err := eng.schedule(ctx, e)
	if err != nil {
		return err
	}
	go newReloader(e, eng).follow(ctx, hup)
	select {
	case <-ctx.Done():
		e.log.Info("stopping", "cause", context.Cause(ctx).Error())
	case err = <-failed:
		stop()
	}
	stopAll(e.log, schedule, servers, shut)
	e.log.Info("stopped")
	return err
}
