package main

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/billbot/billbot/fetcher"
)

// TestStopWhileSlackHangs tells the daemon to stop while Slack does not answer.
// It stops well before it would be killed, calls that no failure, and keeps that
// the message may be there.
func TestStopWhileSlackHangs(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	o.poll(t, fetcher.NewDay(2026, time.April, 3))
	now := time.Date(2026, time.April, 4, 7, 0, 0, 0, time.UTC)
	o.cloud.SetNow(now)
	begun := make(chan struct{})
	o.slack.ScriptFunc(hangOn(1, begun))
	o.env = append(o.env, "SLACK_TIMEOUT=1m")
	command, log := o.start(t, "run", "--listen", "127.0.0.1:0", "--now", now.Format(time.RFC3339))
	<-begun
	told := time.Now()
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err := command.Wait()
	if took := time.Since(told); err != nil || took > stopPatience {
		t.Errorf("stopped after %s: %v, want within %s and no failure\n%s", took, err, stopPatience, log)
	}
	list := exec.Command("billbot", "outbox")
	list.Dir, list.Env = o.dir, o.env
	if said, err := list.CombinedOutput(); err != nil || strings.Count(string(said), "it may be there already") != 1 {
		t.Errorf("the outbox after that: %s%v", said, err)
	}
}

// TestSecondDaemonIsRefusedInTime starts one beside another, which answers
// within three seconds that it may not.
func TestSecondDaemonIsRefusedInTime(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	_, log := o.start(t, "run", "--listen", "127.0.0.1:0")
	log.says(t, "polled", 1)
	began := time.Now()
	second, said := o.start(t, "run", "--listen", "127.0.0.1:0")
	err := second.Wait()
	took := time.Since(began)
	if err == nil || took > 3*time.Second || !strings.Contains(said.String(), "in use") {
		t.Errorf("after %s: %v, %s; want a refusal within three seconds", took, err, said)
	}
	t.Attr("score", fmt.Sprintf("13 seconds=%.2f messages=%d", took.Seconds(), strings.Count(said.String(), "message sent")))
}
