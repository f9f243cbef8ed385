package slack

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Slack takes about one message a second in a channel, and some hundreds a
// minute in a workspace: a backlog of many channels is spread over a minute.
const (
	perMessage = time.Second
	inAll      = 5 // a second
	inAllBurst = 10
)

// pace spaces the messages of each Slack channel, and of all together. The zero
// pace is ready.
type pace struct {
	mu       sync.Mutex
	all      *rate.Limiter
	limiters map[string]*rate.Limiter
}

// wait returns when it is the message's turn, or with an error when the
// context ends, or would end, before that.
func (p *pace) wait(ctx context.Context, to address) error {
	for _, limiter := range []*rate.Limiter{p.limiter(to.channel), p.together()} {
		if err := limiter.Wait(ctx); err != nil {
			return fmt.Errorf("waiting for a turn in %s: %w", channelName(to), err)
		}
	}
	return nil
}

func (p *pace) together() *rate.Limiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil {
		p.all = rate.NewLimiter(inAll, inAllBurst)
	}
	return p.all
}

func (p *pace) limiter(channel string) *rate.Limiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limiters == nil {
		p.limiters = map[string]*rate.Limiter{}
	}
	if p.limiters[channel] == nil {
		p.forget()
		p.limiters[channel] = rate.NewLimiter(rate.Every(perMessage), 1)
	}
	return p.limiters[channel]
}

// maxPaced is how many channels, and people who opened App Home, are kept before
// those are forgotten that were left alone for a second: one that is made anew
// knows as much.
const maxPaced = 1000

func (p *pace) forget() {
	if len(p.limiters) >= maxPaced {
		maps.DeleteFunc(p.limiters, func(_ string, l *rate.Limiter) bool { return l.Tokens() >= 1 })
	}
}

// same learns that a channel's name and ID are one channel: posts name it as
// the rules file does, edits by the ID that Slack gave.
func (p *pace) same(to address, id string) {
	if to.channel == id {
		return
	}
	limiter := p.limiter(to.channel)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limiters[id] = limiter
}
