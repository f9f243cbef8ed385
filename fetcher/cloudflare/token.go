package cloudflare

import (
	"regexp"
	"strings"

	"github.com/billbot/billbot/fetcher/secret"
)

// TokenKind is what a credential is, by how it is written.
type TokenKind string

// The kinds of credentials. Those made before Cloudflare put a prefix before
// each are told apart as far as they can be.
const (
	UserToken    TokenKind = "user API token"
	AccountToken TokenKind = "account API token"
	OldToken     TokenKind = "API token" // of a user or of an account
	GlobalKey    TokenKind = "Global API Key"
	OtherSecret  TokenKind = "no token of Cloudflare's form"
)

// How tokens without a prefix are written.
var (
	oldTokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]{40}$`)
	oldKeyForm   = regexp.MustCompile(`^[0-9a-f]{37}$`)
)

// KindOf says what a credential is. Whether it works only Cloudflare knows.
func KindOf(token secret.Value) TokenKind {
	switch text := token.Reveal(); {
	case strings.HasPrefix(text, "cfut_"):
		return UserToken
	case strings.HasPrefix(text, "cfat_"):
		return AccountToken
	case strings.HasPrefix(text, "cfk_"), oldKeyForm.MatchString(text):
		return GlobalKey
	case oldTokenForm.MatchString(text):
		return OldToken
	}
	return OtherSecret
}
