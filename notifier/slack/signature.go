package slack

import (
	"errors"
	"fmt"
	"io"
	"mime"
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

// Gate lets requests pass that Slack signed, each of them once. One gate serves
// all addresses of a billbot: what was sent to one of them is known at the
// others. Make one with [NewGate].
type Gate struct {
	secret secret.Value

	mu    sync.Mutex
	seen  map[string]struct{}
	order []passed // oldest first
}

// NewGate returns a gate for the signing secret of an app. Without one it is an
// error.
func NewGate(signing secret.Value) (*Gate, error) {
	if signing.IsZero() {
		return nil, errors.New("no Slack signing secret: set SLACK_SIGNING_SECRET")
	}
	return &Gate{secret: signing}, nil
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
func (g *Gate) check(h http.Header, body []byte) error {
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
func (g *Gate) once(signature string, now time.Time) error {
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

// admit returns the body of a form that Slack signed, of limit bytes at most,
// or the status to refuse it with.
func (g *Gate) admit(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, int, error) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, http.StatusMethodNotAllowed, errors.New("not a POST")
	}
	// The signature covers the body alone.
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		return nil, http.StatusUnauthorized, errors.New("a query string, which nothing signs")
	}
	if !isForm(r.Header.Values("Content-Type")) {
		return nil, http.StatusUnauthorized, errors.New("not a form")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, http.StatusRequestEntityTooLarge, err
	}
	if err != nil {
		return nil, http.StatusUnauthorized, err
	}
	return body, http.StatusUnauthorized, g.check(r.Header, body)
}

func isForm(contentTypes []string) bool {
	if len(contentTypes) != 1 {
		return false
	}
	kind, params, err := mime.ParseMediaType(contentTypes[0])
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return false
	}
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}
