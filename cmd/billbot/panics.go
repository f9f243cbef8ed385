package main

import (
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
)

// panics counts the jobs that panicked, and the answers to Slack. What did goes
// on at its next time; /healthz tells of it until it has ended well again. The zero value is
// ready.
type panics struct {
	mu     sync.Mutex
	count  map[string]int  // since billbot started, by job
	broken map[string]bool // panicked, and not ended well since
}

func (p *panics) add(log *slog.Logger, job string, cause any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count == nil {
		p.count, p.broken = map[string]int{}, map[string]bool{}
	}
	p.count[job]++
	p.broken[job] = true
	log.Error("job panicked, it goes on at its next time", "job", job, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
}

// guard does what is none of the schedule's jobs, and counts it where it
// panics. It reports whether it did not.
func (eng *engine) guard(what string, do func()) (well bool) {
	defer func() {
		if cause := recover(); cause != nil {
			eng.panics.add(eng.log, what, cause)
		}
	}()
	do()
	eng.panics.ended(what)
	return true
}

// ended is a job's turn that did not panic.
func (p *panics) ended(job string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.broken, job)
}

// told is what /healthz says: how often each job panicked, and which of them
// are broken still.
func (p *panics) told() (count map[string]int, broken []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.count), slices.Sorted(maps.Keys(p.broken))
}
