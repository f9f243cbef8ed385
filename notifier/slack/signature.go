package slack

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/billbot/billbot/secret"
	"github.com/slack-go/slack"
)

const (
	signatureHeader = "X-Slack-Signature"
	timestampHeader = "X-Slack-Request-Timestamp"
)

// gate lets requests pass that Slack signed, each of them once.
type gate struct {
	secret secret.Value

	mu    sync.Mutex
	seen  map[string]struct{}
	order []passed // oldest first
}

type passed struct {
	signature string
	at        time.Time
}

// A signature is good for five minutes to both sides of its timestamp, so it
// is remembered for ten. Only requests with a good signature are remembered;
// no stranger can fill the memory.
const (
	rememberFor = 10 * time.Minute
	rememberAll = 10_000
)

// check returns an error unless Slack signed the body just now and it is new.
func (g *gate) check(h http.Header, body []byte) error {
	if len(h.Values(signatureHeader)) != 1 || len(h.Values(timestampHeader)) != 1 {
		return errors.New("not exactly one signature and timestamp")
	}
	verifier, err := slack.NewSecretsVerifier(h, g.secret.Reveal())
	if err != nil {
		return fmt.Errorf("reading the signature: %w", err)
	}
	if _, err := verifier.Write(body); err != nil {
		return fmt.Errorf("checking the signature: %w", err)
	}
	if err := verifier.Ensure(); err != nil {
		return fmt.Errorf("checking the signature: %w", err)
	}
	return g.once(h.Get(timestampHeader)+strings.ToLower(h.Get(signatureHeader)), time.Now()) // hex is the same in capitals
}

// once refuses a signature it has let pass within the last ten minutes.
func (g *gate) once(signature string, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	old := 0
	for old < len(g.order) && (now.Sub(g.order[old].at) > rememberFor || len(g.order)-old >= rememberAll) {
		delete(g.seen, g.order[old].signature)
		old++
	}
	g.order = g.order[old:]
	if _, again := g.seen[signature]; again {
		return errors.New("the request was sent before")
	}
	if g.seen == nil {
		g.seen = map[string]struct{}{}
	}
	g.seen[signature] = struct{}{}
	g.order = append(g.order, passed{signature, now})
	return nil
}
