package main

import (
	"bytes"
	"context"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// every calls look for each command of the command line, by its whole name.
func every(c *cobra.Command, look func(*cobra.Command)) {
	look(c)
	for _, below := range c.Commands() {
		every(below, look)
	}
}

// Every command and flag says what it is, and its default is a value that it
// takes.
func TestEveryFlagTeaches(t *testing.T) {
	var c cli
	var chosen command
	every(newCommand("billbot", "", reflect.ValueOf(&c).Elem(), &chosen), func(c *cobra.Command) {
		if c.HasParent() && !strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: its help is %q, no sentence", c.CommandPath(), c.Short)
		}
	})
	for _, v := range fieldsOf(reflect.ValueOf(&c).Elem()) {
		if !strings.HasSuffix(v.field.Tag.Get("help"), ".") {
			t.Errorf("--%s: its help is %q, no sentence", nameOf(v.field), v.field.Tag.Get("help"))
		}
		if fallback := v.field.Tag.Get("default"); fallback != "" && v.field.Type.Kind() != reflect.Struct {
			if err := v.Set(fallback); err != nil {
				t.Errorf("--%s: its default: %v", nameOf(v.field), err)
			}
		}
	}
}

// fieldsOf is every field of a struct that has a tag, and of those in it.
func fieldsOf(target reflect.Value) (all []fieldValue) {
	for i := range target.NumField() {
		field, value := target.Type().Field(i), target.Field(i)
		if has(field, "help") {
			all = append(all, fieldValue{field, value})
		}
		if (field.Anonymous || has(field, "cmd")) && field.Type.Kind() == reflect.Struct {
			all = append(all, fieldsOf(value)...)
		}
	}
	return all
}

func TestArguments(t *testing.T) {
	for _, tt := range []struct {
		args, want string // what is said when it is wrong
	}{
		{"ack", "ID is missing: The alert, by the ID"},
		{"ack abc def", `unexpected argument "def"`},
		{"snooze abc", "24h|7d|period is missing"},
		{"outbox drop seven", `ID: "seven" is not a whole number`},
		{"outbox lose 7", `unexpected argument "lose"`},
		{"history --from soon", `day "soon" is not written as 2006-01-31`},
		{"spend --format xml", "it must be one of text, json"},
		{"spend --fromat json", "unknown flag: --fromat"},
		{"spent", `unknown command "spent"`},
		{"test", "FILE... is missing"},
	} {
		var out, err bytes.Buffer
		code := run(context.Background(), strings.Fields(tt.args), env{stdout: &out, stderr: &err})
		if got := err.String(); code != exitUsage || !strings.Contains(got, tt.want) || !strings.Contains(got, "hint: ") || out.Len() > 0 {
			t.Errorf("billbot %s: exit %d, %q and %q, want %q", tt.args, code, got, out.String(), tt.want)
		}
	}
}

// Shells are told the words that a flag takes.
func TestCompletion(t *testing.T) {
	var out bytes.Buffer
	for _, shell := range []string{"bash", "zsh", "fish"} {
		out.Reset()
		if code := run(context.Background(), []string{"completion", shell}, env{stdout: &out, stderr: io.Discard}); code != exitOK || !strings.Contains(out.String(), "billbot") {
			t.Errorf("%s: exit %d, %d bytes", shell, code, out.Len())
		}
	}
	out.Reset()
	run(context.Background(), []string{"__complete", "spend", "--format", ""}, env{stdout: &out, stderr: io.Discard})
	if !strings.HasPrefix(out.String(), "text\njson\n") {
		t.Errorf("got %q, want text and json", out.String())
	}
}
