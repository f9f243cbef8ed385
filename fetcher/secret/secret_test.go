package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const marker = "marker-7f3a"

// holders are the ways in which a secret lies in other values.
func holders(v Value) map[string]any {
	type inner struct{ value Value }
	type outer struct {
		Exported Value
		hidden   Value
		inner    inner
		Pointer  *inner
		List     []Value
		Map      map[string]Value
		Any      any
	}
	return map[string]any{
		"itself": v, "pointer": &v, "list": []Value{v}, "map": map[string]Value{"a": v},
		"struct": outer{v, v, inner{v}, &inner{v}, []Value{v}, map[string]Value{"a": v}, v},
		"error":  fmt.Errorf("asking with %v: %w", v, errors.New("refused")),
	}
}

func TestNothingPrintsASecret(t *testing.T) {
	for name, holder := range holders(New(marker)) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T", "%p", "%08.3f", "%!"} {
			check(t, name+" "+verb, fmt.Sprintf(verb, holder))
		}
		encoded, err := json.Marshal(holder)
		if err != nil {
			t.Fatal(err)
		}
		check(t, name+" as JSON", string(encoded))
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("text", "value", holder)
		slog.New(slog.NewJSONHandler(&log, nil)).With("with", holder).Info("JSON", slog.Group("in", "value", holder))
		check(t, name+" in a log", log.String())
	}
}

func check(t *testing.T, name, text string) {
	t.Helper()
	if strings.Contains(text, marker) || strings.Contains(text, fmt.Sprintf("%x", marker)) {
		t.Errorf("%s prints the secret: %s", name, text)
	}
}

func TestSecretSaysThatItIsHidden(t *testing.T) {
	if got, want := fmt.Sprintf("%v %#v %s %q", New(marker), New(marker), New(marker), New(marker)), "[secret] [secret] [secret] [secret]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestScrub(t *testing.T) {
	v, kept := New(marker), errors.New("refused")
	err := v.ScrubError(fmt.Errorf("bad token %s: %w", marker, kept))
	if got, want := err.Error(), "bad token [secret]: refused"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if v.ScrubError(kept) != kept || v.ScrubError(nil) != nil || (Value{}).ScrubError(kept) != kept {
		t.Error("an error without the secret was changed")
	}
	if got := string(v.ScrubBytes([]byte("a " + marker + " b"))); got != "a [secret] b" {
		t.Errorf("got %q", got)
	}
	if got := (Value{}).Scrub("as it is") + string((Value{}).ScrubBytes([]byte("!"))); got != "as it is!" {
		t.Errorf("no secret scrubbed: %q", got)
	}
}

func TestNoSecret(t *testing.T) {
	if v := New(""); !v.IsZero() || v.Reveal() != "" || New(marker).Reveal() != marker || New(marker).IsZero() {
		t.Error("New does not keep what it is given")
	}
}
