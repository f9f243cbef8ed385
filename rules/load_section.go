package rules

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// block is what a mapping of the format may hold.
type block struct {
	name string   // as messages call it
	keys []string // in the order they are best written
	// later are the keys that this version refuses by name, with what is
	// refused, as the start of a sentence.
	later map[string]string
}

// field is a key and its value. The node is nil where the key is left out.
type field struct {
	key  string
	node *yaml.Node
}

// section is a mapping that was read by its block.
type section struct {
	r     *reader
	node  *yaml.Node
	block block
	keys  map[string]*yaml.Node // of known and later keys
	vals  map[string]*yaml.Node
}

// section reads a mapping and reports the keys that it may not hold. What is
// no mapping gives a section without node and keys.
func (r *reader) section(f field, b block) section {
	s := section{r: r, block: b, keys: map[string]*yaml.Node{}, vals: map[string]*yaml.Node{}}
	n := f.node
	if n == nil {
		return s
	}
	if n.Kind != yaml.MappingNode {
		r.report(n, "%s must be a mapping of keys and values, not %s", b.name, kindName(n))
		return s
	}
	s.node = n
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		s.add(lines, n.Content[i], n.Content[i+1])
	}
	return s
}

func (s section) add(lines map[string]int, key, value *yaml.Node) {
	if key.Kind != yaml.ScalarNode {
		s.r.report(key, "a key must be text, not %s", kindName(key))
		return
	}
	if line, seen := lines[key.Value]; seen {
		s.r.report(key, "duplicate key %s, first on line %d", shown(key.Value), line)
		return
	}
	lines[key.Value] = key.Line
	if slices.Contains(s.block.keys, key.Value) {
		s.vals[key.Value] = value
	} else if !s.refuse(key) {
		return
	}
	s.keys[key.Value] = key
}

// refuse reports a key that is not known, and whether it is known to come.
func (s section) refuse(key *yaml.Node) bool {
	known := strings.Join(s.block.keys, ", ")
	if what, later := s.block.later[key.Value]; later {
		s.r.report(key, "%s not in this version yet", what)
		return true
	}
	near, ok := Nearest(key.Value, s.block.keys)
	switch {
	case isSecretKey(key.Value):
		s.r.report(key, "%s: secrets are never in a %s: give the environment variable or the file that holds it "+
			"(token_env and token_file of an account, SLACK_BOT_TOKEN and its like for Slack)", shown(key.Value), s.r.what)
	case ok:
		s.r.report(key, "unknown key %s: did you mean %q?", shown(key.Value), near)
	default:
		s.r.report(key, "unknown key %s: %s has %s", shown(key.Value), s.block.name, known)
	}
	return false
}

func (s section) get(key string) field { return field{key: key, node: s.vals[key]} }

// need is a field that may not be left out.
func (s section) need(key string) field {
	if s.node != nil && s.keys[key] == nil {
		s.r.report(s.node, "%s needs %q", s.block.name, key)
	}
	return s.get(key)
}

// kindName is what a node is, as messages call it.
func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "empty"
	}
	return shown(n.Value)
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }
