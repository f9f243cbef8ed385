package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-co-op/gocron/v2"

	"github.com/billbot/billbot/notifier"
)

// How long the work in hand may take once billbot is told to stop: service
// managers and container runtimes kill after ten seconds. All of it shares one
// budget; what sends, and what polls, is ended early enough to keep how far it
// came.
const (
	stopPatience = 8 * time.Second
	sendPatience = 5 * time.Second
	workPatience = 6 * time.Second
)

// mortal is a channel whose sends end once over does: their messages may be
// there then, which is looked for after the next start.
type mortal struct {
	notifier.Channel
	over context.Context
}

func (m mortal) Send(ctx context.Context, item notifier.Item, receipt *notifier.Receipt) notifier.Outcome {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(m.over, cancel)()
	return m.Channel.Send(ctx, item, receipt)
}

func (m mortal) Find(ctx context.Context, item notifier.Item, near notifier.Receipt) notifier.Outcome {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(m.over, cancel)()
	return m.Channel.Find(ctx, item, near)
}

// endWith ends what is being sent some seconds after ctx does. What it returns
// takes that back.
func (eng *engine) endWith(ctx context.Context) (release func() bool) {
	return context.AfterFunc(ctx, func() { time.AfterFunc(sendPatience, eng.cut) })
}

// stopAll ends a daemon's work side by side, and what people asked for last,
// once no server takes more. What does not end in time is left: what is kept is
// whole at any moment.
func stopAll(log *slog.Logger, schedule gocron.Scheduler, servers []*http.Server, shut func(context.Context)) {
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	ended := make(chan error, 2)
	go func() { ended <- schedule.Shutdown() }()
	go func() {
		err := shutdown(ctx, servers)
		shut(ctx)
		ended <- err
	}()
	for range cap(ended) {
		select {
		case err := <-ended:
			if err != nil {
				log.Warn("not all work ended in time", "err", err)
			}
		case <-ctx.Done():
			log.Warn("not all work ended in time", "after", stopPatience)
			return
		}
	}
}

func shutdown(ctx context.Context, servers []*http.Server) error {
	failures := make(chan error, len(servers))
	for _, s := range servers {
		go func() { failures <- s.Shutdown(ctx) }()
	}
	var failed error
	for range servers {
		if err := <-failures; err != nil {
			failed = err
		}
	}
	return failed
}
