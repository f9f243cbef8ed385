package slack

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/rules/report"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// Answers is what is known, for those who ask.
type Answers interface {
	// Answer answers a query that is not wrong, from what is stored. An
	// account, a service or a rule that is not known is no error.
	Answer(ctx context.Context, q Query) (report.Answer, error)
}

// Interactor acts on alerts: on their buttons and forms, and on the commands
// that do the same. It decides who may, and says what came of it.
// [Interactions] is one.
type Interactor interface {
	// Handle returns in time for Slack. What it returns is told in a form; of a
	// press it is nil. The error says that it knows no such button or form.
	Handle(ctx context.Context, pressed slack.InteractionCallback) (response any, err error)
	Why(ctx context.Context, who Person, alertID string) Message
	Acknowledge(ctx context.Context, who Person, alertID string) Message
	Snooze(ctx context.Context, who Person, alertID string, until func([]rules.Alert, time.Time) time.Time) Message
}

// CommandsConfig says how the slash command is answered.
type CommandsConfig struct {
	// Gate is that of all of Slack's requests. Without one every request over HTTP
	// is refused, and only a [Socket] brings commands.
	Gate *Gate
	// Team is the ID of the one workspace that is answered; "" means that of the
	// bot token, as App learns it, and whichever before that is known.
	Team       string
	App        *App       // whose payloads are answered; nil means one that sockets tell of
	Read       Access     // who may ask; without a list, everyone who can see the bot
	Answers    Answers    // required
	Interactor Interactor // nil means that alerts cannot be acted on
	// Event is called for what Slack tells of by itself, such as that somebody
	// opened App Home, and may take half a minute. Nil means that nobody minds.
	Event     func(context.Context, slackevents.EventsAPIEvent)
	APIURL    string            // as in [Config]: answers go to https only, unless this is loopback
	Transport http.RoundTripper // of late answers; nil means one of its own
	Log       *slog.Logger      // nil means no log
	Guard     Guard             // of answers; nil means one that logs alone
	// Answered hears how long each command waited for its answer; nil means
	// that nobody does.
	Answered func(time.Duration)
}

// Commands answers /spend, its buttons and events, whichever way they come: as
// handlers of signed HTTP requests, and behind a [Socket].
type Commands struct {
	config CommandsConfig
	seen   memory // commands, buttons and events, by their trigger, envelope or ID
	late   responder
	desks  chan struct{} // one for each answer that is being worked out
	events chan struct{} // one for each event that is being handled
	work   sync.WaitGroup
	base   context.Context // of the answers; it ends when they are to stop
	stop   context.CancelFunc
}

// NewCommands returns what answers commands. Without a source of answers it is
// an error.
func NewCommands(c CommandsConfig) (*Commands, error) {
	if c.Answers == nil {
		return nil, errors.New("no answers to give")
	}
	address, err := apiURL(c.APIURL)
	if err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.App == nil {
		c.App = &App{}
	}
	c.Guard = c.Guard.or(c.Log)
	base, stop := context.WithCancel(context.Background())
	return &Commands{
		config: c, late: newResponder(address, c.Transport),
		desks: make(chan struct{}, maxDesks), events: make(chan struct{}, eventsAtOnce), base: base, stop: stop,
	}, nil
}

// maxDesks is how many answers are worked out at once.
const maxDesks = 16

// Shutdown returns when every answer that was begun is given; those that are
// not when the context ends are given up. It is called when nothing new comes
// any more.
func (c *Commands) Shutdown(ctx context.Context) {
	await(ctx, &c.work)
	c.stop()
}

// await returns when work is done, or ctx ends.
func await(ctx context.Context, work *sync.WaitGroup) {
	done := make(chan struct{})
	go func() { work.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// begin works out an answer beside the caller, when its turn has come. The
// context ends with the time that an answer may take.
func (c *Commands) begin(do func(context.Context)) {
	c.work.Go(func() {
		ctx, cancel := context.WithTimeout(c.base, lateWithin)
		defer cancel()
		select {
		case c.desks <- struct{}{}:
			defer func() { <-c.desks }()
			c.config.Guard("sending of an answer", func() { do(ctx) })
		case <-ctx.Done():
			c.config.Log.Error("a command was not answered: too many came at once")
		}
	})
}

// timed works out the answer to a command, and tells how long it took from now.
func (c *Commands) timed(do func(context.Context)) func(context.Context) {
	came := time.Now()
	return func(ctx context.Context) {
		do(ctx)
		if c.config.Answered != nil {
			c.config.Answered(time.Since(came))
		}
	}
}

// lateWithin bounds how long an answer is worked on. Slack would take it for
// half an hour; nobody waits so long.
const lateWithin = time.Minute
