package slack

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/slack-go/slack"
)

const (
	signatureHeader = "X-Slack-Signature"
	timestampHeader = "X-Slack-Request-Timestamp"
)

// Gate lets requests pass that Slack signed, each of them once. One gate serves
// all addresses of a billbot, so that what was sent to one of them is known at
// the others: the signature does not cover the address. Make one with [NewGate].
type Gate struct {
	secrets []secret.Value // one, or two while they are exchanged
	since   int64          // in Unix seconds; what was signed before is not remembered, and may have passed
	seen    memory
}

// NewGate returns a gate that opens now for Slack's signing secret of the app,
// and while that is exchanged for the one before it. Without any nothing passes,
// and nothing passes a nil Gate.
func NewGate(signing ...secret.Value) *Gate {
	given := slices.DeleteFunc(slices.Clone(signing), secret.Value.IsZero)
	return &Gate{secrets: given, since: time.Now().Unix()}
}

// opens reports whether anything can pass.
func (g *Gate) opens() bool { return g != nil && len(g.secrets) > 0 }

// check returns an error unless Slack signed the body just now and it is new.
func (g *Gate) check(h http.Header, body []byte) error {
	if !g.opens() {
		return errors.New("no signing secret to check it with")
	}
	if len(h.Values(signatureHeader)) != 1 || len(h.Values(timestampHeader)) != 1 {
		return errors.New("not exactly one signature and timestamp")
	}
	var failed error
	for _, signing := range g.secrets {
		if failed = signed(h, body, signing); failed == nil {
			break
		}
	}
	if failed != nil {
		return failed
	}
	if at, err := strconv.ParseInt(h.Get(timestampHeader), 10, 64); err != nil || at < g.since {
		return errors.New("it was signed before billbot started, and may have been answered then")
	}
	// Hex is the same in capitals. Only good signatures are remembered; no
	// stranger can fill the memory.
	if !g.seen.first(h.Get(timestampHeader)+strings.ToLower(h.Get(signatureHeader)), time.Now()) {
		return errors.New("the request was sent before, or more came than can be remembered")
	}
	return nil
}

// signed returns an error unless Slack signed the body just now with a secret.
func signed(h http.Header, body []byte, signing secret.Value) error {
	verifier, err := slack.NewSecretsVerifier(h, signing.Reveal())
	if errors.Is(err, slack.ErrExpiredTimestamp) {
		return fmt.Errorf("reading the signature: %w by this machine's clock%s: see that it is right", err, apart(h.Get(timestampHeader)))
	}
	if err != nil {
		return fmt.Errorf("reading the signature: %w", err)
	}
	if _, err := verifier.Write(body); err != nil {
		return fmt.Errorf("checking the signature: %w", err)
	}
	if err := verifier.Ensure(); err != nil {
		return fmt.Errorf("checking the signature: %w", err)
	}
	return nil
}

// apart says how far a timestamp is from this machine's clock.
func apart(timestamp string) string {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return ""
	}
	return fmt.Sprintf(", %s apart", time.Since(time.Unix(seconds, 0)).Round(time.Second).Abs())
}

// admit returns the body of a request that Slack signed, of limit bytes at most
// and of content types that contentTypes has no error for, or the status to
// refuse it with.
func (g *Gate) admit(w http.ResponseWriter, r *http.Request, limit int64, contentTypes func([]string) error) ([]byte, int, error) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, http.StatusMethodNotAllowed, errors.New("not a POST")
	}
	// The signature covers the body alone.
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		return nil, http.StatusUnauthorized, errors.New("a query string, which nothing signs")
	}
	if err := contentTypes(r.Header.Values("Content-Type")); err != nil {
		return nil, http.StatusUnauthorized, err
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

func checkForm(contentTypes []string) error {
	if !isForm(contentTypes) {
		return errors.New("not a form")
	}
	return nil
}

func isForm(contentTypes []string) bool {
	if len(contentTypes) != 1 {
		return false
	}
	kind, params, err := mime.ParseMediaType(contentTypes[0])
	return err == nil && kind == "application/x-www-form-urlencoded" && isUTF8(params)
}

// isUTF8 reports whether a content type has no other character set.
func isUTF8(params map[string]string) bool {
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}
