package cloudflare

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// walkObject calls member with the name of each member of the object the
// decoder stands before; member reads the value. The name is valid until then.
// what the object is goes into errors.
func walkObject(dec *jsontext.Decoder, what string, member func(name []byte) error) error {
	if kind := dec.PeekKind(); kind != '{' && kind != 0 {
		return fmt.Errorf("%s is %s, not an object", what, kindName(kind))
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		name, err := readName(dec)
		if err != nil {
			return err
		}
		if err := member(name); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// readList calls item before each item of a list; item reads it. Null is an
// empty list.
func readList(dec *jsontext.Decoder, what string, item func() error) error {
	switch kind := dec.PeekKind(); kind {
	case 'n':
		return dec.SkipValue()
	case '[', 0:
	default:
		return fmt.Errorf("%s is %s, not an array", what, kindName(kind))
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != ']' {
		if err := item(); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

func readName(dec *jsontext.Decoder) ([]byte, error) {
	raw, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	return unquote(raw)
}

// readBool reads true or false; null is nil.
func readBool(dec *jsontext.Decoder, name string) (*bool, error) {
	raw, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	yes := raw.Kind() == 't'
	switch raw.Kind() {
	case 't', 'f':
		return &yes, nil
	case 'n':
		return nil, nil
	}
	return nil, fmt.Errorf("%s is %s, not true or false", name, kindName(raw.Kind()))
}

// unquote returns the text of a string. It is part of raw unless that holds
// escapes.
func unquote(raw jsontext.Value) ([]byte, error) {
	if raw.Kind() != '"' {
		return nil, fmt.Errorf("is %s, not a string", kindName(raw.Kind()))
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1], nil
	}
	return jsontext.AppendUnquote(nil, raw)
}

func kindName(kind jsontext.Kind) string {
	switch kind {
	case 'n':
		return "null"
	case 't':
		return "true"
	case 'f':
		return "false"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return "not JSON"
}
