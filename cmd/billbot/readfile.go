package main

import (
	"fmt"
	"io"
	"os"
)

// What files may hold: those with rules, which say by themselves when they are
// too long, and those with a secret.
const (
	mostRules  = 2 << 20
	mostSecret = 64 << 10
)

// readFile reads a file of so many bytes at most: a path that somebody got wrong
// may lead to one that has no end.
func readFile(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, fmt.Errorf("%s is longer than %d KiB", path, most>>10)
	}
	return data, err
}
