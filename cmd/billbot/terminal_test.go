package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// onTerminal runs billbot on a terminal of 100 columns, at which somebody types
// once it asks.
func (o *outside) onTerminal(t *testing.T, typed string, args ...string) (shown string, code int) {
	t.Helper()
	command := exec.Command("billbot", args...)
	command.Dir, command.Env = o.dir, append(o.env, "TERM=xterm")
	terminal, err := pty.StartWithSize(command, &pty.Winsize{Rows: 30, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	end := time.AfterFunc(30*time.Second, func() { command.Process.Kill() })
	defer end.Stop()
	var out []byte
	for one := make([]byte, 1); typed != "" && !strings.HasSuffix(string(out), "): "); out = append(out, one...) {
		if _, err := terminal.Read(one); err != nil {
			t.Fatalf("it never asked: %v\n%s", err, out)
		}
	}
	if _, err := io.WriteString(terminal, typed); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(terminal) // the end of a terminal is an error
	out = append(out, rest...)
	command.Wait()
	return strings.ReplaceAll(string(out), "\r\n", "\n"), command.ProcessState.ExitCode()
}

// On a terminal init asks, again where the answer cannot be right.
func TestInitAsks(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	o.cloud.SetNow(time.Date(2026, time.April, 4, 7, 0, 0, 0, time.UTC))
	typed := "not an id\nd0a1a40004778704200000000000a9c2\n\n#prod-spend\n-1\n19.50\n"
	shown, code := o.onTerminal(t, typed, "init", "--rules", "new.yaml")
	if code != exitOK {
		t.Fatalf("exit %d:\n%s", code, shown)
	}
	for _, want := range []string{"that is no account ID", "call it? [production]: ", "Slack channel [#cloud-spend]: ", "that is no amount", "wrote new.yaml and slack-manifest.yaml"} {
		if !strings.Contains(shown, want) {
			t.Errorf("never showed %q:\n%s", want, shown)
		}
	}
	data, err := os.ReadFile(filepath.Join(o.dir, "new.yaml"))
	for _, want := range []string{`name: "production"`, `channel: "#prod-spend"`, "amount: 19.50,"} {
		if err != nil || !strings.Contains(string(data), want) {
			t.Errorf("the rules lack %s: %v\n%s", want, err, data)
		}
	}
}

// Who ends what is asked is not kept.
func TestInitIsLeft(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	if shown, code := o.onTerminal(t, "\x03", "init", "--rules", "new.yaml"); code != exitFail {
		t.Errorf("interrupted: exit %d:\n%s", code, shown)
	}
	if shown, code := o.onTerminal(t, "\x04", "init", "--rules", "new.yaml"); code != exitFail {
		t.Errorf("ended: exit %d:\n%s", code, shown)
	}
	if _, err := os.Stat(filepath.Join(o.dir, "new.yaml")); err == nil {
		t.Error("rules were written")
	}
}

// On a terminal spend has bars and doctor colours, beside a running billbot too;
// NO_COLOR is honoured.
func TestTerminal(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	now := time.Date(2026, time.April, 4, 7, 0, 0, 0, time.UTC)
	o.pollAt(t, now)
	at := []string{"--now", now.Format(time.RFC3339)}
	bars := func(when string) {
		if shown, _ := o.onTerminal(t, "", append(at, "spend")...); !strings.Contains(shown, "Rows Read  ████") {
			t.Errorf("%s: no bars:\n%s", when, shown)
		}
	}
	bars("alone")
	if shown, _ := o.onTerminal(t, "", append(at, "export")...); strings.Contains(shown, "\x1b") {
		t.Errorf("an export to the terminal is disturbed:\n%.300s", shown)
	}
	_, log := o.start(t, append(at, "run", "--listen", "127.0.0.1:0", "--notify", "stdout")...)
	log.says(t, "msg=listening", 1)
	bars("beside a daemon")
	if shown, _ := o.onTerminal(t, "", append(at, "doctor")...); !strings.Contains(shown, "\x1b[32mok     \x1b[0m") {
		t.Errorf("no colours:\n%s", shown)
	}
	o.env = append(o.env, "NO_COLOR=1")
	if shown, _ := o.onTerminal(t, "", append(at, "doctor")...); strings.Contains(shown, "\x1b") || !strings.Contains(shown, "ok      ") {
		t.Errorf("colours, and NO_COLOR:\n%s", shown)
	}
	command := exec.Command("billbot", append(at, "spend")...)
	command.Dir, command.Env = o.dir, o.env
	if piped, err := command.Output(); err != nil || strings.Contains(string(piped), "█") {
		t.Errorf("bars in a pipe: %v\n%s", err, piped)
	}
}

// What takes long shows on a terminal how far it is, and nothing in a pipe.
func TestProgress(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	o.pollAt(t, time.Date(2026, time.April, 4, 7, 0, 0, 0, time.UTC))
	for _, tt := range []struct{ command, want string }{
		{"billbot backtest > out", "backtest [" + strings.Repeat("#", progressBar) + "] 100%"},
		{"billbot backtest --compare rules.yaml > out", "backtest [" + strings.Repeat("#", progressBar) + "] 100%"},
		{"billbot export > out", "export [" + strings.Repeat("#", progressBar) + "] 100%"},
	} {
		command := exec.Command("sh", "-c", tt.command)
		command.Dir, command.Env = o.dir, o.env
		terminal, err := pty.Start(command)
		if err != nil {
			t.Fatal(err)
		}
		shown, _ := io.ReadAll(terminal)
		command.Wait()
		terminal.Close()
		if !strings.Contains(string(shown), tt.want) || !strings.HasSuffix(string(shown), "\r\x1b[K") {
			t.Errorf("%s: showed %q, want %q, taken away at the end", tt.command, shown, tt.want)
		}
		piped := exec.Command("sh", "-c", tt.command)
		piped.Dir, piped.Env = o.dir, o.env
		if out, err := piped.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v, and in a pipe %q", tt.command, err, out)
		}
	}
}
