package main

import (
	"context"
	"fmt"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/google/uuid"
)

// How often the schedule looks for what is due.
const (
	summaryTick  = time.Minute
	deliveryTick = 2 * time.Second
	actionTick   = time.Minute
	historyTick  = time.Minute
	pruneTick    = 24 * time.Hour
	deskTick     = time.Minute
	slackTick    = 30 * time.Second
	diskTick     = 30 * time.Second
)

// pollJob is the one job whose rhythm the rules file sets.
const pollJob = "poll"

// schedule starts one job for each thing that recurs, whatever the number of
// accounts. Jobs never overlap themselves, and one that panics is counted and
// runs again at its next time. gocron stays here: the line takes the moment.
func (eng *engine) schedule(ctx context.Context, e env) (gocron.Scheduler, error) {
	s, err := gocron.NewScheduler(
		gocron.WithLocation(time.UTC), gocron.WithStopTimeout(stopPatience),
		gocron.WithGlobalJobOptions(
			gocron.WithSingletonMode(gocron.LimitModeReschedule),
			gocron.WithEventListeners(gocron.AfterJobRunsWithPanic(func(_ uuid.UUID, job string, cause any) {
				eng.panics.add(e.log, job, cause)
			})),
		))
	if err != nil {
		return nil, fmt.Errorf("making the schedule: %w", err)
	}
	started := time.Now()
	now := func() time.Time { return e.now().Add(e.elapsed(started)) }
	jobs := []struct {
		name  string
		every time.Duration
		do    func(*engine, context.Context, time.Time) error
	}{
		{pollJob, eng.rules.Poll, (*engine).sweep},
		{"summary", summaryTick, (*engine).summarizeIfSwept},
		{"deliver", deliveryTick, (*engine).deliverGroups},
		{"webhooks", deliveryTick, (*engine).deliverSignals},
		{"actions", actionTick, (*engine).lapse},
		{"history", historyTick, (*engine).backfillIfSwept},
		{"prune", pruneTick, (*engine).prune},
		{"desk", deskTick, (*engine).layOut},
		{"disk", diskTick, (*engine).watchDisk},
		{"slack", slackTick, func(eng *engine, ctx context.Context, now time.Time) error { return eng.watchSlack(ctx, e, now) }},
	}
	for _, job := range jobs {
		eng.metrics.Job(job.name)
		task := gocron.NewTask(func() {
			eng.turned.Store(time.Now().Unix())
			err := job.do(eng.newest(), ctx, now())
			eng.unwritten.ended(job.name, err)
			if err != nil && ctx.Err() == nil {
				e.log.Error(job.name, "err", err)
				eng.metrics.Failed(job.name)
			}
			eng.panics.ended(job.name)
		})
		at := []gocron.JobOption{gocron.WithName(job.name), gocron.WithStartAt(gocron.WithStartImmediately())}
		made, err := s.NewJob(gocron.DurationJob(job.every), task, at...)
		if err != nil {
			return nil, fmt.Errorf("scheduling %s: %w", job.name, err)
		}
		if job.name == pollJob {
			eng.repoll = func(every time.Duration) error {
				_, err := s.Update(made.ID(), gocron.DurationJob(every), task, at...)
				return wrap("scheduling polls anew", err)
			}
		}
	}
	s.Start()
	return s, nil
}

// elapsed is the time since a start, for a clock that --now has set; the real
// clock needs none added.
func (e env) elapsed(since time.Time) time.Duration {
	if e.fixed.IsZero() {
		return 0
	}
	return time.Since(since)
}
