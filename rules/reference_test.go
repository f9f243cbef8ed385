package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

const reference = "../docs/rules.md"

// The reference's tables stand between these.
const (
	keysBegin = "<!-- the keys: go test ./rules -run TestReference -update -->\n"
	keysEnd   = "<!-- end of the keys -->"
)

// The reference's tables of keys are what the schema is made from.
func TestReferenceIsPublished(t *testing.T) {
	text := string(readFile(t, reference))
	before, rest, begun := strings.Cut(text, keysBegin)
	_, after, ended := strings.Cut(rest, keysEnd)
	if !begun || !ended {
		t.Fatalf("%s has no place for the keys", reference)
	}
	want := before + keysBegin + "\n" + keyTables(t) + keysEnd + after
	if *updateWants {
		if err := os.WriteFile(reference, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text != want {
		t.Errorf("%s does not have the keys of the schema: go test ./rules -run TestReference -update", reference)
	}
}

// Each key of each block has its row, and each block one table.
func TestReferenceHasEveryKey(t *testing.T) {
	text := string(readFile(t, reference))
	for path, b := range blocksByPath() {
		if path == ".rules.budget.quantity" { // as amount's
			continue
		}
		title := strings.TrimPrefix(path, ".")
		_, table, found := strings.Cut(text, "\n### "+headingOf(title)+"\n")
		table, _, _ = strings.Cut(table, "\n### ")
		for _, key := range b.keys {
			if !found || !strings.Contains(table, "\n| `"+key+"` |") {
				t.Errorf("%s has no row for %s.%s", reference, path, key)
			}
		}
	}
}

// Every default and example that is told is a value that its key takes.
func TestReferenceValuesAreTaken(t *testing.T) {
	if n := wantValuesTaken(t, "", fileShape()); n < 30 {
		t.Errorf("%d values are told", n)
	}
}

func wantValuesTaken(t *testing.T, path string, s shape) (n int) {
	t.Helper()
	for _, p := range s.Properties {
		for _, value := range p.shape.values() {
			wantTaken(t, path+"."+p.key, p.shape, value)
			n++
		}
		if inner := blockIn(p.shape); inner != nil {
			n += wantValuesTaken(t, path+"."+p.key, *inner)
		}
	}
	return n
}

// wantTaken holds a value against its shape, as an editor does.
func wantTaken(t *testing.T, path string, s shape, value any) {
	t.Helper()
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	document, _ := json.Marshal(s)
	text, _ := json.Marshal(value)
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	c := jsonschema.NewCompiler()
	err = errors.Join(err, c.AddResource("value.json", schema))
	compiled, compileErr := c.Compile("value.json")
	read, readErr := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err = errors.Join(err, compileErr, readErr); err == nil {
		err = compiled.Validate(read)
	}
	if err != nil {
		t.Errorf("%s: %s: %v", path, text, err)
	}
}

func (s shape) values() []any {
	if s.Default == nil {
		return s.Examples
	}
	return append([]any{s.Default}, s.Examples...)
}

func headingOf(title string) string {
	if title == "" {
		return "The file"
	}
	return "`" + title + "`"
}

// keyTables is a table for each block.
func keyTables(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	writeTable(t, &b, "", fileShape())
	return b.String()
}

func writeTable(t *testing.T, b *strings.Builder, title string, s shape) {
	t.Helper()
	fmt.Fprintf(b, "### %s\n\n%s\n\n| key | written | default | |\n|---|---|---|---|\n", headingOf(title), s.Description)
	for _, p := range s.Properties {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", p.key, writtenAs(p), defaultOf(t, s, p), meaning(t, p.shape))
	}
	b.WriteByte('\n')
	for _, p := range s.Properties {
		if p.key == "quantity" { // as amount is
			continue
		}
		if inner := blockIn(p.shape); inner != nil {
			inner.Description = p.shape.Description
			writeTable(t, b, strings.TrimPrefix(title+"."+p.key, "."), *inner)
		}
	}
}

// writtenAs says how a key's value is written, once for the two that are alike.
func writtenAs(p property) string {
	if p.key == "quantity" {
		return "as `amount`"
	}
	return written(p.shape)
}

// blockIn is the block that a value is, or that each of a list is.
func blockIn(s shape) *shape {
	if s.Properties != nil {
		return &s
	}
	if s.Items != nil && s.Items.Properties != nil {
		return s.Items
	}
	return nil
}

// defaultOf is what leaving a key out means.
func defaultOf(t *testing.T, parent shape, p property) string {
	t.Helper()
	if slices.Contains(parent.Required, p.key) {
		return "required"
	}
	if p.shape.Default == nil {
		return ""
	}
	return flow(t, p.shape.Default)
}

func meaning(t *testing.T, s shape) string {
	t.Helper()
	text := strings.NewReplacer("*", `\*`, "|", `\|`).Replace(s.Description)
	for i, example := range s.Examples {
		text += []string{" For example ", " or "}[min(i, 1)] + flow(t, example)
	}
	return text
}

// flow is a value as a rules file has it, on one line.
func flow(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), ",", ", ")
	if bare := strings.Trim(text, `"`); fmt.Sprintf("%q", bare) == text && isPlain(bare) {
		text = bare
	}
	return "`" + text + "`"
}

// isPlain says whether a text needs no quotes.
func isPlain(text string) bool {
	var read any
	err := yaml.Load([]byte("a: "+text), &read)
	m, is := read.(map[string]any)
	got, isText := m["a"].(string)
	return err == nil && is && isText && got == text && !strings.Contains(text, ":")
}
