package slackfake

import (
	"cmp"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// Who is who in the workspace, where a Server's fields do not say otherwise.
const (
	BotToken      = "xoxb-slackfake"
	AppToken      = "xapp-1-slackfake"
	SigningSecret = "slackfake-signing-secret"

	Team = "T0SLACKFAKE"
	App  = "A0SLACKFAKE"
	Bot  = "B0SLACKFAKE"
	User = "U0SLACKFAKE" // of the bot
)

// Server is a Slack. Its exported fields are set before the first request; its
// methods may be called at any time, from any goroutine.
type Server struct {
	BotToken      string // "" means the constant of that name
	AppToken      string
	SigningSecret string
	// URL is where response URLs and sockets are, "http://127.0.0.1" unless
	// [Server.Listen] sets it. It ends without a slash.
	URL string
	// Limits is what a message may not be: the code that it is refused with, ""
	// where it keeps to them. nil knows no limits but those of package slackfake.
	Limits func(text string, blocks slack.Blocks) (code string)

	mu       sync.Mutex
	scopes   map[string]bool // of the bot token; nil: all
	revoked  bool
	channels []*channel // in the order they were made
	groups   map[string][]string
	webhooks map[string]*channel // by path
	messages []*Message          // in the order they were accepted
	log      []Entry
	calls    []Call
	views    []View
	answers  []Answer
	taken    int // answers that Answer returned
	made     int // names that were given to things
	triggers map[string]time.Time
	urls     map[string]*responseURL
	tickets  map[string]bool
	links    []*Connection
	waiting  map[string]chan Ack // by envelope, while somebody delivers it
	changed  chan struct{}       // closed and replaced at each change

	faults []Fault
	script func(n int, method string) *Fault
	asked  int

	connected chan *Connection
}

// New returns a Slack with public channels of these names, all of which the bot
// is in.
func New(channels ...string) *Server {
	s := &Server{
		URL: "http://127.0.0.1", groups: map[string][]string{}, webhooks: map[string]*channel{}, triggers: map[string]time.Time{}, urls: map[string]*responseURL{},
		tickets: map[string]bool{}, waiting: map[string]chan Ack{}, changed: make(chan struct{}), connected: make(chan *Connection, 1000),
	}
	for _, name := range channels {
		s.AddChannel(name)
	}
	return s
}

// Listen serves on loopback until stop is called, and sets URL.
func (s *Server) Listen() (stop func()) {
	server := httptest.NewServer(s)
	s.URL = server.URL
	return func() {
		server.CloseClientConnections()
		s.DropAll()
		server.Close()
	}
}

// ServeHTTP serves all of Slack: /api/, sockets, response URLs and webhooks.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == socketPath {
		s.link(w, r)
		return
	}
	method, serve := s.route(r.URL.Path)
	if serve == nil {
		http.NotFound(w, r)
		return
	}
	call, fault := newCall(r, method), s.fault(method)
	switch {
	case fault == nil || !fault.spoils():
		s.keep(call, serve(w, call, 0))
		return
	case fault.Accepted:
		s.keep(call, serve(httptest.NewRecorder(), call, fault.Late))
	default:
		s.keep(call, "")
	}
	fault.answer(w, r)
}

// serving answers one call, and returns "ok" or a code. What it accepts can be
// read back when late has passed.
type serving func(w http.ResponseWriter, c Call, late time.Duration) (code string)

func (s *Server) route(path string) (method string, serve serving) {
	if name, is := strings.CutPrefix(path, "/api/"); is {
		return name, s.api
	}
	if strings.HasPrefix(path, responsePath) {
		return ResponseURL, s.respond
	}
	if strings.HasPrefix(path, webhookPath) {
		return Webhook, s.postThrough
	}
	return "", nil
}

// keep keeps a call in the log of calls.
func (s *Server) keep(call Call, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	call.Answer = answer
	s.calls = append(s.calls, call)
	s.change()
}

// Changed is closed when the next thing happens: a call was answered, a socket
// connected, an envelope acknowledged.
func (s *Server) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// change tells those who wait. The lock is held.
func (s *Server) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// name makes a name that nothing else has. The lock is held.
func (s *Server) name() int {
	s.made++
	return s.made
}

func (s *Server) botToken() string { return cmp.Or(s.BotToken, BotToken) }
func (s *Server) appToken() string { return cmp.Or(s.AppToken, AppToken) }
func (s *Server) secret() string   { return cmp.Or(s.SigningSecret, SigningSecret) }

// host is where this Slack is, for a ws address.
func (s *Server) host() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return net.JoinHostPort("127.0.0.1", "80")
	}
	return u.Host
}
