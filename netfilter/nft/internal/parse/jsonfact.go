package parse

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// jsonFact parses a property of the packet.
func (r jsonReader) jsonFact(name string, n *node) syntax.Expr {
	switch name {
	case "payload":
		return r.jsonPayload(n)
	case "exthdr":
		return r.option(nft.ExthdrIPv6, n)
	case "tcp option":
		return r.option(nft.ExthdrTCPOption, n)
	case "ip option":
		return r.option(nft.ExthdrIPOption, n)
	case "sctp chunk":
		return r.option(nft.ExthdrSCTPChunk, n)
	case "dccp option":
		return &syntax.Exthdr{Op: nft.ExthdrDCCPOption, Type: uint8(r.needNumber(n, "type", 8)), Present: true}
	case "meta":
		id := r.str(n, "key")
		return r.metaNamed(id)
	case "ct":
		return r.jsonCT(n)
	case "rt":
		return r.jsonRT(n)
	case "fib":
		return r.jsonFib(n)
	case "socket":
		k := keyOf(r, syntax.SocketKeys, r.str(n, "key"), "socket")
		return &syntax.Socket{Key: k, Level: uint32(r.number(n, "level", 8, 0))}
	case "osf":
		return r.jsonOSF(n)
	case "numgen":
		mode := r.str(n, "mode")
		if mode.Name != "inc" && mode.Name != "random" {
			r.fail(mode.At, "unknown numgen mode '%s'", mode.Name)
		}
		return &syntax.Numgen{Random: mode.Name == "random", Mod: uint32(r.needNumber(n, "mod", 32)), Offset: uint32(r.number(n, "offset", 32, 0))}
	case "jhash", "symhash":
		return r.jsonHash(name, n)
	case "ipsec":
		return r.jsonXfrm(n)
	}
	r.fail(n.at, "unknown expression type '%s'", name)
	return nil
}

// keyOf returns the key of a name.
func keyOf[K comparable](r jsonReader, keys map[K]syntax.Key, id Ident, what string) K {
	k, ok := syntax.KeyByName(keys, id.Name)
	if !ok {
		r.fail(id.At, "unknown %s key '%s'", what, id.Name)
	}
	return k
}

func (r jsonReader) jsonPayload(n *node) syntax.Expr {
	if n.get("base") != nil {
		id := r.str(n, "base")
		base, ok := payloadBases[id.Name]
		if !ok {
			r.fail(id.At, "invalid payload base '%s'", id.Name)
		}
		return r.rawBits(base, int(r.needNumber(n, "offset", 16)), int(r.needNumber(n, "len", 16)), n.at)
	}
	protocol, field := r.str(n, "protocol"), r.str(n, "field")
	h := syntax.HeaderByName(protocol.Name)
	if h == nil {
		r.fail(protocol.At, "unknown payload protocol '%s'", protocol.Name)
	}
	f := h.Field(field.Name)
	if f == nil {
		r.fail(field.At, "unknown %s field '%s'", protocol.Name, field.Name)
	}
	return fieldOf(h, f)
}

// option parses the field of an extension header, option or chunk. Without a field the
// presence of the header is tested.
func (r jsonReader) option(op nft.ExthdrOp, n *node) syntax.Expr {
	if n.get("base") != nil {
		e := &syntax.Exthdr{Op: op, Type: uint8(r.number(n, "base", 8, 0)), Off: int(r.needNumber(n, "offset", 16))}
		e.Set(syntax.HexType, int(r.needNumber(n, "len", 16)), syntax.Big)
		return e
	}
	name := r.str(n, "name")
	o := syntax.OptionByName(op, name.Name)
	if o == nil {
		r.fail(name.At, "unknown option name '%s'", name.Name)
	}
	e := &syntax.Exthdr{Op: op, Type: o.Type, Option: o, Present: n.get("field") == nil}
	if !e.Present {
		field := r.str(n, "field")
		f := o.Field(field.Name)
		if f == nil {
			r.fail(field.At, "unknown %s field '%s'", name.Name, field.Name)
		}
		setField(e, f)
	}
	return e
}

var jsonDirs = map[string]nft.CTDir{"original": nft.Original, "reply": nft.Reply}

func (r jsonReader) jsonCT(n *node) syntax.Expr {
	key := r.str(n, "key")
	e := &syntax.CT{Key: keyOf(r, syntax.CTKeys, key, "ct"), Dir: nft.NoDir}
	if n.get("dir") == nil {
		return e
	}
	dir := r.str(n, "dir")
	d, ok := jsonDirs[dir.Name]
	if !ok {
		r.fail(dir.At, "invalid direction '%s'", dir.Name)
	}
	if !directed[key.Name] {
		r.fail(key.At, "direction not supported by CT key '%s'", key.Name)
	}
	e.Dir = d
	return e
}

func (r jsonReader) jsonRT(n *node) syntax.Expr {
	key, family := r.str(n, "key"), r.ipFamily(n)
	if key.Name != "nexthop" {
		return &syntax.RT{Key: keyOf(r, syntax.RTKeys, key, "rt")}
	}
	switch family {
	case nft.IP:
		return &syntax.RT{Key: nft.RTNextHop4}
	case nft.IP6:
		return &syntax.RT{Key: nft.RTNextHop6}
	}
	return &syntax.RT{Key: nft.RTNextHop4, Generic: true}
}

func (r jsonReader) jsonFib(n *node) syntax.Expr {
	e := &syntax.Fib{Flags: r.bits(r.words(n, "flags"), fibFlagBits, "fib")}
	r.fibFlags(e.Flags, n.at)
	result := r.str(n, "result")
	if !setFibResult(e, result.Name) {
		r.fail(result.At, "invalid fib result '%s'", result.Name)
	}
	return e
}

func (r jsonReader) jsonOSF(n *node) syntax.Expr {
	e := &syntax.OSF{}
	switch key := r.str(n, "key"); key.Name {
	case "name":
	case "version":
		e.Version = true
	default:
		r.fail(key.At, "invalid osf key value")
	}
	switch ttl := r.maybe(n, "ttl"); ttl.Name {
	case "":
	case "loose":
		e.TTL = 1
	case "skip":
		e.TTL = 2
	default:
		r.fail(ttl.At, "invalid osf ttl option '%s'", ttl.Name)
	}
	return e
}

func (r jsonReader) jsonHash(name string, n *node) syntax.Expr {
	e := &syntax.Hash{Mod: uint32(r.needNumber(n, "mod", 32)), Offset: uint32(r.number(n, "offset", 32, 0))}
	if name == "jhash" {
		e.Arg = r.expr(r.need(n, "expr"))
		e.HasSeed = n.get("seed") != nil
		e.Seed = uint32(r.number(n, "seed", 32, 0))
	}
	return e
}

func (r jsonReader) jsonXfrm(n *node) syntax.Expr {
	key := r.str(n, "key")
	if key.Name == "saddr" || key.Name == "daddr" {
		f := r.ipFamily(n)
		if f == 0 {
			f = nft.IP
		}
		key.Name = f.String() + " " + key.Name
	}
	e := &syntax.Xfrm{Key: keyOf(r, syntax.XfrmKeys, key, "xfrm"), Num: uint32(r.number(n, "spnum", 8, 0))}
	switch dir := r.str(n, "dir"); dir.Name {
	case "in":
	case "out":
		e.Out = true
	default:
		r.fail(dir.At, "invalid direction '%s'", dir.Name)
	}
	return e
}
