package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// serve answers usage requests for the fleet on a loopback port, gzipped as
// Cloudflare does, with the next version at each request for an account. It is
// a process of its own, so that its CPU is not counted, and ends with its input.
func serve(f fleet) error {
	bodies, err := f.packedBodies()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serving bodies: %w", err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		listener.Close()
	}()
	if err := http.Serve(listener, bodies); !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("serving bodies: %w", err)
	}
	return nil
}

// packedBodies are gzipped bodies by account ID, told in turn.
type packedBodies struct {
	mu    sync.Mutex
	asked map[string]int
	byID  map[string][][]byte
}

func (f fleet) packedBodies() (*packedBodies, error) {
	p := &packedBodies{asked: map[string]int{}, byID: map[string][][]byte{}}
	for i := range f.accounts {
		id := f.account(i).ID
		for version := 1; version <= 2; version++ {
			body, err := f.body(i, version)
			if err != nil {
				return nil, err
			}
			p.byID[id] = append(p.byID[id], pack(body))
		}
	}
	return p, nil
}

// pack gzips a body; writing to memory does not fail.
func pack(body []byte) []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(body)
	_ = w.Close()
	return packed.Bytes()
}

// ServeHTTP answers a request below /accounts/ID/.
func (p *packedBodies) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, rest, _ := strings.Cut(r.URL.Path, "/accounts/")
	id, _, _ := strings.Cut(rest, "/")
	versions, found := p.byID[id]
	if !found {
		http.NotFound(w, r)
		return
	}
	p.mu.Lock()
	p.asked[id]++
	body := versions[p.asked[id]%len(versions)]
	p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Encoding", "gzip")
	_, _ = w.Write(body)
}

// server is the process that serves.
type server struct {
	url     string
	process *exec.Cmd
	input   io.Closer
}

// startServer starts this program as a server.
func startServer(accounts int) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("starting a server: %w", err)
	}
	cmd := exec.Command(self, "-serve", "-accounts", fmt.Sprint(accounts))
	cmd.Stderr = os.Stderr
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	if err := errors.Join(inErr, outErr, cmd.Start()); err != nil {
		return nil, fmt.Errorf("starting a server: %w", err)
	}
	s := &server{process: cmd, input: in}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting a server: %w", err), s.stop())
	}
	s.url = strings.TrimSpace(line)
	return s, nil
}

func (s *server) stop() error { return errors.Join(s.input.Close(), s.process.Wait()) }
