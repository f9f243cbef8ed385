package notifier

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var t0 = time.Date(2026, time.July, 10, 12, 0, 0, 0, time.UTC)

func TestCeilingDoublesUpToTenMinutes(t *testing.T) {
	tests := []struct {
		attempts int
		want     time.Duration
	}{
		{1, 2 * time.Second},
		{2, 4 * time.Second},
		{9, 512 * time.Second},
		{10, 10 * time.Minute},
		{1_000_000, 10 * time.Minute},
	}
	for _, tt := range tests {
		if got := ceiling(tt.attempts); got != tt.want {
			t.Errorf("ceiling(%d) = %s, want %s", tt.attempts, got, tt.want)
		}
	}
}

func TestFailedDecidesByClass(t *testing.T) {
	boom := errors.New("boom")
	begun := Item{ID: 1, State: Pending}.Begun(t0)
	long := begun
	long.FailingSince = t0.Add(-72 * time.Hour)
	long.Attempts = 20
	tests := []struct {
		name    string
		item    Item
		outcome Outcome
		want    Item
	}{
		{"refused", begun, Outcome{Class: Refused, Err: boom}, Item{State: Dead, Attempts: 1, LastError: "boom"}},
		{"without error", begun, Outcome{Class: Refused}, Item{State: Dead, Attempts: 1, LastError: "refused"}},
		{"told to wait", begun, Outcome{Class: Retry, Err: boom, RetryAfter: 30 * time.Second},
			Item{State: Pending, Attempts: 1, LastError: "boom", FailingSince: t0, NotBefore: t0.Add(30 * time.Second), Pauses: PauseAll}},
		{"ambiguous", begun, Outcome{Class: Ambiguous, Err: boom, RetryAfter: time.Second},
			Item{State: Pending, Attempts: 1, LastError: "boom", FailingSince: t0, UnsureSince: t0, NotBefore: t0.Add(time.Second), Pauses: PauseAll}},
		{"closed", begun, Outcome{Class: Closed, Err: boom},
			Item{State: Pending, Closed: PauseAll, LastError: "boom", NotBefore: t0.Add(10 * time.Minute), Pauses: PauseAll}},
		{"channel closed", begun, Outcome{Class: Closed, Err: boom, Pauses: PauseChannel},
			Item{State: Pending, Closed: PauseChannel, LastError: "boom", NotBefore: t0.Add(10 * time.Minute), Pauses: PauseChannel}},
		{"closed for long", long, Outcome{Class: Closed, Err: boom},
			Item{State: Pending, Closed: PauseAll, LastError: "boom", NotBefore: t0.Add(10 * time.Minute), Pauses: PauseAll}},
		{"failing for long", long, Outcome{Class: Retry, Err: boom, RetryAfter: time.Second},
			Item{State: Dead, Attempts: 20, LastError: "boom", FailingSince: t0.Add(-72 * time.Hour)}},
	}
	for _, tt := range tests {
		tt.want.ID, tt.want.StartedAt = 1, t0
		if diff := cmp.Diff(tt.want, tt.item.failed(tt.outcome, t0)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestBackoffStaysUnderItsCeiling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		item := Item{Attempts: rapid.IntRange(0, 200).Draw(t, "attempts")}.Begun(t0)
		failed := item.failed(Outcome{Class: Retry}, t0)
		if wait := failed.NotBefore.Sub(t0); wait < 0 || wait >= ceiling(item.Attempts) {
			t.Fatalf("attempt %d waits %s, want less than %s", item.Attempts, wait, ceiling(item.Attempts))
		}
	})
}

func TestBegunRemembersAnAttemptWithoutEnd(t *testing.T) {
	first := Item{State: Pending}.Begun(t0)
	second := first.Begun(t0.Add(time.Minute))
	third := second.Begun(t0.Add(time.Hour))
	if !first.UnsureSince.IsZero() || !second.UnsureSince.Equal(t0) || !third.UnsureSince.Equal(t0) || third.Attempts != 3 {
		t.Errorf("unsure since %v, %v, %v", first.UnsureSince, second.UnsureSince, third.UnsureSince)
	}
}
