package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/slack-go/slack"
)

// SocketConfig says how Slack's Socket Mode is reached.
type SocketConfig struct {
	AppToken  secret.Value      // required: the app-level token, xapp-…
	APIURL    string            // as in [Config]
	Transport http.RoundTripper // as in [Config]; it carries the request for a socket's address
	Commands  *Commands         // required: answers what comes
	Log       *slog.Logger      // nil means no log
	// Dial opens the connections of sockets; nil means the network, with the
	// environment's proxy.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Socket takes commands and buttons from Slack over WebSockets, so that billbot
// needs no address that Slack can reach. It keeps two connections up, because
// Slack closes each of them now and then.
//
// It is a client of its own rather than slack-go's, which closes a connection
// that Slack asks to replace before it has another and loses what comes in
// between, queues acknowledgements without saying whether they were written,
// and asks for ever with a token that can never do.
type Socket struct {
	config SocketConfig
	api    *slack.Client
	state  lineStates
}

// connections is how many sockets are kept. Slack allows ten.
const connections = 2

// NewSocket returns a socket that is not connected yet. It is an error when
// the token is missing or not an app's.
func NewSocket(c SocketConfig) (*Socket, error) {
	switch {
	case c.AppToken.IsZero():
		return nil, errors.New("no Slack app token: set SLACK_APP_TOKEN")
	case strings.HasPrefix(c.AppToken.Reveal(), "xoxb-"):
		return nil, errors.New("that is a bot token (xoxb-): SLACK_APP_TOKEN wants the app-level token (xapp-)")
	case !strings.HasPrefix(c.AppToken.Reveal(), "xapp-"):
		return nil, errors.New("SLACK_APP_TOKEN is no app-level token: those begin with xapp-")
	case c.Commands == nil:
		return nil, errors.New("nothing answers what comes over the socket")
	}
	address, err := apiURL(c.APIURL)
	if err != nil {
		return nil, err
	}
	c.APIURL = address
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	client := &http.Client{
		Transport: newTransport(c.Transport, c.AppToken), Timeout: DefaultTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	api := slack.New("", slack.OptionAppLevelToken(c.AppToken.Reveal()), slack.OptionAPIURL(address), slack.OptionHTTPClient(client))
	return &Socket{config: c, api: api}, nil
}

// Run keeps the connections up until the context ends, and returns when they
// are closed. Answers that were begun are still given: see [Commands.Shutdown].
func (s *Socket) Run(ctx context.Context) {
	s.state.start(time.Now())
	var keepers sync.WaitGroup
	for range connections {
		keepers.Go(func() {
			for !s.guard(func() { s.keep(ctx) }) && sleep(ctx, steady) {
			}
		})
	}
	keepers.Wait()
}

// keep keeps one connection up. One that Slack asks to replace is read until
// it ends, beside the next.
func (s *Socket) keep(ctx context.Context) {
	var open sync.WaitGroup
	defer open.Wait()
	pause := pauses{}
	for ctx.Err() == nil {
		conn, err := s.open(ctx)
		if err != nil {
			wait := pause.after(err)
			s.failed(ctx, err, wait)
			sleep(ctx, wait)
			continue
		}
		began, leaving := time.Now(), make(chan struct{})
		open.Go(func() { s.guard(func() { s.serve(ctx, conn, leaving) }) })
		<-leaving
		if time.Since(began) >= steady {
			pause = pauses{}
		} else {
			sleep(ctx, pause.next())
		}
	}
}

// guard keeps a panic on a connection from ending more than that connection.
func (s *Socket) guard(do func()) bool { return s.config.Commands.config.Guard("socket", do) }

func (s *Socket) failed(ctx context.Context, err error, wait time.Duration) {
	if ctx.Err() != nil {
		return
	}
	s.state.failed(err)
	s.config.Log.Warn("could not connect to Slack for /spend", "error", err, "again in", wait.Round(time.Second))
}

// Health returns an error while no connection is up and none has been for a
// while: nobody's command would arrive.
func (s *Socket) Health() error { return s.state.health(time.Now()) }

// Connected reports whether a connection is up. A socket that is neither
// connected nor unhealthy is about to be one of both.
func (s *Socket) Connected() bool { return s.state.connected() }

// steady is how long a connection lasts that is no sign of trouble.
const steady = time.Minute

// pauses grow from one to the next, so that a Slack in trouble is not pressed.
type pauses struct{ last time.Duration }

const (
	firstPause   = 500 * time.Millisecond
	longestPause = 5 * time.Minute
)

// next is the pause before another try, with some chance in it, so that the
// connections of many billbots do not come back together.
func (p *pauses) next() time.Duration {
	p.last = min(max(firstPause, 2*p.last), longestPause)
	return p.last/2 + rand.N(p.last/2)
}

// after is the pause after a failure: what Slack asks for, or the longest
// where only a person can help.
func (p *pauses) after(err error) time.Duration {
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return max(limited.RetryAfter, p.next())
	}
	if _, ok := errors.AsType[needsPerson](err); ok {
		return longestPause
	}
	return p.next()
}

// needsPerson is a failure that lasts until somebody does something about it.
type needsPerson struct{ code, todo string }

func (n needsPerson) Error() string { return fmt.Sprintf("Slack says %s: %s", n.code, n.todo) }
