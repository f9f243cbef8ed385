package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
)

// heartbeat tells a dead-man's switch that billbot reads the bill: whoever
// watches the switch hears of it when billbot cannot say so any more. The zero
// heartbeat tells nobody.
type heartbeat struct {
	url    secret.Value // whoever knows it can feign the beat
	client *http.Client
	log    *slog.Logger
	failed atomic.Bool // the last one; logged once
}

// heartbeatTimeout is the deadline of one beat.
const heartbeatTimeout = 10 * time.Second

// newHeartbeat takes the address from HEARTBEAT_URL, or from a file.
func (e env) newHeartbeat() (*heartbeat, error) {
	address, err := e.secret("HEARTBEAT_URL")
	if err != nil || address.IsZero() {
		return &heartbeat{}, err
	}
	transport, err := e.outside("HEARTBEAT_URL", address)
	if err != nil {
		return nil, err
	}
	return &heartbeat{url: address, log: e.log, client: &http.Client{
		Transport: transport, Timeout: heartbeatTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// beat tells the switch. That it could not is logged once, until it can again:
// whoever watches the switch hears of it anyway.
func (h *heartbeat) beat(ctx context.Context) {
	if h.url.IsZero() {
		return
	}
	err := h.ask(ctx)
	switch was := h.failed.Swap(err != nil); {
	case err != nil && !was:
		h.log.Warn("heartbeat failed; it is tried after each poll", "err", err)
	case err == nil && was:
		h.log.Info("heartbeat works again")
	}
}

// ask makes one request. What comes back beside the status is nobody's concern,
// and a redirect is none of the switch's business.
func (h *heartbeat) ask(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url.Reveal(), nil)
	if err != nil {
		return errors.New("HEARTBEAT_URL is not a URL")
	}
	answer, err := h.client.Do(r)
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // without the address
	}
	if err != nil {
		return h.url.ScrubError(err)
	}
	answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("HTTP status %d", answer.StatusCode)
	}
	return nil
}
