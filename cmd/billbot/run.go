package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/billbot/billbot/store"
)

type runCmd struct {
	Notify string `help:"Where messages go: slack or stdout." default:"slack" placeholder:"slack|stdout"`
	Listen string `help:"Where to serve health and Slack's requests; port 0 takes any." default:"127.0.0.1:9321" placeholder:"ADDR"`
}

// daemonPatience is how long a starting daemon waits for a reader to let go of
// the database.
const daemonPatience = 3 * time.Second

// Run watches until it is told to stop.
func (c *runCmd) Run(ctx context.Context, e env) error {
	if e.shared != nil {
		return usageError{errors.New("billbot is running already")}
	}
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
	socket := socketPath(e.dbFile, e.getenv)
	commands, err := listenSocket(socket)
	if err != nil {
		return err
	}
	defer os.Remove(socket)
	public, err := net.Listen("tcp", c.Listen)
	if err != nil {
		commands.Close()
		return fmt.Errorf("listening on %s: %w", c.Listen, err)
	}
	handler, err := e.publicHandler(eng)
	if err != nil {
		return err
	}
	e.log.Info("listening", "addr", public.Addr().String())
	stopped := make(chan error, 2)
	servers := []*http.Server{newServer(serveAsked(e, eng)), newServer(handler)}
	for i, l := range []net.Listener{commands, public} {
		go func() { stopped <- servers[i].Serve(l) }()
	}
	schedule, err := eng.schedule(ctx, e)
	if err == nil {
		select {
		case <-ctx.Done():
			e.log.Info("stopping", "cause", context.Cause(ctx).Error())
		case err = <-stopped:
		}
		err = errors.Join(err, schedule.Shutdown())
	}
	err = errors.Join(err, shutdown(servers))
	e.log.Info("stopped")
	return err
}

// newServer is an HTTP server that no slow or greedy caller can hold up.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
}

// stopPatience is how long the work in hand may take when billbot is told to
// stop.
const stopPatience = 10 * time.Second

func shutdown(servers []*http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	var failures []error
	for _, s := range servers {
		failures = append(failures, s.Shutdown(ctx))
	}
	return errors.Join(failures...)
}
