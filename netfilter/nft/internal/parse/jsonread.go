package parse

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// IsJSON reports whether a text is JSON: no other text begins with a brace.
func IsJSON(text string) bool {
	return strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{")
}

// jsonReader parses commands in JSON. The result is the same as that of the parser of
// texts.
type jsonReader struct{ *parser }

// JSON parses what nft -j -f loads: a list of commands, or the output of nft -j
// list ruleset.
func JSON(files *Files, name, text string) ([]*Command, []*Fault) {
	var faults []*Fault
	r := jsonReader{&parser{files: files, src: files.add(name, text, 0), faults: &faults}}
	root, fault := scanJSON(text, r.src.Base)
	if fault != nil {
		return nil, []*Fault{fault}
	}
	var cmds []*Command
	r.try(func() { cmds = r.commands(root) })
	return cmds, faults
}

// need returns a required member.
func (r jsonReader) need(n *node, name string) *node {
	if n.kind != jsonObject {
		r.fail(n.at, "expected object, got %s", nodeKindNames[n.kind])
	}
	m := n.get(name)
	if m == nil {
		r.fail(n.at, "object item not found: %s", name)
	}
	return m
}

// str returns a required string.
func (r jsonReader) str(n *node, name string) Ident { return r.ident(r.need(n, name)) }

// maybe returns an optional string; "" if it is absent.
func (r jsonReader) maybe(n *node, name string) Ident {
	if m := n.get(name); m != nil {
		return r.ident(m)
	}
	return Ident{At: n.at}
}

func (r jsonReader) ident(n *node) Ident {
	if n.kind != jsonText {
		r.fail(n.at, "expected string, got %s", nodeKindNames[n.kind])
	}
	return Ident{n.text, n.at}
}

// number returns an optional number of at most the given bits; def if it is absent.
func (r jsonReader) number(n *node, name string, bits int, def uint64) uint64 {
	m := n.get(name)
	if m == nil {
		return def
	}
	v, ok := syntax.ParseNum(m.text)
	if m.kind != jsonNumber || !ok {
		r.fail(m.at, "expected integer, got %s", nodeKindNames[m.kind])
	}
	if v.Bits() > bits {
		r.fail(m.at, "value %s exceeds valid range 0-%s", v, syntax.Ones(bits))
	}
	return v.Lo
}

// needNumber returns a required number.
func (r jsonReader) needNumber(n *node, name string, bits int) uint64 {
	r.need(n, name)
	return r.number(n, name, bits, 0)
}

// flag returns an optional boolean; false if it is absent.
func (r jsonReader) flag(n *node, name string) bool {
	m := n.get(name)
	return m != nil && m.kind == jsonBool && m.text == "true"
}

// words returns an optional string or list of strings; nil if it is absent.
func (r jsonReader) words(n *node, name string) []Ident {
	m := n.get(name)
	switch {
	case m == nil:
		return nil
	case m.kind != jsonList:
		return []Ident{r.ident(m)}
	}
	out := make([]Ident, len(m.items))
	for i, x := range m.items {
		out[i] = r.ident(x)
	}
	return out
}

// bits combines the values of words.
func (r jsonReader) bits(words []Ident, values map[string]uint32, what string) uint32 {
	var out uint32
	for _, w := range words {
		v, ok := values[w.Name]
		if !ok {
			r.fail(w.At, "unknown %s flag '%s'", what, w.Name)
		}
		out |= v
	}
	return out
}

// family returns the family of a table.
func (r jsonReader) family(n *node, name string) nft.Family {
	id := r.str(n, name)
	f, ok := families[id.Name]
	if !ok {
		r.fail(id.At, "unknown family '%s'", id.Name)
	}
	return f
}

// ipFamily returns ip or ip6, 0 if neither is given.
func (r jsonReader) ipFamily(n *node) nft.Family {
	if n.get("family") == nil {
		return 0
	}
	f := r.family(n, "family")
	if f != nft.IP && f != nft.IP6 {
		r.fail(n.get("family").at, "invalid family '%s'", f)
	}
	return f
}
