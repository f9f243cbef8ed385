package main

import (
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/billbot/billbot/fetcher/secret"
)

// secret reads a secret from the variable name, or from the file that
// name_FILE names; none when neither is set. Both set is a mistake: which one
// counts would be a guess.
func (e env) secret(name string) (secret.Value, error) {
	value, file := e.getenv(name), e.getenv(name+"_FILE")
	switch {
	case value != "" && file != "":
		return secret.Value{}, usageError{fmt.Errorf("both %s and %s_FILE are set: unset one", name, name)}
	case file != "":
		return e.secretFile(file)
	}
	return secret.New(strings.TrimSpace(value)), nil
}

// secretFile reads a file that holds nothing but a secret.
func (e env) secretFile(file string) (secret.Value, error) {
	path := e.path(file)
	info, err := os.Stat(path)
	if err != nil {
		return secret.Value{}, fmt.Errorf("reading a secret: %w", err)
	}
	switch mode := info.Mode(); {
	case mode&fs.FileMode(0o004) != 0:
		e.log.Warn("secret file is readable by everyone", "file", file)
	case mode&fs.FileMode(0o040) != 0:
		e.log.Warn("secret file is readable by its group", "file", file)
	}
	data, err := readFile(path, mostSecret)
	if err != nil {
		return secret.Value{}, fmt.Errorf("reading a secret: %w", err)
	}
	if text := strings.TrimSpace(string(data)); text != "" {
		return secret.New(text), nil
	}
	return secret.Value{}, fmt.Errorf("reading a secret: %s is empty", file)
}
