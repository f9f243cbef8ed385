package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDaemonIsHardened looks at a running daemon: no core files, nothing for
// others to read, the proxy and a folder that others can write told.
func TestDaemonIsHardened(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/limits"); err != nil {
		t.Skip("no /proc to look at a process: ", err)
	}
	o := newOutside(t)
	if err := os.Chmod(o.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	o.env = append(o.env, "HTTPS_PROXY=http://canary:7731@127.0.0.1:9", "NO_PROXY=")
	command, log := o.start(t, "run", "--listen", "127.0.0.1:0")
	log.says(t, "polled", 1)
	for file, want := range map[string]string{"limits": "Max core file size 0 0", "status": "Umask: 0077"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", command.Process.Pid, file))
		if err != nil || !strings.Contains(strings.Join(strings.Fields(string(text)), " "), want) {
			t.Errorf("%s: want %q, got %v\n%s", file, want, err, text)
		}
	}
	if said := log.String(); !strings.Contains(said, "proxy=127.0.0.1:9") || strings.Contains(said, "7731") || !strings.Contains(said, "make it 0700") {
		t.Errorf("log:\n%s", said)
	}
}

func TestSecretFilesThatOthersRead(t *testing.T) {
	for mode, want := range map[os.FileMode]string{0o600: "", 0o400: "", 0o640: "by its group", 0o644: "by everyone"} {
		var log strings.Builder
		e := env{dir: t.TempDir(), log: slog.New(slog.NewTextHandler(&log, nil))}
		path := filepath.Join(e.dir, "token")
		if err := os.WriteFile(path, []byte("x\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := e.secretFile("token"); err != nil || (log.Len() > 0) != (want != "") || !strings.Contains(log.String(), want) {
			t.Errorf("%v: %v, log %q, want %q", mode, err, log.String(), want)
		}
	}
}
