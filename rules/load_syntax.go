package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxDepth is how deep a rules file may nest. The format itself nests six
// deep. The parser stops there, so a file of brackets costs nothing.
const maxDepth = 32

var errDepth = errors.New("too deep")

// parse is the root node of a file of one YAML document, or nil.
func (r *reader) parse(data []byte) *yaml.Node {
	if len(data) > maxFile {
		r.reportAt(1, 1, fmt.Sprintf("the file has %d bytes: a %s has at most 1 MiB", len(data), r.what))
		return nil
	}
	if !r.encoded(data) || r.bombed(data) {
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(
		loaderlimits.DepthFunc(func(depth int, _ *loaderlimits.DepthContext) error {
			if depth > maxDepth {
				return errDepth
			}
			return nil
		}))))
	if err != nil {
		r.reportAt(1, 1, err.Error())
		return nil
	}
	root := r.first(loader, data)
	if root != nil {
		r.single(loader, data)
	}
	return root
}

func (r *reader) first(loader *yaml.Loader, data []byte) *yaml.Node {
	var document yaml.Node
	err := loader.Load(&document)
	if err != nil && !errors.Is(err, io.EOF) {
		r.syntax(err, data)
		return nil
	}
	if len(document.Content) == 0 || isNull(document.Content[0]) {
		r.reportAt(1, 1, "the file is empty: it needs "+r.needs)
		return nil
	}
	return document.Content[0]
}

// single reports a second document: rules in it would otherwise be lost.
func (r *reader) single(loader *yaml.Loader, data []byte) {
	var second yaml.Node
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		r.syntax(err, data)
	default:
		r.reportAt(second.Line, second.Column, "a second document: a "+r.what+" is one YAML document, without another ---")
	}
}

// encoded reports the first byte that cannot be in a file of UTF-8 text. The
// parser would refuse it too, but without a position.
func (r *reader) encoded(data []byte) bool {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		r.reportAt(1, 1, "the file is UTF-16: save it as UTF-8")
		return false
	}
	line, column := 1, 1
	for i, c := range string(data) {
		if c == utf8.RuneError && !bytes.HasPrefix(data[i:], []byte("\uFFFD")) {
			r.reportAt(line, column, fmt.Sprintf("byte 0x%02x is not UTF-8 text", data[i]))
			return false
		}
		if c < ' ' && !strings.ContainsRune("\t\n\r", c) || c == '\uFFFE' || c == '\uFFFF' {
			r.reportAt(line, column, fmt.Sprintf("control character %U", c))
			return false
		}
		column++
		if c == '\n' {
			line, column = line+1, 1
		}
	}
	return true
}

// syntax reports what the parser stopped at.
func (r *reader) syntax(err error, data []byte) {
	problem, ok := errors.AsType[*yaml.LoadError](err)
	switch {
	case !ok:
		r.reportAt(1, 1, err.Error())
	case errors.Is(err, errDepth) || strings.Contains(problem.Message, errDepth.Error()):
		r.reportAt(problem.Mark.Line, problem.Mark.Column, fmt.Sprintf("nested more than %d deep", maxDepth))
	default:
		r.reportAt(problem.Mark.Line, problem.Mark.Column, syntaxMessage(problem, at(data, problem.Mark)))
	}
}

// syntaxMessage adds to the parser's words what people most often got wrong.
func syntaxMessage(problem *yaml.LoadError, found rune) string {
	message := problem.Message
	if problem.ContextMsg != "" {
		message += " " + problem.ContextMsg
	}
	if began := problem.ContextMark.Line; began > 0 && began != problem.Mark.Line {
		message += fmt.Sprintf(", which began on line %d", began)
	}
	switch {
	case found == '\t':
		return "a tab: YAML is indented with spaces"
	case strings.Contains("@`%|>", string(found)) && strings.Contains(message, "cannot start"):
		return fmt.Sprintf("a value cannot begin with %c unless it is quoted", found)
	case strings.Contains(message, "alias"), strings.Contains(message, "anchor"):
		return message + `: quote a glob, such as "*"`
	}
	return message
}

// at is the character a mark points at, or 0 beyond the end.
func at(data []byte, mark yaml.Mark) rune {
	line := 1
	for text := range strings.Lines(string(data)) {
		if line == mark.Line {
			runes := []rune(strings.TrimPrefix(text, "\uFEFF"))
			if i := mark.Column - 1; 0 <= i && i < len(runes) {
				return runes[i]
			}
			return 0
		}
		line++
	}
	return 0
}
