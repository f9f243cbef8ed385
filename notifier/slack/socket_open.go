package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/websocket"
)

// How long things may take on a socket.
const (
	handshakeWithin = 10 * time.Second
	helloWithin     = 10 * time.Second
)

// maxFrame bounds what Slack may send at once.
const maxFrame = 1 << 20

// open asks Slack for the address of a socket, connects to it and waits for
// its greeting. Errors hold neither the token nor the address, which has a
// ticket in it.
func (s *Socket) open(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*handshakeWithin)
	defer cancel()
	_, address, err := s.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, s.config.AppToken.ScrubError(refusedSocket(err))
	}
	if err := s.admits(address); err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: handshakeWithin, NetDialContext: s.config.Dial,
	}
	conn, reply, err := dialer.DialContext(ctx, address, nil)
	if reply != nil && reply.Body != nil {
		reply.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("connecting to Slack's socket: %w", unaddressed(err))
	}
	conn.SetReadLimit(maxFrame)
	hello, err := greeted(ctx, conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	s.config.Commands.config.App.Learn(hello.Info.App)
	return conn, nil
}

// greeted waits until Slack says hello: only from then on does it send.
func greeted(ctx context.Context, conn *websocket.Conn) (envelope, error) {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := conn.SetReadDeadline(time.Now().Add(helloWithin)); err != nil {
		return envelope{}, fmt.Errorf("waiting for Slack's hello: %w", err)
	}
	_, data, err := conn.ReadMessage()
	if err != nil {
		return envelope{}, fmt.Errorf("waiting for Slack's hello: %w", unaddressed(err))
	}
	e, err := readEnvelope(data)
	if err != nil {
		return envelope{}, err
	}
	if e.Type == typeDisconnect {
		return envelope{}, cmp.Or(refusedBy(e.Reason), fmt.Errorf("waiting for Slack's hello: told to disconnect, %.40q", e.Reason))
	}
	if e.Type != typeHello {
		return envelope{}, fmt.Errorf("waiting for Slack's hello: got %.40q", e.Type)
	}
	return e, nil
}

// admits refuses an address that would carry commands in the clear.
func (s *Socket) admits(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return errors.New("connecting to Slack's socket: Slack gave no usable address")
	}
	api, err := url.Parse(s.config.APIURL)
	local := err == nil && api.Scheme == "http" // which apiURL allows for loopback alone
	if u.Scheme == "wss" || local && u.Scheme == "ws" && isLoopback(u.Hostname()) {
		return nil
	}
	return errors.New("connecting to Slack's socket: Slack gave an address that is not wss")
}

// refusedSocket makes an error of apps.connections.open readable, and tells
// those apart that pass from those that do not.
func refusedSocket(err error) error {
	if err := refusedBy(slackCode(err)); err != nil {
		return err
	}
	return fmt.Errorf("asking Slack for a socket: %w", unaddressed(err))
}

// refusedBy says what to do about a code or a reason of Slack's; nil if it is
// not one that lasts.
func refusedBy(code string) error {
	switch code {
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "app_not_installed":
		return needsPerson{code, "make a new app-level token and set SLACK_APP_TOKEN"}
	case "not_allowed_token_type":
		return needsPerson{code, "SLACK_APP_TOKEN wants the app-level token (xapp-)"}
	case "missing_scope", "no_permission":
		return needsPerson{code, "give the app-level token the scope connections:write"}
	case "link_disabled", "socket_mode_disabled", "forbidden_team":
		return needsPerson{code, "turn Socket Mode on in the app's settings"}
	}
	return nil
}

// unaddressed is an error without the address it happened at.
func unaddressed(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
