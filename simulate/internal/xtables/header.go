package xtables

import (
	"encoding/binary"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// bits128 is an address as two numbers; an IPv4 address is in the low 32 bits.
type bits128 struct{ hi, lo uint64 }

func bitsOf(a netip.Addr) bits128 {
	if a.Is4() {
		b := a.As4()
		return bits128{lo: uint64(binary.BigEndian.Uint32(b[:]))}
	}
	b := a.As16()
	return bits128{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// header is a compiled netfilter.Header.
type header struct {
	src, srcMask, dst, dstMask bits128
	in, out                    pattern
	proto                      uint8
	findProto                  bool // look for the transport header (IPv6)
	fragment                   bool
	noProto                    bool // -p mptcp: no packet has the protocol

	invSrc, invDst, invProto, invFragment bool
}

// pattern is an interface condition. The zero value matches every name.
type pattern struct {
	name   string
	prefix bool
	invert bool
	set    bool
}

func compilePattern(name string, invert bool) pattern {
	prefix, wild := strings.CutSuffix(name, "+")
	return pattern{name: prefix, prefix: wild || name == "", invert: invert, set: prefix != "" || invert}
}

func (p *pattern) matches(name string) bool {
	if !p.set {
		return true
	}
	eq := p.name == name
	if p.prefix {
		eq = strings.HasPrefix(name, p.name)
	}
	return eq != p.invert
}

func compileHeader(h *netfilter.Header) header {
	c := header{proto: h.Proto, findProto: h.Proto != 0 || h.MPTCP || h.AllProtos, noProto: h.MPTCP && !h.InvProto, fragment: h.Fragment, in: compilePattern(h.In, h.InvIn), out: compilePattern(h.Out, h.InvOut),
		invSrc: h.InvSrc, invDst: h.InvDst, invProto: h.InvProto, invFragment: h.InvFragment}
	if h.Src.Mask.IsValid() {
		c.src, c.srcMask = bitsOf(h.Src.Addr), bitsOf(h.Src.Mask)
	}
	if h.Dst.Mask.IsValid() {
		c.dst, c.dstMask = bitsOf(h.Dst.Addr), bitsOf(h.Dst.Mask)
	}
	return c
}

func covers(rule, mask, addr bits128) bool {
	return (addr.hi&mask.hi^rule.hi)|(addr.lo&mask.lo^rule.lo) == 0
}

// headerMatches compares the header of a rule with the packet, as
// net/ipv4/netfilter/ip_tables.c, ip_packet_match and net/ipv6/netfilter/
// ip6_tables.c, ip6_packet_match do.
func (w *Walker) headerMatches(h *header) bool {
	if covers(h.src, h.srcMask, w.src) == h.invSrc || covers(h.dst, h.dstMask, w.dst) == h.invDst {
		return false
	}
	if !h.in.matches(w.Context.In) || !h.out.matches(w.Context.Out) {
		return false
	}
	if w.Context.Family == netfilter.IPv6 {
		return w.protoMatches6(h)
	}
	if h.noProto || h.proto != 0 && (w.transport.Proto == h.proto) == h.invProto {
		return false
	}
	if h.fragment && (w.transport.FragOff != 0) == h.invFragment {
		return false
	}
	return true
}

// protoMatches6 compares -p. In xtables it locates the transport header only if the rule
// has -p, and sets hotdrop if the extension headers are truncated; nf_tables has located
// it, and no condition on the protocol holds without (net/netfilter/nft_meta.c,
// nft_meta_get_eval).
func (w *Walker) protoMatches6(h *header) bool {
	if w.backend == netfilter.NFTables {
		return h.proto == 0 || w.transport.Found && (w.transport.Proto == h.proto) != h.invProto
	}
	w.Context.Transport.Offset = 0
	if !h.findProto {
		return true
	}
	if !w.transport.Found {
		w.Context.HotDrop()
		return false
	}
	w.Context.Transport = w.transport
	return !h.noProto && (h.proto == 0 || (w.transport.Proto == h.proto) != h.invProto)
}

// HeaderMatches compares a header with the packet as of the last Refresh. It sets
// Context.Transport to the transport header that matches of a rule with that header use.
func (w *Walker) HeaderMatches(h *netfilter.Header) bool {
	c := compileHeader(h)
	return w.headerMatches(&c)
}

// Failed returns the index of the match that was false in the last rule; -1 if it was the
// header.
func (w *Walker) Failed() int { return w.failed }
