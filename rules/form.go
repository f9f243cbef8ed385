package rules

import (
	"slices"
	"strings"

	"github.com/billbot/billbot/fetcher"
	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"
)

// Form is a YAML file that belongs to a rules file and is read as strictly:
// every mistake at once, with its line and column, and with what was most
// likely meant. Test files are read by it.
type Form struct {
	r    *reader
	root field
}

// NewForm parses a file. what is what messages call it ("test file"), needs
// what an empty one lacks ("tests"). The file name is only for messages.
func NewForm(what, needs, file string, data []byte) *Form {
	r := newReader(file)
	r.what, r.needs = what, needs
	f := &Form{r: r, root: field{node: r.parse(data)}}
	if f.root.node != nil {
		r.refuse(f.root.node)
	}
	return f
}

// Root is the whole of the file; an absent part where it cannot be read.
func (f *Form) Root() Part { return Part{f.r, f.root} }

// Err is [Problems], every mistake reported so far in the file's order, or nil.
func (f *Form) Err() error {
	if len(f.r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(f.r.problems, byPosition)
	return f.r.problems
}

// Part is a value in a form. One that was left out is absent: reading it gives
// nothing and reports nothing.
type Part struct {
	r *reader
	f field
}

// Present reports whether the part was written at all.
func (p Part) Present() bool { return p.f.node != nil }

// Line is where the part stands, from 1; 0 for an absent one.
func (p Part) Line() int {
	if p.f.node == nil {
		return 0
	}
	return p.f.node.Line
}

// Report notes a mistake at the part.
func (p Part) Report(format string, args ...any) { p.r.report(p.f.node, format, args...) }

// ReportIn notes a mistake so many characters into the text of the part.
func (p Part) ReportIn(offset int, format string, args ...any) {
	at := *p.f.node
	switch {
	case at.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		offset = 0 // its lines are elsewhere
	case at.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		offset++
	}
	at.Column += offset
	if !p.r.told[p.f.node] {
		p.r.report(&at, format, args...)
	}
}

// Items is the values of a list, which may be empty.
func (p Part) Items() []Part {
	if p.f.node == nil || p.f.node.Kind == yaml.SequenceNode && len(p.f.node.Content) == 0 {
		return nil
	}
	var parts []Part
	for _, item := range p.r.list(p.f) {
		parts = append(parts, Part{p.r, item})
	}
	return parts
}

// Hopeless reports whether so many mistakes of the file were reported that no
// more are: there is no use in reading on.
func (p Part) Hopeless() bool { return p.r.hopeless() }

// IsList and IsMapping tell what a part is, where it may be several things.
func (p Part) IsList() bool { return p.f.node != nil && p.f.node.Kind == yaml.SequenceNode }

// IsMapping reports whether the part is a mapping.
func (p Part) IsMapping() bool { return p.f.node != nil && p.f.node.Kind == yaml.MappingNode }

// Entries is a mapping whose keys are names that the writer chose: the parts
// by their keys, in the order of the file.
func (p Part) Entries(name string) []Entry {
	n := p.f.node
	if n == nil || p.r.told[n] {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		p.r.report(n, "%s must be a mapping of names and values, not %s", name, kindName(n))
		return nil
	}
	var entries []Entry
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := field{key: "name", node: n.Content[i]}
		if text, ok := p.r.written(key); ok {
			p.r.repeated(first, key.node, "name", text)
			entries = append(entries, Entry{text, Part{p.r, key}, Part{p.r, field{key: text, node: n.Content[i+1]}}})
		}
	}
	return entries
}

// Entry is a name with its value.
type Entry struct {
	Name  string
	Key   Part
	Value Part
}

// Block reads a mapping that may hold these keys and no other. name is what
// messages call it.
func (p Part) Block(name string, keys ...string) Block {
	return Block{p.r.section(p.f, block{name: name, keys: keys})}
}

// Block is a mapping with known keys.
type Block struct{ s section }

// Get is the value of a key, absent where it was left out.
func (b Block) Get(key string) Part { return Part{b.s.r, b.s.get(key)} }

// Need is the value of a key that may not be left out.
func (b Block) Need(key string) Part { return Part{b.s.r, b.s.need(key)} }

// Text is a single value as it was written.
func (p Part) Text() (string, bool) { return p.r.written(p.f) }

// LongText is a single value of any length and of several lines.
func (p Part) LongText() (string, bool) {
	if !p.r.present(p.f) || p.r.told[p.f.node] {
		return "", false
	}
	if p.f.node.Kind != yaml.ScalarNode {
		p.r.report(p.f.node, "%q must be a single value, not %s", p.f.key, kindName(p.f.node))
		return "", false
	}
	return p.f.node.Value, true
}

// Day is a day written as 2026-01-31.
func (p Part) Day() (fetcher.Day, bool) {
	text, ok := p.r.written(p.f)
	if !ok {
		return 0, false
	}
	day, err := fetcher.ParseDay(text)
	if err != nil || day <= 0 {
		p.Report("bad day %s: write it as 2026-01-31", shown(text))
		return 0, false
	}
	return day, true
}

// Number is a number of plain digits that is not negative.
func (p Part) Number() (decimal.Decimal, bool) {
	text, ok := p.r.written(p.f)
	if !ok {
		return decimal.Decimal{}, false
	}
	n, ok := p.r.number(p.f, text, "20.50")
	if ok && n.IsNegative() {
		p.Report("%q must not be negative, as %s is", p.f.key, text)
		return decimal.Decimal{}, false
	}
	return n, ok
}

// Currency is the code of a currency.
func (p Part) Currency() string { return p.r.currency(p.f) }

// Word is one of a few words, or the first of them where the part is absent.
func (p Part) Word(known ...string) string {
	return choose(p.r, p.f, choice[string]{known: known, fallback: known[0]})
}

// Names is what things of a kind are called, to look names up in.
type Names struct {
	all    []string
	folded map[string]string
}

// NewNames takes names; the empty one, and one that differs from another in
// case alone, are left out.
func NewNames(names []string) Names {
	n := Names{folded: map[string]string{}}
	for _, name := range names {
		folded := strings.ToLower(name)
		if _, seen := n.folded[folded]; seen || name == "" {
			continue
		}
		n.folded[folded] = name
		n.all = append(n.all, name)
	}
	return n
}

// Known looks up a name, whatever its case, and reports a mistake with the
// nearest where there is none. what is what the name is of: "rule".
func (p Part) Known(what, name string, known Names) (string, bool) {
	if is, ok := known.folded[strings.ToLower(name)]; ok {
		return is, true
	}
	p.r.looks -= len(known.all) // a file of many names has many to compare
	near, ok := "", false
	if p.r.looks >= 0 {
		near, ok = Nearest(name, known.all)
	}
	switch {
	case ok:
		p.Report("no %s is called %s: did you mean %q?", what, shown(name), near)
	case len(known.all) == 0:
		p.Report("no %s is called %s: there are none", what, shown(name))
	default:
		p.Report("no %s is called %s: there are %s", what, shown(name), strings.Join(known.all[:min(len(known.all), 5)], ", "))
	}
	return "", false
}
