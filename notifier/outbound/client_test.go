package outbound

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

// names is a DNS server that gives one answer after the other to the same
// question, as one does that wants to be believed and then leads elsewhere.
func names(t *testing.T, answers ...string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go func() {
		asked := 0
		for packet := make([]byte, 512); ; {
			n, from, err := server.ReadFrom(packet)
			if err != nil {
				return
			}
			answer, isA := answerTo(packet[:n], answers[min(asked, len(answers)-1)])
			if isA {
				asked++
			}
			_, _ = server.WriteTo(answer, from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// answerTo answers a question: with one address for IPv4, with none otherwise.
func answerTo(question []byte, address string) (answer []byte, isA bool) {
	end := 12
	for question[end] != 0 {
		end += int(question[end]) + 1
	}
	isA = binary.BigEndian.Uint16(question[end+1:]) == 1
	answer = append([]byte{question[0], question[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, question[12:end+5]...)
	if isA {
		ip := netip.MustParseAddr(address).As4()
		answer[7] = 1
		answer = append(append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4), ip[:]...)
	}
	return answer, isA
}

// listen serves on an address of loopback and counts what reaches it.
func listen(t *testing.T, address string, handler http.HandlerFunc) (port string, reached *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	reached = new(atomic.Int32)
	server := httptest.NewUnstartedServer(handler)
	server.Listener.Close()
	server.Listener = l
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			reached.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, reached
}

func get(t *testing.T, c *Client, url string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := c.Do(r)
	if err == nil {
		t.Cleanup(func() { response.Body.Close() })
	}
	return response, err
}

func ok(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }

func TestNothingPrivateIsReached(t *testing.T) {
	port, reached := listen(t, "127.0.0.1:0", ok)
	c := New(Config{Resolver: names(t, "127.0.0.1")})
	for _, host := range []string{
		"127.0.0.1", "localhost", "innocent.example", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "2130706433", "0x7f.1", "127.1",
	} {
		for _, scheme := range []string{"http", "https"} {
			_, err := get(t, c, scheme+"://"+host+":"+port+"/secret-path")
			if err == nil || strings.Contains(err.Error(), "secret-path") {
				t.Errorf("%s://%s: got error %v, want a refusal that does not repeat the address", scheme, host, err)
			}
		}
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("%d connections reached loopback", n)
	}
	t.Attr("score", fmt.Sprintf("19 connections=%d", reached.Load()))
}

// TestRebinding asks a name that leads to an allowed address, and from then on
// to one that is not.
func TestRebinding(t *testing.T) {
	port, good := listen(t, "127.0.0.2:0", ok)
	_, bad := listen(t, "127.0.0.1:"+port, ok)
	c := New(Config{Allow: prefixes("127.0.0.2/32"), Resolver: names(t, "127.0.0.2", "127.0.0.1")})
	if _, err := get(t, c, "http://rebound.example:"+port); err != nil {
		t.Fatal(err)
	}
	c.http.Transport.(byScheme)["http"].(*http.Transport).CloseIdleConnections()
	if _, err := get(t, c, "http://rebound.example:"+port); !errors.Is(err, ErrRefused) {
		t.Errorf("got error %v, want ErrRefused", err)
	}
	if good.Load() != 1 || bad.Load() != 0 {
		t.Errorf("connections: %d to the allowed address, %d to the other", good.Load(), bad.Load())
	}
	t.Attr("score", fmt.Sprintf("19 connections=%d", bad.Load()))
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	_, reached := listen(t, "127.0.0.1:0", ok)
	port, _ := listen(t, "127.0.0.2:0", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1/", http.StatusFound)
	})
	response, err := get(t, New(Config{Allow: prefixes("127.0.0.2/32")}), "http://127.0.0.2:"+port)
	if err != nil || response.StatusCode != http.StatusFound || reached.Load() > 0 {
		t.Errorf("got %v, error %v, %d connections", response, err, reached.Load())
	}
}

func TestProxiesAreNotUsed(t *testing.T) {
	port, reached := listen(t, "127.0.0.1:0", ok)
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:"+port)
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:"+port)
	_, err := get(t, New(Config{Resolver: names(t, "10.0.0.1")}), "https://example.com/")
	if !errors.Is(err, ErrRefused) || reached.Load() > 0 {
		t.Errorf("got error %v, and %d connections to the proxy", err, reached.Load())
	}
}

func TestAnswersAreBounded(t *testing.T) {
	port, _ := listen(t, "127.0.0.1:0", func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1<<20)) })
	response, err := get(t, New(Config{Allow: prefixes("127.0.0.1/32"), MaxResponse: 1000}), "http://127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(response.Body); len(body) != 1000 {
		t.Errorf("%d bytes were read, want 1000", len(body))
	}
}
