package netfilter

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/cond"
)

// Bounded is implemented by matches that can say ahead of time which addresses,
// ports and marks a packet must have to satisfy them. The engine may pass over
// rules whose bounds a packet is outside of, however many they are, so a packet
// outside must have no effect on anything: the match changes nothing, asks
// nothing of Context.Engine that could leave a trace, and draws no luck. What the
// bounds leave open, such as flags, the engine still asks Match.
//
// The bounds count for packets with a whole transport header that are no
// fragments; any other packet is shown to Match.
type Bounded interface {
	Match
	// Bound tells b what a packet needs to satisfy the match; one that says
	// nothing may be satisfied by any packet. The answer is whether a packet
	// within the bounds has no effect on anything, either, so that what the
	// matches behind this one demand counts, too.
	Bound(b Bounds) bool
}

// Bounds is told what packets can satisfy a rule. Several demands hold together.
type Bounds interface {
	// SrcAddr demands that the source address lies between two others, both
	// included, or outside them if inverted. Ends the wrong way round hold no
	// address.
	SrcAddr(first, last netip.Addr, invert bool)
	// DstAddr demands it of the destination address.
	DstAddr(first, last netip.Addr, invert bool)
	// SrcPort demands that the source port is in one of the ranges, or in none of
	// them if inverted. What the ranges say of inversion does not count.
	SrcPort(invert bool, in ...cond.PortRange)
	// DstPort demands it of the destination port.
	DstPort(invert bool, in ...cond.PortRange)
	// Mark demands that the packet's mark under the mask is the value, or is not if
	// inverted.
	Mark(value, mask uint32, invert bool)
}

// BoundPorts tells b of conditions on both ports of a packet.
func BoundPorts(b Bounds, src, dst cond.PortRange) {
	if src.Given {
		b.SrcPort(src.Invert, src)
	}
	if dst.Given {
		b.DstPort(dst.Invert, dst)
	}
}
