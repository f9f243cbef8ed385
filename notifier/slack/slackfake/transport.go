package slackfake

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
)

// Transport returns a RoundTripper that serves requests in this process,
// whatever host they name. It works inside a testing/synctest bubble.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip answers one request. A dropped connection is io.EOF, as the first
// request on a socket has it.
func (t transport) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	defer r.Body.Close()
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			resp, err = nil, io.EOF
		} else if p != nil {
			panic(p)
		}
	}()
	return t.serve(r)
}

func (t transport) serve(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	t.server.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	answer := w.Result()
	answer.Request = r
	return answer, nil
}

// Dial connects to this Slack in memory, whatever the address: a real
// connection but for the network, so that time is a synctest bubble's. It is
// for one request, such as that of a socket.
func (s *Server) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ours, theirs := net.Pipe()
	go s.hold(theirs)
	return ours, nil
}

// hold serves the one request of a connection that was dialled.
func (s *Server) hold(conn net.Conn) {
	defer conn.Close()
	reader := bufio.NewReader(conn)
	r, err := http.ReadRequest(reader)
	if err != nil {
		return // whoever dialled has gone
	}
	w := &held{ResponseRecorder: httptest.NewRecorder(), conn: conn, reader: reader}
	s.ServeHTTP(w, r)
	if !w.hijacked {
		w.Result().Write(conn)
	}
}

// held is an answer on a connection that can be taken over, as by a WebSocket.
type held struct {
	*httptest.ResponseRecorder
	conn     net.Conn
	reader   *bufio.Reader
	hijacked bool
}

// Hijack gives the connection to the caller.
func (h *held) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	h.hijacked = true
	return h.conn, bufio.NewReadWriter(h.reader, bufio.NewWriter(h.conn)), nil
}
