package parse

import (
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
	"github.com/packetpath/packetpath/netfilter/packet"
)

func (r jsonReader) chain(n *node) *ChainSpec {
	spec := &ChainSpec{Comment: r.comment(n)}
	if n.get("type") == nil || n.get("hook") == nil || n.get("prio") == nil {
		return spec
	}
	spec.Type, spec.Hook = r.str(n, "type"), r.str(n, "hook")
	spec.Priority = r.prio(n)
	spec.Devices = r.words(n, "dev")
	spec.Several = len(spec.Devices) > 1 || n.get("dev") != nil && n.get("dev").kind == jsonList
	if n.get("policy") != nil {
		id := r.str(n, "policy")
		if id.Name != "accept" && id.Name != "drop" {
			r.fail(id.At, "unknown policy '%s'", id.Name)
		}
		spec.Policy = &id
	}
	for _, f := range r.words(n, "flags") {
		if f.Name != "offload" {
			r.fail(f.At, "unknown chain flag '%s'", f.Name)
		}
		spec.Offload = true
	}
	return spec
}

func (r jsonReader) prio(n *node) *Priority {
	m := r.need(n, "prio")
	v, ok := signed(m.text)
	if m.kind != jsonNumber || !ok {
		r.fail(m.at, "expected integer, got %s", nodeKindNames[m.kind])
	}
	return &Priority{Value: v, At: m.at}
}

func (r jsonReader) flowtable(n *node) *FlowSpec {
	return &FlowSpec{Hook: r.str(n, "hook"), Priority: r.prio(n), Devices: r.words(n, "dev")}
}

// seconds parses a time in seconds.
func (r jsonReader) seconds(n *node, name string) time.Duration {
	return time.Duration(r.number(n, name, 32, 0)) * time.Second
}

func (r jsonReader) set(n *node) *SetSpec {
	spec := &SetSpec{Comment: r.comment(n), Timeout: r.seconds(n, "timeout"), GC: r.seconds(n, "gc-interval"),
		Size: r.number(n, "size", 32, 0), AutoMerge: r.flag(n, "auto-merge"), Flags: r.words(n, "flags")}
	typ := r.need(n, "type")
	spec.KeyTypes, spec.Typeof = r.types(typ)
	spec.TypeAt = typ.at
	if data := n.get("map"); data != nil {
		spec.Map = true
		r.mapTypes(spec, data)
	}
	if id := r.maybe(n, "policy"); id.Name != "" {
		if id.Name != "performance" && id.Name != "memory" {
			r.fail(id.At, "unknown set policy '%s'", id.Name)
		}
		spec.Memory = id.Name == "memory"
	}
	if m := n.get("elem"); m != nil {
		spec.Elements = r.elements(m)
	}
	spec.Stmts = r.stmts(n, "stmt")
	return spec
}

// types parses the types of a key: a name, several, or an expression.
func (r jsonReader) types(n *node) ([]Ident, syntax.Expr) {
	switch n.kind {
	case jsonText:
		// Nft 1.0.6 writes the types of a map's data in one string.
		var out []Ident
		for _, name := range strings.Split(n.text, " . ") {
			out = append(out, Ident{name, n.at})
		}
		return out, nil
	case jsonList:
		var out []Ident
		for _, x := range n.items {
			out = append(out, r.ident(x))
		}
		return out, nil
	}
	return nil, r.expr(r.need(n, "typeof"))
}

// mapObjects are the kinds of objects that a map can hold.
var mapObjects = map[string]nft.ObjectKind{"counter": nft.CounterObject, "quota": nft.QuotaObject, "limit": nft.LimitObject,
	"secmark": nft.SecMarkObject, "synproxy": nft.SynproxyObject, "ct helper": nft.CTHelperObject,
	"ct timeout": nft.CTTimeoutObject, "ct expectation": nft.CTExpectationObject}

// mapTypes parses the data type of a map.
func (r jsonReader) mapTypes(spec *SetSpec, n *node) {
	spec.DataObject = mapObjects[n.text]
	spec.DataVerdict = n.text == "verdict"
	if n.kind == jsonText && (spec.DataObject != 0 || spec.DataVerdict) {
		return
	}
	spec.DataTypes, spec.DataTypeof = r.types(n)
}

func (r jsonReader) namedObject(k nft.ObjectKind, n *node) *ObjSpec {
	spec := newObject(k)
	spec.Comment = r.comment(n)
	switch v := spec.Value.(type) {
	case *nft.Counter:
		v.Packets, v.Bytes = r.number(n, "packets", 64, 0), r.number(n, "bytes", 64, 0)
	case *nft.Quota:
		v.Bytes, v.Used, v.Over = r.number(n, "bytes", 64, 0), r.number(n, "used", 64, 0), r.flag(n, "inv")
	case *nft.Limit:
		*v = *r.limit(n)
	case *nft.SecMark:
		v.Context = r.maybe(n, "context").Name
	case *nft.Synproxy:
		*v = *r.synproxy(n)
	case *nft.CTHelper:
		v.Helper = r.maybe(n, "type").Name
		v.L4Proto = r.protocol(n)
	case *nft.CTTimeout:
		v.L4Proto = r.protocol(n)
		if m := n.get("policy"); m != nil {
			for _, state := range m.names {
				v.Policy = append(v.Policy, nft.CTTimeoutPolicy{State: state, Timeout: r.seconds(m, state)})
			}
		}
	case *nft.CTExpectation:
		v.L4Proto = r.protocol(n)
		v.DPort, v.Size = uint16(r.number(n, "dport", 16, 0)), uint8(r.number(n, "size", 8, 0))
		v.Timeout = time.Duration(r.number(n, "timeout", 40, 0)) * time.Millisecond
	}
	if n.get("l3proto") != nil {
		spec.L3 = r.family(n, "l3proto")
	}
	return spec
}

// protocol parses the transport protocol of an object.
func (r jsonReader) protocol(n *node) uint8 {
	id := r.maybe(n, "protocol")
	if id.Name == "" {
		return 0
	}
	p, ok := packet.ProtocolByName(id.Name)
	if !ok || id.Name != "tcp" && id.Name != "udp" {
		r.fail(id.At, "invalid protocol '%s'", id.Name)
	}
	return p
}
