package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Files that have no end are refused, and take no memory.
func TestFilesWithoutAnEnd(t *testing.T) {
	e := env{dir: "/", log: slog.New(slog.DiscardHandler), getenv: func(string) string { return "" }}
	endless := filepath.Join(t.TempDir(), "endless")
	if err := os.WriteFile(endless, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(endless, 1<<30); err != nil { // of which nothing is on the disk
		t.Fatal(err)
	}
	for name, read := range map[string]func() error{
		"secret": func() error { _, err := e.secretFile(endless); return err },
		"rules":  func() error { _, err := e.loadRulesFrom(endless); return err },
		"tests":  func() error { _, err := (&testCmd{Files: []string{endless}}).load(e, nil); return err },
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := read()
		runtime.ReadMemStats(&after)
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; err == nil || !strings.Contains(err.Error(), "longer than") || took > 32 {
			t.Errorf("%s: got %v after %d MiB, want a refusal", name, err, took)
		}
	}
}
