package slackfake

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Connection is Slack's end of a socket.
type Connection struct {
	server *Server
	ws     *websocket.Conn
	acks   chan Ack
	closed chan struct{}
	pings  chan string // of the app, to be answered
	mute   atomic.Bool
	left   atomic.Bool // Slack asked for another

	writing sync.Mutex
}

// Ack is what an app says of an envelope.
type Ack struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"` // nil for none
	Raw        string          `json:"-"`       // as it was
}

func newConnection(s *Server, ws *websocket.Conn) *Connection {
	return &Connection{server: s, ws: ws, acks: make(chan Ack, 1000), closed: make(chan struct{}), pings: make(chan string, 100)}
}

// writeWithin is how long an app may take to read.
const writeWithin = 2 * time.Second

// Send writes a frame of text as it is.
func (c *Connection) Send(frame string) error {
	return c.SendFrame(websocket.TextMessage, []byte(frame))
}

// SendFrame writes a frame of a type of WebSocket's.
func (c *Connection) SendFrame(kind int, data []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.write(kind, data)
}

// write writes a frame. The lock of writing is held.
func (c *Connection) write(kind int, data []byte) error {
	c.ws.SetWriteDeadline(time.Now().Add(writeWithin)) // it fails when writing would
	if err := c.ws.WriteMessage(kind, data); err != nil {
		c.ws.Close() // half a frame cannot be gone on from
		return fmt.Errorf("writing to a socket: %w", err)
	}
	return nil
}

// Disconnect says that Slack is about to close the connection: warning,
// refresh_requested, link_disabled. It stays open.
func (c *Connection) Disconnect(reason string) error {
	c.left.Store(true)
	return c.Send(fmt.Sprintf(`{"type":"disconnect","reason":%q,"debug_info":{"host":"applink-1"}}`, reason))
}

// Acks gives what the app acknowledges that no [Server.Deliver] waits for.
func (c *Connection) Acks() <-chan Ack { return c.acks }

// Mute has the connection say nothing of its own any more: no pings, and no
// answers to pings.
func (c *Connection) Mute() { c.mute.Store(true) }

// Drop ends the connection without a word.
func (c *Connection) Drop() { c.ws.NetConn().Close() }

// Close ends the connection as WebSocket has it.
func (c *Connection) Close() error {
	return c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(writeWithin))
}

// Closed is closed when the connection has ended.
func (c *Connection) Closed() <-chan struct{} { return c.closed }

func (c *Connection) end() {
	c.ws.Close()
	close(c.closed)
}

// ping pings as Slack does and answers the app's pings, until done is closed or
// the app does not read. The reader never writes: where both sides of a pipe
// write, and read no more until it is read, neither goes on.
func (c *Connection) ping(done <-chan struct{}) {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		kind, data := websocket.PingMessage, "Ping from applink-1"
		select {
		case <-done:
			return
		case <-ticker.C:
		case data = <-c.pings:
			kind = websocket.PongMessage
		}
		if !c.mute.Load() && c.ws.WriteControl(kind, []byte(data), time.Now().Add(writeWithin)) != nil {
			return
		}
	}
}

// read takes what the app acknowledges until the connection ends.
func (c *Connection) read() {
	c.ws.SetPingHandler(func(data string) error {
		select {
		case c.pings <- data:
		default: // nobody needs a hundred pongs
		}
		return nil
	})
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		ack := Ack{Raw: string(data)}
		json.Unmarshal(data, &ack) // what is no JSON acknowledges nothing
		if !c.server.acknowledged(ack) {
			c.acks <- ack
		}
	}
}
