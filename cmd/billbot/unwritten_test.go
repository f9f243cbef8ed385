package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFullDiskIsTold: a database that cannot be written is told once, in Slack
// and in /healthz, and so is that it can be again.
func TestFullDiskIsTold(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("mounting needs privileges: %v", err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	w := newWorld(t, loopRules, twoMonths())
	w.env.dbFile = filepath.Join(dir, "billbot.db")
	eng := w.open(t)
	defer eng.store.Close()
	now := time.Date(2000, time.January, 20, 7, 0, 0, 0, time.UTC)
	ballast := filepath.Join(dir, "ballast")
	_ = os.WriteFile(ballast, make([]byte, 1<<20), 0o600) // as much as there is room for
	var full error
	for ; full == nil; now = now.AddDate(0, 0, 1) {
		if w.cloud.SetNow(now); now.Year() > 2000 {
			t.Fatal("the disk is never full")
		}
		full = eng.sweep(t.Context(), now)
	}
	look := func(when string, reason string, want ...string) {
		t.Helper()
		for range 3 {
			if err := eng.watchDisk(t.Context(), now); err != nil {
				t.Errorf("%s: error %v", when, err)
			}
		}
		h, err := eng.health(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		if told := slices.ContainsFunc(h.Reasons, func(r string) bool { return r == reason }); told != (reason != "") {
			t.Errorf("%s: /healthz says %q, want %q", when, h.Reasons, reason)
		}
		var got []string
		for _, m := range w.slack.posted("") {
			if strings.HasPrefix(m.Text, "billbot") || strings.Contains(m.Text, "database") {
				got = append(got, m.Text)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%s: Slack has %q", when, got)
		}
		for i := range want {
			if !strings.Contains(got[i], want[i]) {
				t.Errorf("%s: message %d is %q, want %q", when, i, got[i], want[i])
			}
		}
	}
	look("nothing is known", "")
	eng.unwritten.ended("poll", full)
	eng.unwritten.ended("summary", nil)
	const reason = "the database cannot be written: its disk is full: free some space"
	look("full", reason, "billbot cannot write its database")
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	look("room again, nothing was written yet", reason, "billbot cannot write its database")
	eng.unwritten.ended("poll", eng.sweep(t.Context(), now))
	look("written", "", "billbot cannot write its database", "billbot can write its database again")
}
