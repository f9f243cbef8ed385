package main

import (
	"context"
	"net/http"
	"sync"

	"github.com/billbot/billbot/cmd/billbot/metrics"
	"github.com/billbot/billbot/notifier/slack"
)

// front is what people reach in Slack: /spend, buttons and App Home, over HTTP,
// over sockets, over both or not at all.
type front struct {
	commands     *slack.Commands     // nil: off
	interactions *slack.Interactions // nil: off
	signed       bool                // Slack's requests over HTTP can be told from others'
	socket       *slack.Socket       // nil: none
}

// newFront makes what the environment has secrets for.
func (e env) newFront(eng *engine) (front, error) {
	signing, err := e.secret("SLACK_SIGNING_SECRET")
	if err != nil {
		return front{}, err
	}
	before, err := e.secret("SLACK_SIGNING_SECRET_OLD")
	if err != nil {
		return front{}, err
	}
	token, err := e.secret("SLACK_APP_TOKEN")
	if err != nil {
		return front{}, err
	}
	if signing.IsZero() && token.IsZero() {
		e.log.Info("no SLACK_APP_TOKEN and no SLACK_SIGNING_SECRET: /spend and buttons are off")
		return front{}, nil
	}
	var gate *slack.Gate
	if !signing.IsZero() {
		gate = slack.NewGate(signing, before)
	}
	commands, err := e.newCommands(eng, gate)
	if err != nil {
		return front{}, usageError{err}
	}
	f := front{commands: commands, interactions: eng.interactions, signed: gate != nil}
	if !token.IsZero() {
		f.socket, err = slack.NewSocket(slack.SocketConfig{
			AppToken: token, APIURL: e.getenv("SLACK_API_URL"), Transport: e.transport, Commands: commands, Log: e.log,
		})
	}
	if err != nil {
		return front{}, usageError{err}
	}
	eng.socket = f.socket
	return f, nil
}

// newCommands makes what answers /spend and shows App Home, and what acts on
// alerts for them and for their messages' buttons.
func (e env) newCommands(eng *engine, gate *slack.Gate) (*slack.Commands, error) {
	client, groups := eng.slackClient()
	read := eng.mayRead(groups)
	home, err := e.newHome(eng, groups)
	if err != nil {
		return nil, err
	}
	eng.interactions, err = slack.NewInteractions(slack.InteractionsConfig{
		Actions: eng, Client: client, Home: home, Now: e.now, Log: e.log, Guard: eng.guard,
		Change: eng.mayChange(groups), Read: read,
	})
	if err != nil {
		return nil, err
	}
	config := slack.CommandsConfig{
		Gate: gate, Team: e.getenv("SLACK_TEAM_ID"), App: &eng.app, Read: read, Answers: answers{e, eng}, Interactor: eng.interactions,
		APIURL: e.getenv("SLACK_API_URL"), Transport: e.transport, Log: e.log, Guard: eng.guard, Answered: eng.metrics.Answered,
	}
	if home != nil {
		config.Event = home.Handle
	}
	return slack.NewCommands(config)
}

// mayRead is who may ask, as the rules in force list them.
func (eng *engine) mayRead(groups *slack.Groups) slack.Access {
	return slack.Access{Groups: groups, Current: func() []string { return eng.newest().rules.Slack.Access.Read }}
}

// mayChange is who may act on alerts, as the rules in force list them.
func (eng *engine) mayChange(groups *slack.Groups) slack.Access {
	return slack.Access{Groups: groups, Current: func() []string { return eng.newest().rules.Slack.Access.Change }}
}

// open connects the sockets. What it returns closes them, and waits for the
// answers that were begun, and for what goes on behind them, until its context
// ends.
func (f front) open(ctx context.Context) (shut func(context.Context)) {
	if f.commands == nil {
		return func(context.Context) {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var sockets sync.WaitGroup
	if f.socket != nil {
		sockets.Go(func() { f.socket.Run(ctx) })
	}
	return func(patience context.Context) {
		cancel()
		sockets.Wait()
		f.commands.Shutdown(patience)
		f.interactions.Shutdown(patience)
	}
}

// trouble says why commands do not come, "" if they do.
func (f front) trouble() string {
	if f.socket == nil {
		return ""
	}
	if err := f.socket.Health(); err != nil {
		return err.Error()
	}
	return ""
}

// handler serves health and metrics, and Slack's requests where a signing secret
// is set. Nothing else is served.
func (e env) handler(eng *engine, f front) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", eng.serveLive)
	mux.HandleFunc("GET /readyz", eng.serveReady)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { eng.serveHealth(w, r, e.now(), f.trouble()) })
	mux.Handle("GET /metrics", eng.metrics.Handler(func(ctx context.Context) metrics.State { return eng.state(ctx, e) }, e.log))
	if f.signed {
		mux.Handle("/slack/commands", f.commands)
		mux.HandleFunc("/slack/interactions", f.commands.ServeInteraction)
		mux.HandleFunc("/slack/events", f.commands.ServeEvent)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !eng.guard("request", func() { mux.ServeHTTP(w, r) }) {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
}

// slackClient is the client that messages go through, and the user groups it
// sees; nil where messages go elsewhere.
func (eng *engine) slackClient() (*slack.Client, *slack.Groups) {
	client, is := eng.channel.(*slack.Client)
	if !is {
		return nil, nil
	}
	return client, slack.NewGroups(client)
}
