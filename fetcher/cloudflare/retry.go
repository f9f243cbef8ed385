package cloudflare

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	// maxWait is the longest wait between two tries. Whoever asks for more is
	// asked again at a later poll, not within this one.
	maxWait = 30 * time.Second
	// backoffBase is the most the first wait can be; every further one can be
	// twice as long.
	backoffBase = time.Second
	// leastAsked keeps "Retry-After: 0" from becoming a hammer.
	leastAsked = time.Second
	// mostAsked keeps a Retry-After of any length within a time.Duration.
	mostAsked = 365 * 24 * time.Hour
)

// wait is how long to wait after the given try, counted from 1: as long as was
// asked for, else a random time, so that many clients do not come back at once.
func (e *Error) wait(try int) time.Duration {
	return max(e.RetryAfter, rand.N(backoffBase<<(try-1)))
}

// fits reports whether a wait is short enough for this call. One that would
// outlast the context's deadline is not: waiting would only replace the reason
// for the failure with "deadline exceeded".
func fits(ctx context.Context, wait time.Duration) bool {
	deadline, limited := ctx.Deadline()
	return wait <= maxWait && (!limited || time.Until(deadline) > wait)
}

func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// retryAfter reads the wait an answer asks for, 0 when it asks for none.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds >= 0 {
		return asked(time.Duration(min(seconds, mostAsked.Seconds()) * float64(time.Second)))
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return asked(at.Sub(answeredAt(header)))
}

func asked(wait time.Duration) time.Duration { return min(max(wait, leastAsked), mostAsked) }

// answeredAt is the server's clock, which its dates go by, else ours.
func answeredAt(header http.Header) time.Time {
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		return at
	}
	return time.Now()
}
