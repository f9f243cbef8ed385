package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// finding is one thing that was looked at.
type finding struct {
	Check   string `json:"check"`
	Account string `json:"account,omitempty"` // "" where it is about no account
	Level   level  `json:"level"`
	Text    string `json:"text"`
	Do      string `json:"do,omitempty"` // what to do, "" where nothing is
}

// count is how many findings have a level.
func (d *doctor) count(l level) int {
	n := 0
	for _, f := range d.found {
		if f.Level == l {
			n++
		}
	}
	return n
}

// topic is what findings are about.
type topic struct {
	doctor         *doctor
	check, account string
}

func (d *doctor) on(check string) topic { return topic{doctor: d, check: check} }

func (d *doctor) of(account, check string) topic { return topic{d, check, account} }

// ours is text of billbot's own, in which nothing is looked for that is
// personal.
type ours string

func (t topic) ok(format string, args ...any) { t.add(fine, "", format, args) }

// warn keeps a finding that a person should see, and what to do, which is
// billbot's own words.
func (t topic) warn(do, format string, args ...any) { t.add(doubtful, do, format, args) }

// fail keeps a finding that keeps billbot from its work.
func (t topic) fail(do, format string, args ...any) { t.add(wrong, do, format, args) }

// add keeps a finding. What is put into the sentence is redacted, and not the
// sentence: an account may be called by one of its words.
func (t topic) add(l level, do, format string, args []any) {
	hide := t.doctor.hide
	args = slices.Clone(args)
	for i, arg := range args {
		switch arg := arg.(type) {
		case ours, int, int64, uint64:
		case string:
			args[i] = hide.text(arg)
		default:
			args[i] = hide.text(fmt.Sprint(arg))
		}
	}
	t.doctor.found = append(t.doctor.found, finding{t.check, hide.text(t.account), l, oneLine(fmt.Sprintf(format, args...)), do})
}

// oneLine keeps what others wrote on the line of its finding.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// listener makes findings of what would be logged as a warning or worse.
func (d *doctor) listener() slog.Handler { return warnings{d: d} }

type warnings struct {
	d     *doctor
	attrs []slog.Attr
}

// Enabled takes warnings and errors.
func (w warnings) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle keeps one as a finding.
func (w warnings) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	say := func(a slog.Attr) bool {
		text += fmt.Sprintf(", %s: %v", a.Key, a.Value)
		return true
	}
	for _, a := range w.attrs {
		say(a)
	}
	r.Attrs(say)
	w.d.on("log").warn("", "%s", text)
	return nil
}

// WithAttrs remembers attributes for all that follows.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	w.attrs = slices.Concat(w.attrs, attrs)
	return w
}

// WithGroup changes nothing: findings have no groups.
func (w warnings) WithGroup(string) slog.Handler { return w }
