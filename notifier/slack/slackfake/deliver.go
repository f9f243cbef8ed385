package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// deliveries is how often an envelope is sent that nobody acknowledges.
const deliveries = 3

// Deliver brings a request to the app over one of its sockets, as Slack does,
// and returns how it was acknowledged. What is not acknowledged in time, or was
// sent on a socket that ended, is sent again, on another one where there is one.
func (s *Server) Deliver(ctx context.Context, r Request) (Ack, error) {
	s.mu.Lock()
	id := fmt.Sprintf("envelope-%d", s.name())
	acks := make(chan Ack, deliveries)
	s.waiting[id] = acks
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.waiting, id)
		s.mu.Unlock()
	}()
	var last *Connection
	for try := range deliveries {
		c, err := s.send(ctx, Envelope(id, r, try), last)
		if err != nil {
			return Ack{}, err
		}
		if ack, acknowledged := acknowledgedIn(ctx, c, acks); acknowledged {
			return ack, nil
		}
		last = c
	}
	return Ack{}, fmt.Errorf("%s was sent %d times: %w", id, deliveries, ErrNotAcknowledged)
}

// ErrNotAcknowledged says that an app did not say in time that an envelope came.
var ErrNotAcknowledged = errors.New("not acknowledged within three seconds")

// Envelope is a request as a socket brings it, for the first time or again.
func Envelope(id string, r Request, retry int) string {
	envelope := map[string]any{
		"envelope_id": id, "type": r.Kind, "payload": json.RawMessage(r.Payload), "accepts_response_payload": r.Kind != KindEvent,
	}
	if retry > 0 || r.Kind == KindEvent {
		envelope["retry_attempt"], envelope["retry_reason"] = retry, ""
	}
	if retry > 0 {
		envelope["retry_reason"] = "timeout"
	}
	raw, err := json.Marshal(envelope)
	if err != nil { // a payload that is no JSON
		return "{}"
	}
	return string(raw)
}

// send sends a frame on a connection that takes it.
func (s *Server) send(ctx context.Context, frame string, last *Connection) (*Connection, error) {
	for {
		c, err := s.pick(ctx, last)
		if err != nil {
			return nil, err
		}
		if c.Send(frame) == nil {
			return c, nil
		}
		<-c.closed // it had just ended, or has now
	}
}

// pick waits for a connection, another than the last one and one that is not to
// be replaced, if there is such a one.
func (s *Server) pick(ctx context.Context, last *Connection) (*Connection, error) {
	for {
		s.mu.Lock()
		changed := s.changed
		var found *Connection
		for _, c := range s.links {
			if found == nil || c != last && (found == last || found.left.Load() && !c.left.Load()) {
				found = c
			}
		}
		s.mu.Unlock()
		if found != nil {
			return found, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for a socket: %w", ctx.Err())
		}
	}
}

func acknowledgedIn(ctx context.Context, c *Connection, acks <-chan Ack) (Ack, bool) {
	timer := time.NewTimer(ackWithin)
	defer timer.Stop()
	select {
	case ack := <-acks:
		return ack, true
	case <-timer.C:
	case <-c.closed:
	case <-ctx.Done():
	}
	select {
	case ack := <-acks: // it came with the end
		return ack, true
	default:
		return Ack{}, false
	}
}

// acknowledged tells who delivers that an envelope came, and reports whether
// anybody waits.
func (s *Server) acknowledged(ack Ack) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change()
	waiting, known := s.waiting[ack.EnvelopeID]
	if !known {
		return false
	}
	select {
	case waiting <- ack:
	default: // it was acknowledged more often than sent
	}
	return true
}
