package parse

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// nodeKind is the kind of a JSON value.
type nodeKind uint8

const (
	jsonNull nodeKind = iota
	jsonBool
	jsonNumber
	jsonText
	jsonList
	jsonObject
)

var nodeKindNames = [...]string{"null", "boolean", "number", "string", "array", "object"}

// node is a JSON value with its position.
type node struct {
	kind  nodeKind
	text  string   // of strings, numbers and booleans
	names []string // of an object's members
	items []*node  // of an object or a list
	at    syntax.Span
}

// maxJSONDepth is the maximum depth of nested values (jansson: JSON_PARSER_MAX_DEPTH).
const maxJSONDepth = 2048

// jsonScanner converts a text to nodes.
type jsonScanner struct {
	dec  *json.Decoder
	text string
	base int // added to offsets
}

// scanJSON parses a text that is one JSON value.
func scanJSON(text string, base int) (*node, *Fault) {
	s := &jsonScanner{dec: json.NewDecoder(strings.NewReader(text)), text: text, base: base}
	s.dec.UseNumber()
	if !utf8.ValidString(text) {
		return nil, &Fault{At: syntax.Span{Start: base, End: base}, Msg: "the text is not valid UTF-8"}
	}
	n, err := s.value(0)
	if err == nil {
		if _, err = s.dec.Token(); err == io.EOF {
			return n, nil
		}
		err = fmt.Errorf("end of file expected")
	}
	at := min(base+int(s.dec.InputOffset()), base+len(text))
	msg := strings.TrimPrefix(err.Error(), "json: ")
	if err == io.EOF {
		msg = "unexpected end of file"
	}
	return nil, &Fault{At: syntax.Span{Start: at, End: at}, Msg: msg}
}

// value parses the next value.
func (s *jsonScanner) value(depth int) (*node, error) {
	start := int(s.dec.InputOffset())
	for start < len(s.text) && strings.IndexByte(" \t\r\n,:", s.text[start]) >= 0 {
		start++
	}
	t, err := s.dec.Token()
	if err != nil {
		return nil, err
	}
	if depth > maxJSONDepth {
		return nil, fmt.Errorf("values are nested more than %d deep", maxJSONDepth)
	}
	n := &node{}
	switch t := t.(type) {
	case json.Delim:
		n.kind = jsonList
		if t == '{' {
			n.kind = jsonObject
		}
		err = s.content(n, depth)
	case string:
		n.kind, n.text = jsonText, t
	case json.Number:
		n.kind, n.text = jsonNumber, t.String()
	case bool:
		n.kind, n.text = jsonBool, fmt.Sprint(t)
	}
	n.at = syntax.Span{Start: s.base + start, End: s.base + int(s.dec.InputOffset())}
	return n, err
}

// content parses the members of an object or the items of a list. Of several members
// with the same name the last is used.
func (s *jsonScanner) content(n *node, depth int) error {
	for s.dec.More() {
		if n.kind == jsonObject {
			name, err := s.dec.Token()
			if err != nil {
				return err
			}
			n.names = append(n.names, name.(string))
		}
		x, err := s.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, x)
	}
	_, err := s.dec.Token()
	return err
}

// get returns a member of an object; nil if there is none.
func (n *node) get(name string) *node {
	for i := len(n.names) - 1; i >= 0; i-- {
		if n.names[i] == name {
			return n.items[i]
		}
	}
	return nil
}

// only returns the name and the value of an object with one member.
func (n *node) only() (name string, value *node, ok bool) {
	if n.kind != jsonObject || len(n.names) != 1 {
		return "", nil, false
	}
	return n.names[0], n.items[0], true
}
