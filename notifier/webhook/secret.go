package webhook

import (
	"errors"
	"fmt"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/billbot/billbot/fetcher/secret"
)

// leastKey is how many bytes a key has at least, and mostKeys how many there may
// be at once.
const (
	leastKey = 24
	mostKeys = 10
)

// signer signs with each of its keys. While a secret is changed there are two:
// the other side takes what either of them signed.
type signer []*standardwebhooks.Webhook

// newSigner reads secrets, separated by white space or commas: whsec_ and at
// least 24 bytes in base64. The error does not repeat them.
func newSigner(secrets secret.Value) (signer, error) {
	var s signer
	for i, text := range strings.FieldsFunc(secrets.Reveal(), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
		key, prefixed := strings.CutPrefix(text, "whsec_")
		made, err := standardwebhooks.NewWebhook(key)
		if err != nil || !prefixed || len(strings.TrimRight(key, "="))*3/4 < leastKey {
			return nil, fmt.Errorf("secret %d is not whsec_ and %d bytes or more in base64: openssl rand -base64 32 makes them", i+1, leastKey)
		}
		s = append(s, made)
	}
	switch {
	case len(s) == 0:
		return nil, errors.New("there is no secret")
	case len(s) > mostKeys:
		return nil, fmt.Errorf("there are %d secrets, more than %d", len(s), mostKeys)
	}
	return s, nil
}

// sign is the signatures of a body, one for each key.
func (s signer) sign(id string, at time.Time, body []byte) (string, error) {
	signed := make([]string, len(s))
	for i, key := range s {
		var err error
		if signed[i], err = key.Sign(id, at, body); err != nil {
			return "", fmt.Errorf("signing an event: %w", err)
		}
	}
	return strings.Join(signed, " "), nil
}
