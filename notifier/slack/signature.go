package slack

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

const (
	signatureHeader = "X-Slack-Signature"
	timestampHeader = "X-Slack-Request-Timestamp"
)

// gate lets requests pass that Slack signed, each of them once. Only requests
// with a good signature are remembered; no stranger can fill the memory.
type gate struct {
	secret string
	seen   memory
}

// check returns an error unless Slack signed the body just now and it is new.
func (g *gate) check(h http.Header, body []byte) error {
	if len(h.Values(signatureHeader)) != 1 || len(h.Values(timestampHeader)) != 1 {
		return errors.New("not exactly one signature and timestamp")
	}
	verifier, err := slack.NewSecretsVerifier(h, g.secret)
	if err != nil {
		return fmt.Errorf("reading the signature: %w", err)
	}
	if _, err := verifier.Write(body); err != nil {
		return fmt.Errorf("checking the signature: %w", err)
	}
	if err := verifier.Ensure(); err != nil {
		return fmt.Errorf("checking the signature: %w", err)
	}
	// Hex is the same in capitals.
	if !g.seen.first(h.Get(timestampHeader)+strings.ToLower(h.Get(signatureHeader)), time.Now()) {
		return errors.New("the request was sent before")
	}
	return nil
}
