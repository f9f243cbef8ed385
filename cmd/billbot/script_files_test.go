package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptModes compares files' permissions: modes 600 FILE...
func scriptModes(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	for _, file := range args[1:] {
		info, err := os.Stat(ts.MkAbs(file))
		ts.Check(err)
		if got := info.Mode().Perm(); got != os.FileMode(want) {
			ts.Fatalf("%s: mode %o, want %o", file, got, want)
		}
	}
}

// scriptDamage breaks a database: damage FILE value, in each of its receipts;
// damage FILE page, the head of the newest root.
func scriptDamage(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	image, err := os.ReadFile(path)
	ts.Check(err)
	switch args[1] {
	case "value":
		for at := range image {
			if bytes.HasPrefix(image[at:], []byte(`"sent_at":"`)) {
				image[at] ^= 1
			}
		}
	case "page":
		copy(image[newestRoot(image):], make([]byte, 16))
	default:
		ts.Fatalf("no such damage: %s", args[1])
	}
	ts.Check(os.WriteFile(path, image, 0o600))
}

// newestRoot is where the page lies that bbolt's newer meta page leads to.
func newestRoot(image []byte) uint64 {
	size := uint64(os.Getpagesize())
	meta := image[16:]
	if other := image[size+16:]; binary.NativeEndian.Uint64(other[48:]) > binary.NativeEndian.Uint64(meta[48:]) {
		meta = other
	}
	return size * binary.NativeEndian.Uint64(meta[16:])
}
