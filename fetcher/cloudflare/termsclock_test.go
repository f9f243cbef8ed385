package cloudflare

import (
	"testing"
	"time"
)

func TestTermsAreAskedForOnceADay(t *testing.T) {
	var clock termsClock
	morning := time.Date(2026, time.September, 1, 6, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		account string
		after   time.Duration
		want    bool
	}{
		{"a", 0, true}, {"a", time.Hour, false}, {"b", time.Hour, true}, {"a", 23 * time.Hour, false},
		{"a", 24 * time.Hour, true}, {"a", -time.Hour, true},
	} {
		now := morning.Add(tt.after)
		if got := clock.due(tt.account, now); got != tt.want {
			t.Errorf("%s after %s: due %t, want %t", tt.account, tt.after, got, tt.want)
		}
		if tt.after >= 0 && clock.due(tt.account, now) {
			clock.learnt(tt.account, now)
		}
	}
}
