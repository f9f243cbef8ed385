package store

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/billbot/billbot/fetcher"
)

// inside compares unexported fields too.
var inside = cmp.Exporter(func(reflect.Type) bool { return true })

// corruptions are ways in which a disk spoils a file.
var corruptions = map[string]func(r *rand.Rand, image []byte) []byte{
	"a flipped byte": func(r *rand.Rand, image []byte) []byte {
		image[r.IntN(len(image))] ^= byte(1 + r.IntN(255))
		return image
	},
	"a zeroed page": func(r *rand.Rand, image []byte) []byte {
		page := os.Getpagesize()
		clear(image[r.IntN(len(image)/page)*page:][:page])
		return image
	},
	"a cut": func(r *rand.Rand, image []byte) []byte { return image[:r.IntN(len(image))] },
}

// TestCorruptFiles spoils a real file 600 times. Nothing but what was written may
// be returned, or where the newest root is spoiled, what was written before; and
// what cannot be read is named by Check.
func TestCorruptFiles(t *testing.T) {
	path := fullFile(t)
	s := openTest(t, path)
	for i := range 16 { // so that the tree has branches
		c := fullCommit(fetcher.Account{ID: string(rune('a'+i%13)) + "-account", Name: "x"})
		c.Generation = uint64(i / 13)
		c.Items, c.Alerts[0].Day = nil, july+fetcher.Day(i)
		mustCommit(t, s, c)
	}
	mustClose(t, s)
	image, err := os.ReadFile(path)
	mustDo(t, err)
	want := allOf(t, path)
	spoiled := filepath.Join(t.TempDir(), "spoiled.db")
	for name, corrupt := range corruptions {
		r := rand.New(rand.NewPCG(1, 2))
		refused, named, harmless := 0, 0, 0
		for range 200 {
			writeFile(t, spoiled, string(corrupt(r, bytes.Clone(image))))
			switch noticed, opened := readSpoiled(t, name, spoiled, want); {
			case !opened:
				refused++
			case noticed:
				named++
			default:
				harmless++
			}
		}
		t.Logf("%s: %d not opened, %d opened with what is wrong named, %d harmless", name, refused, named, harmless)
	}
}

// readSpoiled reads what can be read, and compares it with what was written.
func readSpoiled(t *testing.T, name, path string, want map[string]any) (noticed, opened bool) {
	t.Helper()
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrForeign) {
			t.Errorf("%s: error %v says neither damaged nor foreign", name, err)
		}
		return true, false
	}
	defer s.Close()
	found, err := s.Check(t.Context())
	mustDo(t, err)
	noticed = len(found.Problems) > 0
	got, readErr := everything(t, s)
	if readErr != nil && !noticed {
		t.Errorf("%s: Check did not find %v", name, readErr)
	}
	if s.file.torn && !noticed {
		t.Errorf("%s: Check does not say that the last write may be missing", name)
	}
	for what, value := range got {
		if diff := cmp.Diff(want[what], value, inside); diff != "" && !s.file.torn {
			t.Errorf("%s: %s is wrong (-want +got):\n%s", name, what, diff)
		}
	}
	return noticed, true
}
