package netfilter

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/cond"
)

// Bounded is implemented by matches that can state, before any packet is seen,
// which addresses, ports and marks a packet must have to satisfy them. The
// engine may skip any number of rules whose bounds exclude a packet. Match must
// therefore have no side effect for an excluded packet: it changes no state,
// calls no method of Context.Engine that could change the result, and draws no
// random number. For conditions that bounds cannot express, such as TCP flags,
// the engine still calls Match.
//
// The bounds apply only to unfragmented packets with a complete transport
// header; for any other packet the engine calls Match.
type Bounded interface {
	Match
	// Bound reports to b the bounds of the packets that can satisfy the match; if
	// it reports none, any packet may. It returns true if Match has no side effect
	// for packets within the bounds either, so that the bounds of the following
	// matches of the rule may be used as well. It panics if b is nil.
	Bound(b Bounds) bool
}

// Bounds collects the conditions a packet must meet to satisfy a rule. All of
// them must hold.
type Bounds interface {
	// SrcAddr requires a source address from first to last, both included, or one
	// outside that range if invert is set. A range with first greater than last
	// contains no address.
	SrcAddr(first, last netip.Addr, invert bool)
	// DstAddr is like SrcAddr, for the destination address.
	DstAddr(first, last netip.Addr, invert bool)
	// SrcPort requires a source port in one of the ranges, or in none of them if
	// invert is set. The Invert field of the ranges is ignored.
	SrcPort(invert bool, in ...cond.PortRange)
	// DstPort is like SrcPort, for the destination port.
	DstPort(invert bool, in ...cond.PortRange)
	// Mark requires that the packet's mark ANDed with mask equals value, or that it
	// does not if invert is set.
	Mark(value, mask uint32, invert bool)
}

// BoundPorts reports to b, which must not be nil, the conditions on the source and
// destination port of a packet; it panics otherwise.
func BoundPorts(b Bounds, src, dst cond.PortRange) {
	if src.Given {
		b.SrcPort(src.Invert, src)
	}
	if dst.Given {
		b.DstPort(dst.Invert, dst)
	}
}
