// Package exthdr finds extension headers of IPv6 packets.
package exthdr

import "github.com/packetpath/packetpath/netfilter/packet"

// Find returns the first header for which stop is true or that is not an extension header;
// false if the packet ends before it. A nil stop is never true.
func Find(w []byte, stop func(proto uint8) bool) (h packet.ExtensionHeader, ok bool) {
	for h = range packet.ExtensionHeaders(w) {
		if stop != nil && stop(h.Proto) {
			return h, true
		}
	}
	return h, !h.IsExtension()
}

// Fragment returns the fragment header; false if there is none or it is truncated.
func Fragment(w []byte) (packet.ExtensionHeader, bool) {
	h, ok := Find(w, IsFragment)
	return h, ok && IsFragment(h.Proto) && h.Offset+8 <= len(w)
}

// AfterRouting returns the first header after the unfragmentable part, which every
// fragment repeats (RFC 8200; net/ipv6/output_core.c, ip6_find_1stfragopt).
func AfterRouting(w []byte) packet.ExtensionHeader {
	routed := false
	h, _ := Find(w, func(proto uint8) bool {
		past := IsFragment(proto) || IsAuthentication(proto) || proto == packet.ProtoDestOpts && routed
		routed = routed || proto == packet.ProtoRouting
		return past
	})
	return h
}

// IsFragment reports whether proto is the protocol number of the fragment header.
func IsFragment(proto uint8) bool { return proto == packet.ProtoFragment }

// IsAuthentication reports whether proto is the protocol number of the authentication
// header.
func IsAuthentication(proto uint8) bool { return proto == packet.ProtoAH }
