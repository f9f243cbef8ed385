package slackfake

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

const socketPath = "/link/"

// TicketMark is in every address of a socket, which nobody but the app and Slack
// may read.
const TicketMark = "slackfake-ticket"

// Slack lets an app have so many sockets, and pings each so often.
const (
	maxLinks  = 10
	pingEvery = 5 * time.Second
)

// openSocket answers apps.connections.open with the address of a socket, which
// is good once. The lock is held.
func (s *Server) openSocket(token string) result {
	if code := s.authorized(token, s.appToken()); code != "" {
		return refuse(code)
	}
	ticket := fmt.Sprint(TicketMark, "-", s.name())
	s.tickets[ticket] = true
	return ok(map[string]any{"url": "ws://" + s.host() + socketPath + "?ticket=" + ticket + "&app_id=" + App})
}

// link serves a socket until it ends.
func (s *Server) link(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	good := s.tickets[ticket]
	delete(s.tickets, ticket)
	s.mu.Unlock()
	if !good {
		http.Error(w, "expired ticket", http.StatusUnauthorized)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has said why
	}
	s.serve(newConnection(s, ws))
}

// serve greets an app, and reads what it acknowledges.
func (s *Server) serve(c *Connection) {
	defer c.end()
	admitted, err := s.greet(c)
	if !admitted {
		c.Disconnect("too_many_websockets")
		return
	}
	defer s.leave(c)
	if err != nil {
		return
	}
	done := make(chan struct{})
	pings := make(chan struct{})
	go func() { defer close(pings); c.ping(done) }()
	c.read()
	close(done)
	<-pings
}

// greet admits a connection, and says hello on it before anybody says more or
// the app opens another.
func (s *Server) greet(c *Connection) (admitted bool, err error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	open, admitted := s.admit(c)
	if !admitted {
		return false, nil
	}
	s.connected <- c
	return true, c.write(websocket.TextMessage, []byte(hello(open)))
}

// admit counts a connection in, if it is not one too many.
func (s *Server) admit(c *Connection) (open int, admitted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.links) == maxLinks {
		return maxLinks, false
	}
	s.links = append(s.links, c)
	s.change()
	return len(s.links), true
}

func (s *Server) leave(c *Connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.links {
		if other == c {
			s.links = append(s.links[:i:i], s.links[i+1:]...)
			break
		}
	}
	s.change()
}

func hello(open int) string {
	return fmt.Sprintf(`{"type":"hello","num_connections":%d,"debug_info":{"host":"applink-1","build_number":1,"approximate_connection_time":18060},`+
		`"connection_info":{"app_id":%q}}`, open, App)
}

// Connected gives each connection, in the order they were admitted and greeted.
func (s *Server) Connected() <-chan *Connection { return s.connected }

// Links returns the connections that are open now, the oldest first.
func (s *Server) Links() []*Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*Connection(nil), s.links...)
}

// DropAll ends all connections without a word.
func (s *Server) DropAll() {
	for _, c := range s.Links() {
		c.Drop()
	}
}
