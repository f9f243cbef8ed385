package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Schema is the JSON Schema (draft 2020-12) of a rules file, for editors. It is
// made from the tables that [Load] reads by, and refuses nothing that Load
// accepts but odd ways of writing, such as spaces within quotes. It accepts some
// of what Load refuses: what takes two places to see, such as a name used twice.
func Schema() ([]byte, error) {
	s := fileShape()
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "billbot rules"
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(s); err != nil {
		return nil, fmt.Errorf("writing the schema of rules files: %w", err)
	}
	return out.Bytes(), nil
}

// shape is what a value may be: a schema, with the keywords that are needed. A
// keyword is about values of its own type only, so that one shape can be a
// number or a text.
type shape struct {
	Schema      string `json:"$schema,omitempty"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Type        any    `json:"type,omitempty"` // a name, or several
	Enum        any    `json:"enum,omitempty"`
	Default     any    `json:"default,omitempty"`
	Examples    []any  `json:"examples,omitempty"`

	MinLength int    `json:"minLength,omitempty"`
	MaxLength int    `json:"maxLength,omitempty"`
	Pattern   string `json:"pattern,omitempty"`

	Minimum int  `json:"minimum,omitempty"`
	Maximum int  `json:"maximum,omitempty"`
	Above   *int `json:"exclusiveMinimum,omitempty"`

	MinItems int    `json:"minItems,omitempty"`
	MaxItems int    `json:"maxItems,omitempty"`
	Items    *shape `json:"items,omitempty"`

	Required   []string   `json:"required,omitempty"`
	Properties properties `json:"properties,omitempty"`
	Additional *bool      `json:"additionalProperties,omitempty"`

	Not   *shape  `json:"not,omitempty"`
	OneOf []shape `json:"oneOf,omitempty"`
	AnyOf []shape `json:"anyOf,omitempty"`
	AllOf []shape `json:"allOf,omitempty"`
	If    *shape  `json:"if,omitempty"`
	Then  *shape  `json:"then,omitempty"`
}

// properties is the keys of a mapping, in the order they are best written.
type properties []property

type property struct {
	key   string
	shape shape
}

// MarshalJSON writes the keys in their order, which a map would not keep.
func (ps properties) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, p := range ps {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "%q:", p.key)
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(p.shape); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// mapping is the shape of a block: its keys and no others.
func mapping(b block, shapes map[string]shape, needed ...string) shape {
	others := false
	s := shape{Type: "object", Additional: &others, Required: needed}
	for _, key := range b.keys {
		s.Properties = append(s.Properties, property{key, shapes[key]})
	}
	return s
}

// says is the shape with what it means.
func (s shape) says(description string) shape {
	s.Description = description
	return s
}

// like is the shape with examples of it.
func (s shape) like(examples ...any) shape {
	s.Examples = examples
	return s
}

// by is the shape with what leaving it out means.
func (s shape) by(value any) shape {
	s.Default = value
	return s
}

// orEmpty is the shape of a mapping that may be left empty: "spike:".
func (s shape) orEmpty() shape {
	s.Type = []string{"object", "null"}
	return s
}

// has is the shape of a mapping that has all of the keys, whatever they are.
func has(keys ...string) shape { return shape{Required: keys} }

// hasAny is the shape of a mapping that has one of the keys, or more.
func hasAny(keys ...string) shape {
	var s shape
	for _, key := range keys {
		s.AnyOf = append(s.AnyOf, has(key))
	}
	return s
}
