// Package exthdr walks the extension headers of IPv6 packets.
package exthdr

import (
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Header is a place in the chain of headers of a packet.
type Header struct {
	Proto  uint8
	Name   int // offset of the byte that names it
	Offset int // where it begins
}

// First returns what follows the IPv6 header of a packet.
func First(w []byte) Header { return Header{Proto: w[6], Name: 6, Offset: 40} }

// Skip walks over extension headers up to the first for which stop is true,
// or to what is no extension header; false if one of them is cut short.
func (h Header) Skip(w []byte, stop func(proto uint8) bool) (Header, bool) {
	for {
		switch h.Proto {
		case packet.ProtoHopByHop, packet.ProtoRouting, packet.ProtoFragment, packet.ProtoAH, packet.ProtoDestOpts:
		default:
			return h, true
		}
		if stop != nil && stop(h.Proto) {
			return h, true
		}
		if h.Offset+2 > len(w) {
			return h, false
		}
		h = Header{Proto: w[h.Offset], Name: h.Offset, Offset: h.Offset + packet.ExtensionHeaderLen(h.Proto, w[h.Offset:])}
	}
}

// Fragment finds the fragment header; false if there is none that is whole.
func Fragment(w []byte) (Header, bool) {
	h, ok := First(w).Skip(w, IsFragment)
	return h, ok && IsFragment(h.Proto) && h.Offset+8 <= len(w)
}

// AfterRouting returns what follows the headers that every fragment repeats: the
// IPv6 header and the extension headers for the way (net/ipv6/output_core.c,
// ip6_find_1stfragopt).
func AfterRouting(w []byte) Header {
	routed := false
	h, _ := First(w).Skip(w, func(proto uint8) bool {
		past := IsFragment(proto) || IsAuthentication(proto) || proto == packet.ProtoDestOpts && routed
		routed = routed || proto == packet.ProtoRouting
		return past
	})
	return h
}

// IsFragment reports the protocol number of the fragment header.
func IsFragment(proto uint8) bool { return proto == packet.ProtoFragment }

// IsAuthentication reports the protocol number of the authentication header.
func IsAuthentication(proto uint8) bool { return proto == packet.ProtoAH }
