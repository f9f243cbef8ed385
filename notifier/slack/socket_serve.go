package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// The types of envelopes that are acted on.
const (
	typeHello       = "hello"
	typeDisconnect  = "disconnect"
	typeCommand     = "slash_commands"
	typeInteractive = "interactive"
	typeEvent       = "events_api"
)

// envelope is what Slack sends over a socket.
type envelope struct {
	ID     string `json:"envelope_id"`
	Type   string `json:"type"`
	Reason string `json:"reason"` // of a disconnect
	Info   struct {
		App string `json:"app_id"`
	} `json:"connection_info"` // of a hello
	Payload json.RawMessage `json:"payload"`
}

func readEnvelope(data []byte) (envelope, error) {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return e, fmt.Errorf("reading from Slack's socket: %w", err)
	}
	if e.Type == "" {
		return e, errors.New("reading from Slack's socket: an envelope without a type")
	}
	return e, nil
}

// How a connection is kept alive, and when it is given up. Slack pings every
// few seconds; billbot's own pings find out sooner where Slack's do not come.
const (
	pingEvery   = 15 * time.Second
	deadAfter   = 40 * time.Second // without a word
	writeWithin = 2 * time.Second
	lingerFor   = 30 * time.Second // after Slack asked for another connection
	maxGarbage  = 10               // frames in a row
)

// session is one connection that is being read.
type session struct {
	socket  *Socket
	conn    *websocket.Conn
	leave   func() // another is needed; again is nothing
	closing bool   // Slack asked for another
	garbage int    // unreadable frames in a row

	writing sync.Mutex
	presses sync.WaitGroup // those whose acknowledgement waits for what is done about them
}

// serve reads a connection until it ends. leaving is closed as soon as another
// one is needed: when Slack says so, or when this one ends.
func (s *Socket) serve(ctx context.Context, conn *websocket.Conn, leaving chan struct{}) {
	s.state.up()
	s.config.Log.Info("connected to Slack for /spend")
	leave := sync.OnceFunc(func() {
		s.state.down(time.Now())
		close(leaving)
	})
	defer leave()
	ctx, cancel := context.WithCancel(ctx)
	var pings sync.WaitGroup
	pings.Go(func() { s.guard(func() { keepAlive(ctx, conn) }) })
	defer pings.Wait()
	defer cancel() // and with it the connection
	session := &session{socket: s, conn: conn, leave: leave}
	err := session.read()
	session.presses.Wait()
	if ctx.Err() == nil {
		s.config.Log.Info("a connection to Slack ended", "reason", err)
	}
}

// keepAlive asks for signs of life, and closes the connection at the end.
func keepAlive(ctx context.Context, conn *websocket.Conn) {
	defer conn.Close()
	for sleep(ctx, pingEvery) {
		if conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWithin)) != nil {
			return
		}
	}
}

// read takes what comes until the connection ends, and says why it did. Any
// sign of life keeps it; once Slack has asked for another, nothing does.
func (s *session) read() error {
	s.conn.SetPongHandler(func(string) error { return s.alive() })
	s.conn.SetPingHandler(func(data string) error {
		if err := s.alive(); err != nil {
			return err
		}
		return s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWithin))
	})
	for {
		if err := s.alive(); err != nil {
			return err
		}
		_, data, err := s.conn.ReadMessage()
		if err != nil {
			return err
		}
		if err := s.take(data); err != nil {
			return err
		}
	}
}

// alive puts off the end of a connection that speaks.
func (s *session) alive() error {
	if s.closing {
		return nil
	}
	return s.conn.SetReadDeadline(time.Now().Add(deadAfter))
}

// take acknowledges an envelope and hands it on. A question that Slack has not
// been told of is not answered: it comes again, over another connection. A press
// is acted on first, as it changes something: Slack is not told that it arrived
// before that is kept, unless it takes long.
func (s *session) take(data []byte) error {
	e, err := readEnvelope(data)
	if err != nil {
		s.socket.config.Log.Warn("Slack sent what cannot be read", "error", err)
		if s.garbage++; s.garbage >= maxGarbage {
			return fmt.Errorf("%d unreadable frames in a row: %w", s.garbage, err)
		}
		return nil
	}
	s.garbage = 0
	if e.Type == typeDisconnect {
		return s.disconnect(e.Reason)
	}
	if e.ID == "" {
		return nil
	}
	commands := s.socket.config.Commands
	if e.Type == typeInteractive {
		s.presses.Go(func() {
			well := commands.config.Guard("press", func() { s.acknowledge(e.ID, commands.press(e)) })
			if !well && !isSubmission(e) { // a form would close over what failed
				s.acknowledge(e.ID, nil)
			}
		})
		return nil
	}
	if err := s.acknowledge(e.ID, nil); err != nil {
		return fmt.Errorf("acknowledging: %w", err)
	}
	commands.take(e)
	return nil
}

// acknowledge tells Slack that an envelope has come, and what there is to say
// of it: only of a form is there anything.
func (s *session) acknowledge(id string, payload any) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	return s.conn.WriteJSON(struct {
		ID      string `json:"envelope_id"`
		Payload any    `json:"payload,omitempty"`
	}{id, payload})
}

// disconnect heeds that Slack is about to close the connection: another is
// opened, and this one read on until it is closed.
func (s *session) disconnect(reason string) error {
	if err := refusedBy(reason); err != nil {
		s.socket.state.failed(err)
		return err
	}
	if s.closing {
		return nil
	}
	s.closing = true
	s.leave()
	return s.conn.SetReadDeadline(time.Now().Add(lingerFor))
}
