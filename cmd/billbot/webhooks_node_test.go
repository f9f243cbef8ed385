//go:build standardwebhooks

package main

import (
	"bufio"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// heardLine is a line that .ci/webhook/receiver.js prints.
type heardLine struct {
	Listening              int
	Event, Repeat, Refused string
}

// startReceiver starts the receiver and returns its URL and what it prints.
func startReceiver(t *testing.T, secret string) (string, *bufio.Scanner) {
	t.Helper()
	command := exec.Command("node", filepath.Join("..", "..", ".ci", "webhook", "receiver.js"))
	command.Env, command.Stderr = append(os.Environ(), "WEBHOOK_SECRET="+secret), os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatalf("starting the receiver; npm ci in .ci/webhook installs it: %v", err)
	}
	timer := time.AfterFunc(time.Minute, func() { command.Process.Kill() })
	t.Cleanup(func() {
		timer.Stop()
		command.Process.Kill()
		command.Wait()
	})
	said := bufio.NewScanner(stdout)
	return "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(nextLine(t, said).Listening)), said
}

func nextLine(t *testing.T, said *bufio.Scanner) (line heardLine) {
	t.Helper()
	if !said.Scan() {
		t.Fatal("the receiver ended")
	}
	if err := json.Unmarshal(said.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	return line
}

// TestStandardWebhooks: a receiver made with another library verifies each event
// and knows by its ID what was sent again, as its answer was lost.
func TestStandardWebhooks(t *testing.T) {
	url, said := startReceiver(t, hookSecret)
	h := newHooked(t, url)
	h.morning(t, "2026-04-03")
	now := h.morning(t, "2026-04-04")
	want := map[heardLine]int{{Event: "summary"}: 2, {Event: "fired"}: 1, {Repeat: "summary"}: 2, {Repeat: "fired"}: 1}
	for range 12 {
		now = now.Add(time.Hour)
		h.deliver(t, now)
	}
	if items, err := h.eng.store.Undelivered(t.Context()); err != nil || len(items) > 0 {
		t.Fatalf("left %v, %v", items, err)
	}
	for range 6 {
		want[nextLine(t, said)]--
	}
	for line, left := range want {
		if left != 0 {
			t.Errorf("%+v: %d more or less than was to come", line, left)
		}
	}
}

// TestStandardWebhooksRefuses: what another secret signed is not taken.
func TestStandardWebhooksRefuses(t *testing.T) {
	url, said := startReceiver(t, "whsec_"+"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
	h := newHooked(t, url)
	h.morning(t, "2026-04-03")
	if line := nextLine(t, said); line.Refused == "" {
		t.Errorf("got %+v", line)
	}
}
