package rules

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

const publishedSchema = "../rules.schema.json"

// The published schema is the one that the code makes.
func TestSchemaIsPublished(t *testing.T) {
	got, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	if *updateWants {
		if err := os.WriteFile(publishedSchema, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(readFile(t, publishedSchema), got) {
		t.Errorf("%s is not what Schema makes: go test ./rules -update", publishedSchema)
	}
	const example = "../rules.example.yaml" // which may be copied anywhere with the schema
	first, _, _ := strings.Cut(string(readFile(t, example)), "\n")
	named, found := strings.CutPrefix(first, "# yaml-language-server: $schema=")
	if !found || filepath.Base(named) != named || filepath.Join(filepath.Dir(example), named) != publishedSchema {
		t.Errorf("the example's first line is %q, and must name %s beside it", first, publishedSchema)
	}
}

// compiledSchema is the schema as a validator reads it, itself checked by the
// draft's own schema.
func compiledSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	data, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("rules.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("rules.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// checkSchema holds a rules file against the schema, as an editor does.
func checkSchema(schema *jsonschema.Schema, data []byte) error {
	var document any
	if err := yaml.Load(data, &document); err != nil {
		return err
	}
	return schema.Validate(document)
}

func TestSchemaAcceptsWhatLoadAccepts(t *testing.T) {
	schema := compiledSchema(t)
	for _, text := range []string{
		contract, string(readFile(t, "../rules.example.yaml")),
		"rules:", "rules: []", "poll: 1h",
		"rules: [{name: a, spike: , per: service}, {name: b, stale: , per: account}]",
		"rules: [{name: a, budget: {amount: '25'}}, {name: b, budget: {quantity: 0.000000000000001}}]",
		"rules: [{name: a, budget: {amount: 999999999999999.999999999999999, actual: [0.5%, 99.99%, 10000%, 0.01, '3']}}]",
		"rules: [{name: a, budget: {amount: {of: mean, periods: 60, times: 1.25x}, period: day}}]",
		"rules: [{name: a, spike: {above: 1.01, at_least: {share: 0%}}, zones: [1234, a.example], channel: C0123456}]",
		"rules: [{name: a, spike: {above: 1.5x, at_least: {amount: '0.10'}}, channel: '#données'}]",
		"accounts: [{name: a, id: 12345678901234567890123456789012}]\nrules: [{name: a, stale: {after: 1h30m0.5s}, accounts: [a]}]",
		"retention: {charges: 36500d, snapshots: 30d, revisions: forever}\nsummaries: [{}]\nrules:",
	} {
		mustLoad(t, text)
		if err := checkSchema(schema, []byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Each bad file has a mistake that an editor can see, or is no YAML at all.
func TestSchemaRefusesBadFiles(t *testing.T) {
	schema := compiledSchema(t)
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		encoded := filepath.Base(file) == "utf16.yaml" // what it says is good
		if err := checkSchema(schema, readFile(t, file)); (err == nil) != encoded {
			t.Errorf("%s: got %v", file, err)
		}
	}
}

// Every key that the reader knows is in the schema, with what it means; and no
// others.
func TestSchemaKnowsEveryKey(t *testing.T) {
	data, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var schema described
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	got, want := map[string]bool{}, map[string]bool{}
	schema.gather(t, "", got)
	for path, b := range blocksByPath() {
		for _, key := range b.keys {
			want[path+"."+key] = true
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("keys of the schema (-want +got):\n%s", diff)
	}
}

// described is what the schema says of a value's keys.
type described struct {
	Description string
	Properties  map[string]described
	Additional  *bool `json:"additionalProperties"`
	Items       *described
}

func (d described) gather(t *testing.T, path string, keys map[string]bool) {
	if d.Properties != nil && (d.Additional == nil || *d.Additional) {
		t.Errorf("%s takes keys that nobody knows", path)
	}
	for key, inner := range d.Properties {
		keys[path+"."+key] = true
		if inner.Description == "" {
			t.Errorf("%s.%s: nothing says what it means", path, key)
		}
		inner.gather(t, path+"."+key, keys)
	}
	if d.Items != nil {
		d.Items.gather(t, path, keys)
	}
}
