package parse

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// may parses an optional expression.
func (r jsonReader) may(n *node, name string) syntax.Expr {
	if m := n.get(name); m != nil {
		return r.expr(m)
	}
	return nil
}

// jsonNATFlags are the flags of address translation. In texts netmap has no keyword: it
// is implied by a prefix.
var jsonNATFlags = map[string]uint32{"random": nft.NATRandom, "fully-random": nft.NATFullyRandom, "persistent": nft.NATPersistent,
	"netmap": nft.NATNetmap}

func (r jsonReader) jsonNAT(name string, n *node, at syntax.Span) syntax.Stmt {
	s := &syntax.NAT{Span: at, Kind: natKinds[name], Family: r.ipFamily(n), Addr: r.may(n, "addr"), Port: r.may(n, "port")}
	s.Flags = r.bits(r.words(n, "flags"), jsonNATFlags, "nat")
	for _, f := range r.words(n, "type_flags") {
		switch f.Name {
		case "prefix":
			s.Prefix = true
		case "interval":
			s.Interval = true
		case "concat":
			s.Concat = true
		default:
			r.fail(f.At, "unknown nat type flag '%s'", f.Name)
		}
	}
	return s
}

// sendStmt parses a statement that determines where the packet is sent; nil if it is
// another statement.
func (r jsonReader) sendStmt(name string, n *node, at syntax.Span) syntax.Stmt {
	switch name {
	case "reject":
		return r.jsonReject(n, at)
	case "tproxy":
		return &syntax.TProxy{Span: at, Family: r.ipFamily(n), Addr: r.may(n, "addr"), Port: r.may(n, "port")}
	case "queue":
		return &syntax.Queue{Span: at, Expr: r.may(n, "num"), Flags: r.bits(r.words(n, "flags"), queueFlagBits, "queue")}
	case "dup":
		return &syntax.Dup{Span: at, To: r.expr(r.need(n, "addr")), Dev: r.may(n, "dev")}
	case "fwd":
		s := &syntax.Fwd{Span: at, Dev: r.expr(r.need(n, "dev")), Family: r.ipFamily(n)}
		if s.Family != 0 {
			s.Addr = r.may(n, "addr")
		}
		return s
	}
	return nil
}

func (r jsonReader) jsonReject(n *node, at syntax.Span) syntax.Stmt {
	s := &syntax.Reject{Span: at}
	switch t := r.maybe(n, "type"); t.Name {
	case "":
		return s
	case "tcp reset":
		s.Type = nft.RejectTCPReset
	case "icmpx":
		s.Type = nft.RejectICMPX
	case "icmp":
		s.Type, s.Family = nft.RejectICMP, nft.IP
	case "icmpv6":
		s.Type, s.Family = nft.RejectICMP, nft.IP6
	default:
		r.fail(t.At, "unknown reject type '%s'", t.Name)
	}
	s.Set = true
	s.Code = r.may(n, "expr")
	return s
}

// setNamed parses the name of a set, which begins with "@".
func (r jsonReader) setNamed(n *node, member string) *syntax.SetRef {
	id := r.str(n, member)
	name, ok := strings.CutPrefix(id.Name, "@")
	if !ok {
		r.fail(id.At, "illegal reference %q: a name begins with @", id.Name)
	}
	s := &syntax.SetRef{Name: name}
	s.At = id.At
	return s
}

// setChange parses a statement that changes a set or a map.
func (r jsonReader) setChange(name string, n *node, at syntax.Span) syntax.Stmt {
	op := r.str(n, "op")
	o, ok := dynsetOps[op.Name]
	if !ok {
		r.fail(op.At, "unknown set statement op '%s'", op.Name)
	}
	elem := r.key(r.need(n, "elem"))
	if elem.Key == nil {
		r.fail(n.at, "illegal set statement element")
	}
	s := &syntax.SetStmt{Span: at, Op: o, Key: elem.Key, Timeout: elem.Timeout, Stmts: elem.Stmts, Set: r.setNamed(n, name)}
	if name == "map" {
		s.Data = r.expr(r.need(n, "data"))
	}
	s.Stmts = append(s.Stmts, r.stmts(n, "stmt")...)
	return s
}

func (r jsonReader) jsonMeter(n *node, at syntax.Span) syntax.Stmt {
	s := &syntax.Meter{Span: at, Name: r.str(n, "name").Name, Size: uint32(r.number(n, "size", 32, 0))}
	s.Key = r.key(r.need(n, "key"))
	if s.Key.Key == nil {
		r.fail(n.at, "invalid meter key")
	}
	s.Stmt = r.stmt(r.need(n, "stmt"))
	return s
}
