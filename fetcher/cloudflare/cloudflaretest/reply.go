package cloudflaretest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// reply is a whole HTTP response, and how it goes wrong.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	missing int  // bytes that were announced and are not sent
	drop    bool // the connection closes: before the reply, or after body if missing
	plain   bool // never compressed
	delay   time.Duration
}

func newReply(status int, body string) reply {
	header := http.Header{
		"Content-Type":     {"application/json"},
		"Ratelimit":        {`"default";r=1199;t=300`},
		"Ratelimit-Policy": {`"default";q=1200;w=300`},
	}
	return reply{status: status, header: header, body: []byte(body)}
}

func success(result string) reply { return newReply(http.StatusOK, goodBody(result)) }

func failure(status, code int, message string) reply {
	return newReply(status, errorBody(code, message))
}

// goodBody is the envelope of a good answer. The live API writes null for no
// errors.
func goodBody(result string) string {
	return `{"success":true,"errors":null,"messages":null,"result":` + result + `}`
}

// errorBody is the envelope of an error.
func errorBody(code int, message string) string {
	return `{"success":false,"errors":[{"code":` + strconv.Itoa(code) + `,"message":` + text(message) + `}],"messages":[],"result":null}`
}

// compressed is the reply as gzip, if the request accepts that.
func (rep reply) compressed(r *http.Request) reply {
	accepts := strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
	if !accepts || rep.plain || rep.drop || len(rep.body) == 0 || rep.header.Get("Content-Encoding") != "" {
		return rep
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	// A bytes.Buffer takes everything.
	_, _ = z.Write(rep.body)
	_ = z.Close()
	rep.body = b.Bytes()
	rep.header.Set("Content-Encoding", "gzip")
	return rep
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rep, err := s.answer(r)
	if err != nil {
		return // the client has gone
	}
	if rep.drop && rep.missing == 0 {
		hangUp(w)
		return
	}
	for name, values := range rep.header {
		w.Header()[name] = values
	}
	// A handler that writes less than it announced makes net/http close the
	// connection, which is what a body with a missing part is for.
	w.Header().Set("Content-Length", strconv.Itoa(len(rep.body)+rep.missing))
	w.WriteHeader(rep.status)
	_, _ = w.Write(rep.body) // fails when the client has gone
}

// hangUp closes the connection without a reply. That needs HTTP/1; elsewhere
// the reply says so.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "cloudflaretest: dropping the connection: "+err.Error(), http.StatusNotImplemented)
		return
	}
	_ = conn.Close() // there is nothing to lose on it
}

// Transport returns a RoundTripper that serves requests in this process,
// without a socket and whatever host they name. It works inside a
// testing/synctest bubble, where a [Fault]'s delay takes no real time. Unlike
// a http.Transport it leaves a gzip body as it is.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip answers one request. A dropped connection is io.EOF, as the first
// request on a socket has it.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	rep, err := t.server.answer(r)
	if err != nil {
		return nil, err
	}
	if rep.drop && rep.missing == 0 {
		return nil, io.EOF
	}
	var body io.Reader = bytes.NewReader(rep.body)
	if rep.drop {
		body = io.MultiReader(body, broken{})
	}
	return &http.Response{
		Status:     strconv.Itoa(rep.status) + " " + http.StatusText(rep.status),
		StatusCode: rep.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        rep.header,
		Body:          io.NopCloser(body),
		ContentLength: int64(len(rep.body) + rep.missing),
		Request:       r,
	}, nil
}

// broken is the rest of a body whose connection closed.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
