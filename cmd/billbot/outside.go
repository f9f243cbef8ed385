package main

import (
	"fmt"
	"net/http"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier/outbound"
)

// outside is the way to an address that a setting names. It leads to the public
// Internet by https, and where OUTBOUND_ALLOW says so to a private network. The
// error does not repeat the address.
func (e env) outside(setting string, address secret.Value) (http.RoundTripper, error) {
	allow, err := outbound.ParseAllow(e.getenv("OUTBOUND_ALLOW"))
	if err != nil {
		return nil, usageError{fmt.Errorf("OUTBOUND_ALLOW: %w", err)}
	}
	config := outbound.Config{Allow: allow}
	if err := config.CheckURL(address.Reveal()); err != nil {
		return nil, usageError{fmt.Errorf("%s: %w (a private network has to be named in OUTBOUND_ALLOW)", setting, err)}
	}
	if e.transport != nil {
		return e.transport, nil
	}
	return outbound.Transport(config), nil
}
