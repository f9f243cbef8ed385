package main

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStoppedAnywhere tells the daemon to stop again and again while it
// delivers, to a Slack that is slow and loses answers: it ends in time, takes
// that for no failure, and nothing is lost or told twice.
func TestStoppedAnywhere(t *testing.T) {
	t.Parallel()
	k := &killing{kills: sized(15, 200, 1000), end: (*killing).stop}
	for k.killed < k.kills {
		k.round(t, true, 1)
	}
	line := fmt.Sprintf("stops=%d seconds=%.2f lost=%d duplicates=%d inversions=%d damaged=%d",
		k.killed, k.slowest.Seconds(), k.lost, k.duplicates, k.inversions, k.damaged)
	t.Attr("score", "24 "+line)
	if k.lost+k.duplicates+k.inversions+k.damaged > 0 || k.slowest > stopPatience {
		t.Error(line)
	}
}

// stop asks a daemon to end, and measures how long that takes. One that did not
// listen yet has nothing in hand, and is ended by the signal itself.
func (k *killing) stop(t *testing.T, command *exec.Cmd, said *processLog) {
	t.Helper()
	began := time.Now()
	_ = command.Process.Signal(syscall.SIGTERM)
	err := command.Wait()
	k.slowest = max(k.slowest, time.Since(began))
	if err != nil && strings.Contains(said.String(), "listening") {
		t.Errorf("told to stop, it ended with %v:\n%s", err, said)
	}
}
