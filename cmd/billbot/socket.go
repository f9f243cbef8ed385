package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A command that finds the database in the hands of a running billbot posts
// its arguments to that one's socket and prints what comes back. The daemon
// runs the same function as the command line: there is no second API.

// asked is what a command posts.
type asked struct {
	Args []string `json:"args"`
	Dir  string   `json:"dir"` // where the command was called
	// Screen is what the answer is printed to.
	Screen screen `json:"screen,omitzero"`
}

// answered is what comes back.
type answered struct {
	Stdout string `json:"stdout"`
	Stderr string `json:"stderr"`
	Exit   int    `json:"exit"`
}

// maxAsked bounds the arguments that are taken.
const maxAsked = 1 << 20

// longestSocketPath is what every system's socket address holds.
const longestSocketPath = 100

// A socket that is not beside its database is named by this prefix and so many
// bytes of a hash of the database's path.
const (
	socketPrefix = "billbot-"
	socketHash   = 8
)

// socketPath is the socket of the daemon that holds a database: beside it, or
// in the user's runtime folder where that path is too long for a socket.
func socketPath(db string, getenv func(string) string) string {
	if real, err := filepath.EvalSymlinks(db); err == nil {
		db = real
	}
	if path := db + ".sock"; len(path) <= longestSocketPath {
		return path
	}
	sum := sha256.Sum256([]byte(db))
	dir := getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "billbot-"+strconv.Itoa(os.Getuid()))
	}
	return filepath.Join(dir, socketPrefix+hex.EncodeToString(sum[:socketHash])+".sock")
}

// listenSocket makes the socket, for its owner only. Whoever holds the database
// owns the path, so a socket that is there is a dead daemon's. Closing the
// listener removes it.
func listenSocket(path string) (net.Listener, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("making the socket's folder: %w", err)
	}
	if err := checkFolder(path); err != nil {
		return nil, err
	}
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() != os.ModeSocket {
		return nil, fmt.Errorf("listening for commands: %s is there and is not a socket: move it away", path)
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("removing an old socket: %w", err)
	}
	was := syscall.Umask(0o177)
	defer syscall.Umask(was)
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listening for commands: %w", err)
	}
	return l, nil
}

// checkFolder refuses a folder in which somebody else could put a socket of
// theirs in the place of ours. Beside the database it is the user's own choice.
func checkFolder(path string) error {
	dir := filepath.Dir(path)
	if base := filepath.Base(path); !strings.HasPrefix(base, socketPrefix) || len(base) != len(socketPrefix)+2*socketHash+len(".sock") {
		return nil
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("looking at the socket's folder: %w", err)
	}
	owner, known := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !known || int(owner.Uid) != os.Getuid() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("the folder %s is not this user's alone: set XDG_RUNTIME_DIR, or give --db a shorter path", dir)
	}
	return nil
}

// serveAsked runs the commands of other processes with the daemon's engine.
func serveAsked(e env, eng *engine) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /run", func(w http.ResponseWriter, r *http.Request) {
		var ask asked
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAsked)).Decode(&ask); err != nil {
			http.Error(w, "not a command", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(runAsked(r.Context(), ask, e, eng))
	})
	return mux
}

func runAsked(ctx context.Context, ask asked, e env, eng *engine) answered {
	var stdout, stderr bytes.Buffer
	e.stdout, e.stderr, e.dir, e.shared, e.fixed = &stdout, &stderr, ask.Dir, eng.newest(), time.Time{}
	e.stdin, e.screen = nil, ask.Screen
	e.log = slog.New(slog.NewTextHandler(&stderr, nil))
	exit := run(ctx, ask.Args, e)
	return answered{stdout.String(), stderr.String(), exit}
}

// askDaemon has the daemon that holds the database run a command.
func askDaemon(ctx context.Context, args []string, e env) (answered, error) {
	path := socketPath(e.dbFile, e.getenv)
	if err := checkFolder(path); err != nil {
		return answered{}, err
	}
	client := http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		},
	}}
	defer client.CloseIdleConnections()
	return post(ctx, &client, asked{args, e.dir, e.screen})
}

func post(ctx context.Context, client *http.Client, ask asked) (answered, error) {
	var answer answered
	body, err := json.Marshal(ask)
	if err != nil {
		return answer, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://billbot/run", bytes.NewReader(body))
	if err != nil {
		return answer, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return answer, fmt.Errorf("the running billbot answered %s", resp.Status)
	}
	return answer, json.NewDecoder(resp.Body).Decode(&answer)
}
