package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestSoManyAtOnce(t *testing.T) {
	release, entered := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(atOnce(2, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-release
	})))
	defer server.Close()
	codes := make(chan int, 2)
	ask := func() int {
		response, err := http.Get(server.URL)
		if err != nil {
			return 0
		}
		response.Body.Close()
		return response.StatusCode
	}
	for range 2 {
		go func() { codes <- ask() }()
		<-entered
	}
	if got := ask(); got != http.StatusServiceUnavailable {
		t.Errorf("the third: got %d, want 503", got)
	}
	close(release)
	if a, b := <-codes, <-codes; a != http.StatusOK || b != http.StatusOK {
		t.Errorf("the first two: got %d and %d, want 200", a, b)
	}
}

// TestSlowCallersAreCutOff speaks to the public server as slowly as one may.
func TestSlowCallersAreCutOff(t *testing.T) {
	for name, first := range map[string]string{
		"silent":      "",
		"slow header": "POST /slack/commands HTTP/1.1\r\nHost: x\r\n",
		"slow body":   "POST /slack/commands HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nab",
	} {
		synctest.Test(t, func(t *testing.T) {
			here, there := net.Pipe()
			server := newPublicServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
			served := make(chan error, 1)
			go func() { served <- server.Serve(&oneConn{conn: there, closed: make(chan struct{})}) }()
			began := time.Now()
			go io.WriteString(here, first)
			io.Copy(io.Discard, here)
			if took := time.Since(began); took > 11*time.Second {
				t.Errorf("%s: held the connection for %v", name, took)
			}
			server.Close()
			<-served
			here.Close()
		})
	}
}

// oneConn is a listener with one connection.
type oneConn struct {
	conn   net.Conn
	closed chan struct{}
}

func (l *oneConn) Accept() (net.Conn, error) {
	if c := l.conn; c != nil {
		l.conn = nil
		return c, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *oneConn) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }

func TestLongHeadersAreRefused(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.Config = newPublicServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was served") }))
	server.Start()
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("a", 2*headerLimit))
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %v, error %v, want 431", response, err)
	}
}
