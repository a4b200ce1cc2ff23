package eval

import (
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Observed implements watch.Miss. It returns the test for the value of the
// packet, such as "tcp dport 80", or what the packet does not have.
func (x *miss) Observed() string {
	exprs := x.rule.model.Exprs
	source, n, ok := x.compared()
	if !ok {
		return x.lacks()
	}
	if load := origin(exprs[:x.broken], source); load >= 0 {
		if e, value := x.field(load, n); value != "" {
			test := x.test(append(slices.Clip(exprs[:load]), e), source, value)
			return strings.Replace(test, " == ", " ", 1) // nft writes it before flags
		}
	}
	return x.test(exprs[:x.broken], source, string(x.m.regs.bytes(reg(source), n)))
}

// test returns the test that a register has a value, after these expressions.
func (x *miss) test(before []nft.Expr, source nft.Reg, value string) string {
	rs := *x.rule.ruleset
	rs.Links = slices.Clip(rs.Links)
	for _, name := range []string{x.m.c.In, x.m.c.Out} {
		if name != "" {
			rs.Links = append(rs.Links, nft.Link{Name: name, Index: x.m.linkIndex(name)})
		}
	}
	r := &nft.Rule{Exprs: append(slices.Clip(before), &nft.Cmp{Source: source, Data: value})}
	return nfttext.ConditionText(&rs, x.rule.chain.table, r, len(before), nfttext.Options{})
}

// compared returns the bytes that the broken expression compares; false if it compares
// none, or if they are not why it broke.
func (x *miss) compared() (source nft.Reg, n int, ok bool) {
	switch e := x.rule.model.Exprs[x.broken].(type) {
	case *nft.Cmp:
		return e.Source, len(e.Data), true
	case *nft.Range:
		return e.Source, len(e.From), true
	case *nft.Lookup:
		in := x.rule.instructions[x.broken].(*lookup)
		el, _ := x.m.state.lookup(in.set, x.m.regs.bytes(in.src, in.set.keyLen), x.m.c.Engine.Now())
		return e.Source, in.set.keyLen, el == nil || e.Not
	case *nft.ObjRef:
		in, isMap := x.rule.instructions[x.broken].(*objectMap)
		if isMap {
			return e.Source, in.set.keyLen, true
		}
	}
	return 0, 0, false
}

// origin returns the index of the last expression that loaded a register from the
// packet, if only masks and changes of the byte order lie between; else -1.
func origin(exprs []nft.Expr, r nft.Reg) int {
	for i, e := range slices.Backward(exprs) {
		switch e := e.(type) {
		case *nft.Bitwise:
			if e.Dest == r && (e.Op != nft.MaskXor || e.Source != r) {
				return -1
			}
		case *nft.Byteorder:
			if e.Dest == r && e.Source != r {
				return -1
			}
		case *nft.Payload:
			if e.Dest == r {
				return i
			}
		case *nft.Meta:
			if e.Dest == r {
				return i
			}
		case *nft.CT:
			if e.Dest == r {
				return i
			}
		case *nft.Cmp, *nft.Range:
		default:
			return -1
		}
	}
	return -1
}

// field returns an expression that loads the whole field of which a rule compares n bytes
// or some bits, and its value; "" if what the rule compares is best shown as it is.
func (x *miss) field(load, n int) (nft.Expr, string) {
	switch e := x.rule.model.Exprs[load].(type) {
	case *nft.Payload:
		whole := wholeField(e, x.m)
		if whole == nil || n > whole.Len {
			return nil, ""
		}
		return whole, x.loaded(&payload{dst: reg(whole.Dest), base: whole.Base, offset: whole.Offset, length: whole.Len}, whole.Len)
	case *nft.Meta:
		if size := metaBytes(e.Key); e.Key != nft.MetaPRandom && n <= size {
			if size == nameBytes {
				n = size // a prefix of a name is compared
			}
			return e, x.loaded(x.rule.instructions[load], n)
		}
	case *nft.CT:
		return e, x.loaded(x.rule.instructions[load], n)
	}
	return nil, ""
}

// loaded returns the n bytes that an instruction loads.
func (x *miss) loaded(in instruction, n int) string {
	m := *x.m
	m.verdict = verdict{}
	in.eval(&m)
	if m.verdict.code == codeBreak {
		return ""
	}
	var dst register
	switch in := in.(type) {
	case *payload:
		dst = in.dst
	case *meta:
		dst = in.dst
	case *ct:
		dst = in.dst
	}
	return string(m.regs.bytes(dst, n))
}

// wholeField returns a load of the whole of an address of which e loads the bytes of a
// prefix, or of the flags of TCP; nil for other fields.
func wholeField(e *nft.Payload, m *machine) *nft.Payload {
	whole := *e
	switch {
	case e.Base == nft.TransportHeader && m.info.proto == packet.ProtoTCP && e.Offset == 13 && e.Len == 1:
		return &whole
	case e.Base != nft.NetworkHeader:
		return nil
	}
	first, length := 12, 4
	if m.c.Family == netfilter.IPv6 {
		first, length = 8, 16
	}
	for _, at := range []int{first, first + length} {
		if e.Offset == at && e.Len <= length && length <= registerBytes-4*int(reg(e.Dest)) {
			whole.Len = length
			return &whole
		}
	}
	return nil
}

// lacks returns what a packet does not have from which the broken expression loads.
func (x *miss) lacks() string {
	switch e := x.rule.model.Exprs[x.broken].(type) {
	case *nft.Payload:
		switch {
		case e.Base == nft.LinkHeader:
			return "no such link layer header"
		case e.Base != nft.NetworkHeader && x.m.info.fragment:
			return "no transport header, as a later fragment"
		case e.Base != nft.NetworkHeader && !x.m.info.hasTransport:
			return "no transport header"
		}
		return "too few bytes"
	case *nft.CT:
		if x.m.c.Conn == nil {
			return "no connection"
		}
		return "a connection without it"
	case *nft.Exthdr:
		return "no such header or option"
	case *nft.RT:
		return "no route"
	case *nft.Socket:
		return "no socket"
	case *nft.Meta:
		switch e.Key {
		case nft.MetaSkUID, nft.MetaSkGID, nft.MetaCgroup:
			return "no socket of a process"
		case nft.MetaL4Proto:
			return "no transport header"
		}
		return "none"
	}
	return ""
}
