package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// redactor takes what is personal out of texts: the names that it knows, and what
// is personal by its form. nil takes out nothing.
type redactor struct {
	names []redacted // longest first, once something was asked
	known map[string]bool
	count map[string]int // by kind
}

type redacted struct{ text, instead string }

// hide has a name stand as its kind and number from now on, account-1. Of one
// name the first kind counts.
func (r *redactor) hide(kind, name string) {
	if r == nil || name == "" || r.known[name] {
		return
	}
	if r.known == nil {
		r.known, r.count = map[string]bool{}, map[string]int{}
	}
	r.count[kind]++
	r.add(name, fmt.Sprintf("%s-%d", kind, r.count[kind]))
}

// hidePath has a path stand as the last part of it.
func (r *redactor) hidePath(path string) {
	if r == nil || path == "" || r.known[path] {
		return
	}
	if r.known == nil {
		r.known, r.count = map[string]bool{}, map[string]int{}
	}
	r.add(path, "…/"+filepath.Base(path))
}

func (r *redactor) add(name, instead string) {
	r.known[name] = true
	r.names = append(r.names, redacted{name, instead})
	slices.SortStableFunc(r.names, func(a, b redacted) int { return cmp.Compare(len(b.text), len(a.text)) })
}

// text is a text without what is personal.
func (r *redactor) text(text string) string {
	if r == nil {
		return text
	}
	var out strings.Builder
	from := 0 // of what is not known, and judged by its form
	for at := 0; at < len(text); {
		if name, found := r.at(text, at); found {
			out.WriteString(redactForms(text[from:at]) + name.instead)
			at += len(name.text)
			from = at
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return out.String() + redactForms(text[from:])
}

// at is the longest name that stands at a place of a text, as a word of its own.
func (r *redactor) at(text string, at int) (redacted, bool) {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	for _, name := range r.names {
		if !strings.HasPrefix(text[at:], name.text) {
			continue
		}
		first, _ := utf8.DecodeRuneInString(name.text)
		last, _ := utf8.DecodeLastRuneInString(name.text)
		after, _ := utf8.DecodeRuneInString(text[at+len(name.text):])
		if !(inWord(before) && inWord(first)) && !(inWord(last) && inWord(after)) {
			return name, true
		}
	}
	return redacted{}, false
}

func inWord(c rune) bool { return c != utf8.RuneError && (unicode.IsLetter(c) || unicode.IsDigit(c)) }

// redactForms takes out what is personal by its form, wherever it comes from.
func redactForms(text string) string {
	for _, form := range personalForms() {
		text = form.find.ReplaceAllStringFunc(text, form.instead)
	}
	return text
}

// personalForm is what somebody's data looks like.
type personalForm struct {
	find    *regexp.Regexp
	instead func(string) string
}

// Forms of what is personal, in the order in which they are looked for.
var (
	secretForm  = regexp.MustCompile(`\b(xox[a-z]|xapp|xoxe\.xox[a-z]|cfk|cfut|cfat)[-_][A-Za-z0-9_-]+`)
	addressForm = regexp.MustCompile(`\bhttps?://[^\s"'<>)]+`)
	mailForm    = regexp.MustCompile(`[^\s"'<>@]+@[^\s"'<>@]+`)
	pathForm    = regexp.MustCompile(`(~|\.\.?)?(/[^/\s"':,;]+)+`)
	longIDForm  = regexp.MustCompile(`\b[0-9a-fA-F]{32}\b`)
	slackIDForm = regexp.MustCompile(`\b[ABCDEGSTUW][A-Z]*[0-9][A-Z0-9]{6,}\b`)
	numberForm  = regexp.MustCompile(`\b[0-9]{12}\b`)
	ipForm      = regexp.MustCompile(`\b[0-9]{1,3}(\.[0-9]{1,3}){3}(:[0-9]+)?\b|\[[0-9a-fA-F:.%]+\](:[0-9]+)?`)
	hostForm    = regexp.MustCompile(`\b([A-Za-z0-9_-]+\.)+[A-Za-z]{2,}\b`)
)

func personalForms() []personalForm {
	as := func(instead string) func(string) string { return func(string) string { return instead } }
	return []personalForm{
		{secretForm, as("(secret)")}, {addressForm, redactAddress}, {mailForm, as("(mail)")},
		{pathForm, func(path string) string { return "…/" + filepath.Base(path) }},
		{longIDForm, as("(id)")}, {slackIDForm, as("(id)")}, {numberForm, as("(id)")},
		{ipForm, as("(address)")}, {hostForm, redactHost},
	}
}

// redactAddress leaves of an address whose it is, if it is everybody's.
func redactAddress(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return redactHost(host)
}

// redactHost leaves the hosts that billbot asks for everybody, and the names of
// files.
func redactHost(host string) string {
	for _, known := range []string{"api.cloudflare.com", "slack.com", "hooks.slack.com"} {
		if host == known {
			return host
		}
	}
	switch strings.ToLower(filepath.Ext(host)) {
	case ".yaml", ".yml", ".db", ".lock", ".sock", ".json", ".csv":
		return host
	}
	return "(host)"
}
