// Package secret keeps tokens out of whatever they might be printed into.
package secret

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Hidden stands wherever a secret would have been printed.
const Hidden = "[secret]"

// Value is a secret. However it is printed (by fmt with any verb, as JSON, as
// text, by slog), [Hidden] comes out; only [Value.Reveal] tells it. The zero
// Value is none.
type Value struct {
	// A pointer, because fmt calls no methods of what lies in unexported fields,
	// and prints the address of a pointer there.
	text *string
}

// New makes a secret of a text; "" is none.
func New(text string) Value {
	if text == "" {
		return Value{}
	}
	return Value{&text}
}

// Reveal returns the secret, "" for none. It belongs where the secret is sent.
func (v Value) Reveal() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// IsZero reports whether there is no secret.
func (v Value) IsZero() bool { return v.text == nil }

// Format prints [Hidden] for every verb.
func (Value) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, Hidden) }

// String returns [Hidden].
func (Value) String() string { return Hidden }

// MarshalText returns [Hidden].
func (Value) MarshalText() ([]byte, error) { return []byte(Hidden), nil }

// LogValue returns [Hidden].
func (Value) LogValue() slog.Value { return slog.StringValue(Hidden) }

// Scrub writes [Hidden] over the secret in a text. Servers and proxies repeat
// what they were sent.
func (v Value) Scrub(text string) string {
	if v.text == nil {
		return text
	}
	return strings.ReplaceAll(text, *v.text, Hidden)
}

// ScrubBytes is Scrub for bytes, which are returned as they are where the secret
// is not in them.
func (v Value) ScrubBytes(text []byte) []byte {
	if v.text == nil || !bytes.Contains(text, []byte(*v.text)) {
		return text
	}
	return bytes.ReplaceAll(text, []byte(*v.text), []byte(Hidden))
}

// ScrubError returns an error whose text does not have the secret: the error
// itself, or where it has it, one of the text alone.
func (v Value) ScrubError(err error) error {
	if err == nil || v.text == nil || !strings.Contains(err.Error(), *v.text) {
		return err
	}
	return errors.New(v.Scrub(err.Error()))
}
