package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/billbot/billbot/rules"
	"github.com/billbot/billbot/store"
)

// env is everything a command touches outside its flags. The daemon runs other
// processes' commands with an env of its own: their output is a buffer, their
// database the one it holds open.
type env struct {
	stdin          io.Reader // nil: nothing can be asked
	stdout, stderr io.Writer
	screen         screen // that stdout is
	getenv         func(string) string
	dir            string // relative paths start here
	log            *slog.Logger
	// transport carries requests to Cloudflare and Slack; nil is the network.
	transport http.RoundTripper
	// faults makes steps of the daemon's database fail; nil is a disk.
	faults func(doing string, at store.Step) error

	rulesFile, dbFile string
	fixed             time.Time // of --now; zero: the clock

	shared *engine // in the daemon: what it runs with
	clock  *clockCheck
}

// process is the env of this process.
func process() env {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	return env{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, dir: dir,
		screen: screenOf(os.Stdout, os.Getenv),
		log:    slog.New(slog.NewTextHandler(os.Stderr, nil)),
	}
}

// now is the moment a command is about: that of --now, or the clock's.
func (e env) now() time.Time {
	if !e.fixed.IsZero() {
		return e.fixed.UTC()
	}
	return time.Now().UTC()
}

// path makes a path absolute, from where the command was called.
func (e env) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(e.dir, p)
}

// show is a path as the caller would write it.
func (e env) show(p string) string {
	if rel, err := filepath.Rel(e.dir, p); err == nil && len(rel) < len(p) {
		return rel
	}
	return p
}

// loadRules reads and checks the rules file.
func (e env) loadRules() (*rules.Rules, error) { return e.loadRulesFrom(e.rulesFile) }

func (e env) loadRulesFrom(path string) (*rules.Rules, error) {
	data, err := e.readRules(path)
	if err != nil {
		return nil, err
	}
	return rules.Load(e.show(path), data)
}

// readRules reads a rules file, whatever is in it.
func (e env) readRules(path string) ([]byte, error) {
	data, err := readFile(path, mostRules)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{fmt.Errorf("no rules file %s: billbot init makes one, or name another with --rules", e.show(path))}
	}
	if err != nil {
		return nil, fmt.Errorf("reading the rules: %w", err)
	}
	return data, nil
}

// withStore opens the database for reading, or takes the daemon's, and closes
// it again.
func (e env) withStore(use func(*store.Store) error) error {
	if e.shared != nil {
		return use(e.shared.store)
	}
	s, err := store.Open(e.dbFile, store.Options{ReadOnly: true, Timeout: readerPatience})
	if errors.Is(err, fs.ErrNotExist) {
		return e.noDatabase()
	}
	if err != nil {
		return err
	}
	defer s.Close()
	return use(s)
}

func (e env) noDatabase() error {
	return fmt.Errorf("no database %s yet: billbot poll or billbot run makes it", e.show(e.dbFile))
}

// readerPatience is how long a command waits for the database before it asks
// who holds it.
const readerPatience = 200 * time.Millisecond

// withEngine gives a command what polls and delivers: the daemon's, or one of
// its own for as long as the command runs.
func (e env) withEngine(ctx context.Context, notify string, use func(*engine) error) error {
	if e.shared != nil {
		return use(e.shared)
	}
	eng, err := e.newEngine(notify, readerPatience)
	if err != nil {
		return err
	}
	defer eng.store.Close()
	defer eng.endWith(ctx)()
	return use(eng)
}
