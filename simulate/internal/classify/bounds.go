package classify

import (
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
)

// RuleOf returns the conditions of a rule that can be told from the packet alone:
// those of its header, and of its matches up to the first one that may do more than
// judge, which is any that is not [netfilter.Bounded]. They hold for packets with a
// whole transport header that are no fragments. With an inverted protocol, matches may
// find ports in headers that have none; they are left out.
func RuleOf(h *netfilter.Header, matches []netfilter.Match) Rule {
	var c Rule
	c.header(h)
	if h.InvProto {
		return c
	}
	for _, m := range matches {
		b, ok := m.(netfilter.Bounded)
		if !ok || !b.Bound(&c) {
			break
		}
	}
	return c
}

var _ netfilter.Bounds = (*Rule)(nil)

// header adds the conditions of a header.
func (r *Rule) header(h *netfilter.Header) {
	r.address(Src, h.Src, h.InvSrc)
	r.address(Dst, h.Dst, h.InvDst)
	r.link(In, h.In, h.InvIn)
	r.link(Out, h.Out, h.InvOut)
	if h.Proto != 0 {
		r.either(Proto, Union(one(Number(h.Proto))), h.InvProto)
	}
	if h.Fragment && !h.InvFragment {
		r.Limit(Proto, nil)
	}
}

func one(v Value) Span { return Span{v, v} }

// either adds the condition that a field has, or inverted has not, one of the
// values.
func (r *Rule) either(f Field, in Spans, invert bool) {
	if invert {
		in = in.Not()
	}
	r.Limit(f, in)
}

// address adds a condition on an address. Of a mask that is not contiguous the
// bits ahead of the first gap count, and nothing if it is inverted.
func (r *Rule) address(f Field, a netfilter.AddrMask, invert bool) {
	if !a.Mask.IsValid() {
		r.either(f, everything, invert)
		return
	}
	if netfilter.Masked(a.Addr, a.Mask) != a.Addr {
		r.either(f, nil, invert)
		return
	}
	n := a.Bits()
	if n < 0 {
		if invert {
			return
		}
		for n = 0; hasBit(a.Mask, n); n++ {
		}
	}
	// Prefix cuts a to n bits, which are within its length.
	p, _ := a.Addr.Prefix(n)
	r.either(f, Union(spanOf(p)), invert)
}

// hasBit reports whether bit n of an address, the first being 0, is set.
func hasBit(a netip.Addr, n int) bool {
	b := a.AsSlice()
	return n < 8*len(b) && b[n/8]&(0x80>>(n%8)) != 0
}

// spanOf returns the addresses of a prefix.
func spanOf(p netip.Prefix) Span {
	first := Addr(p.Addr())
	host := p.Addr().BitLen() - p.Bits()
	return Span{first, Value{first.Hi | ones(host-64), first.Lo | ones(min(host, 64))}}
}

// ones returns a number whose low n bits are set; 0 for a negative n.
func ones(n int) uint64 {
	if n <= 0 {
		return 0
	}
	return ^uint64(0) >> (64 - n)
}

// link adds a condition on a link's name, whose final "+" stands for any ending.
// A name that is too long for a Value is no condition.
func (r *Rule) link(f Field, name string, invert bool) {
	prefix, wild := strings.CutSuffix(name, "+")
	wild = wild || name == ""
	switch {
	case prefix == "" && !invert:
	case len(prefix) >= nameLen:
	case wild:
		first := Name(prefix)
		rest := (nameLen - len(prefix)) * 8
		r.either(f, Union(Span{first, Value{first.Hi | ones(rest-64), first.Lo | ones(min(rest, 64))}}), invert)
	default:
		r.either(f, Union(one(Name(name))), invert)
	}
}

// SrcAddr implements netfilter.Bounds.
func (r *Rule) SrcAddr(first, last netip.Addr, invert bool) { r.addrRange(Src, first, last, invert) }

// DstAddr implements netfilter.Bounds.
func (r *Rule) DstAddr(first, last netip.Addr, invert bool) { r.addrRange(Dst, first, last, invert) }

func (r *Rule) addrRange(f Field, first, last netip.Addr, invert bool) {
	r.either(f, Union(Span{Addr(first), Addr(last)}), invert)
}

// SrcPort implements netfilter.Bounds.
func (r *Rule) SrcPort(invert bool, in ...cond.PortRange) { r.ports(SrcPort, in, invert) }

// DstPort implements netfilter.Bounds.
func (r *Rule) DstPort(invert bool, in ...cond.PortRange) { r.ports(DstPort, in, invert) }

func (r *Rule) ports(f Field, in []cond.PortRange, invert bool) {
	spans := make([]Span, 0, len(in))
	for _, p := range in {
		spans = append(spans, Span{Number(p.Min), Number(p.Max)})
	}
	r.either(f, Union(spans...), invert)
}

// Mark implements netfilter.Bounds.
func (r *Rule) Mark(value, mask uint32, invert bool) {
	in := Union(one(Number(value)))
	if invert {
		in = in.Not()
	}
	r.LimitMark(mask, in)
}
