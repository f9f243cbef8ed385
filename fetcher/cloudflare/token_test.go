package cloudflare

import (
	"strings"
	"testing"

	"github.com/billbot/billbot/fetcher/secret"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]TokenKind{
		"cfut_" + strings.Repeat("a", 48): UserToken,
		"cfat_" + strings.Repeat("a", 48): AccountToken,
		"cfk_" + strings.Repeat("a", 48):  GlobalKey,
		strings.Repeat("0f", 18) + "a":    GlobalKey,
		strings.Repeat("aB-_", 10):        OldToken,
		"xoxb-1-2":                        OtherSecret,
		"":                                OtherSecret,
	} {
		if got := KindOf(secret.New(text)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
