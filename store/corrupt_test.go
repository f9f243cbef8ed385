package store

import (
	"bytes"
	"errors"
	"fmt"
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

// TestCorruptFiles spoils a real file 1,200 times, half of them where it was
// closed as it should be, so that leaves are not walked when it is opened. Nothing
// but what was written may be returned, or where the newest root is spoiled, what
// was written before; and what cannot be read is named by Check. Of a leaf that
// was not walked what it held may be missing, and so may what lies under a spoiled
// key, which Check says too.
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
	images := 0
	for name, corrupt := range corruptions {
		for _, closed := range []bool{false, true} {
			spoilOften(t, fmt.Sprintf("%s, closed %v", name, closed), closed, want, func(r *rand.Rand, spoiled string) {
				images++
				writeFile(t, spoiled, string(corrupt(r, bytes.Clone(image))))
				if closed {
					writeFile(t, spoiled+lockEnding, fmt.Sprintf(markText, readMark(path+lockEnding)))
				}
			})
		}
	}
	t.Attr("score", fmt.Sprintf("12 images=%d", images))
}

// spoilOften reads 200 files that spoil makes.
func spoilOften(t *testing.T, name string, closed bool, want map[string]any, spoil func(r *rand.Rand, path string)) {
	t.Helper()
	spoiled := filepath.Join(t.TempDir(), "spoiled.db")
	r := rand.New(rand.NewPCG(1, 2))
	refused, named, harmless := 0, 0, 0
	for range 200 {
		spoil(r, spoiled)
		switch noticed, opened := readSpoiled(t, name, spoiled, closed, want); {
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

// readSpoiled reads what can be read, and compares it with what was written.
func readSpoiled(t *testing.T, name, path string, closed bool, want map[string]any) (noticed, opened bool) {
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
	if err != nil && !errors.Is(err, ErrDamaged) {
		t.Errorf("%s: Check: error %v does not say damaged", name, err)
	}
	noticed = err != nil || len(found.Problems) > 0
	got, readErr := everything(t, s)
	if readErr != nil && !noticed {
		t.Errorf("%s: Check did not find %v", name, readErr)
	}
	if s.found.torn && !noticed {
		t.Errorf("%s: Check does not say that the last write may be missing", name)
	}
	for what, value := range got {
		if noticed && !s.found.torn {
			checkFigures(t, name, want, what, value)
			continue
		}
		if diff := cmp.Diff(want[what], value, inside); diff != "" && !s.found.torn {
			t.Errorf("%s: %s is wrong (-want +got):\n%s", name, what, diff)
		}
	}
	return noticed, true
}

// checkFigures compares the charges of a view, whatever else is missing, and wants
// what is there of anything else to be what was written.
func checkFigures(t *testing.T, name string, want map[string]any, what string, value any) {
	t.Helper()
	got, isView := value.(View)
	if !isView {
		checkPart(t, name+": "+what, want[what], value)
		return
	}
	expected := want[what].(View)
	if !cmp.Equal(expected.Bill.Lines, got.Bill.Lines, inside) || !cmp.Equal(expected.Ledger.Charges, got.Ledger.Charges, inside) {
		t.Errorf("%s: %s: the charges are wrong", name, what)
	}
}

// checkPart wants each of a list to be one of those that were written.
func checkPart(t *testing.T, name string, want, got any) {
	t.Helper()
	written, read := reflect.ValueOf(want), reflect.ValueOf(got)
	if read.Kind() != reflect.Slice {
		return
	}
	for i := range read.Len() {
		there := false
		for k := range written.Len() {
			there = there || cmp.Equal(written.Index(k).Interface(), read.Index(i).Interface(), inside)
		}
		if !there {
			t.Errorf("%s: %+v was never written", name, read.Index(i).Interface())
		}
	}
}
