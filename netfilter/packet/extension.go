package packet

import (
	"encoding/binary"
	"iter"
)

// ExtensionHeader is a header in the chain that follows the fixed IPv6 header:
// an extension header, or the one that ends the chain.
type ExtensionHeader struct {
	Proto   uint8 // number of this header
	Offset  int   // of its first byte from the start of the packet, in bytes; it may lie beyond the end
	NamedAt int   // offset of the Next Header field that holds Proto
	Len     int   // length it states, in bytes; 0 if Proto is no extension header or its first two bytes are not there
}

// ExtensionHeaders yields the headers that follow the fixed IPv6 header of a
// packet, in their order. The last one is that which is no extension header
// (IsExtension), or the first whose length cannot be read because the packet
// ends, whose Len is 0. Fragments are not treated specially: what follows the
// fragment header of a later fragment is data. The functions of the kernel that
// walk this chain stop at different headers; callers stop the iteration
// accordingly. A packet of less than 40 bytes has none.
func ExtensionHeaders(wire []byte) iter.Seq[ExtensionHeader] {
	return func(yield func(ExtensionHeader) bool) {
		if len(wire) < ipv6HeaderLen {
			return
		}
		for h := firstExtension(wire); yield(h) && h.Len > 0; {
			h = h.next(wire)
		}
	}
}

// Bytes returns the header as far as the packet has it, and all that follows;
// none if the packet ends before it.
func (h ExtensionHeader) Bytes(wire []byte) []byte { return wire[max(0, min(h.Offset, len(wire))):] }

// IsExtension reports whether another header follows this one in the chain.
func (h ExtensionHeader) IsExtension() bool { return IsExtension(h.Proto) }

// ipv6HeaderLen is the length of the fixed IPv6 header.
const ipv6HeaderLen = 40

func firstExtension(wire []byte) ExtensionHeader {
	h := ExtensionHeader{Proto: wire[6], Offset: ipv6HeaderLen, NamedAt: 6}
	h.readLen(wire)
	return h
}

// next returns the header after h, whose length must be known.
func (h ExtensionHeader) next(wire []byte) ExtensionHeader {
	n := ExtensionHeader{Proto: wire[h.Offset], Offset: h.Offset + h.Len, NamedAt: h.Offset}
	n.readLen(wire)
	return n
}

func (h *ExtensionHeader) readLen(wire []byte) {
	if h.IsExtension() && h.Offset+2 <= len(wire) {
		h.Len = ExtensionHeaderLen(h.Proto, wire[h.Offset:])
	}
}

// IsExtension reports whether a protocol number is that of an IPv6 extension header
// with a Next Header field: neither ESP nor "no next header"
// (net/ipv6/exthdrs_core.c, ipv6_ext_hdr, which counts the latter).
func IsExtension(proto uint8) bool {
	switch proto {
	case ProtoHopByHop, ProtoRouting, ProtoFragment, ProtoAH, ProtoDestOpts:
		return true
	}
	return false
}

// HeaderSearch is the result of a search for an IPv6 extension header. The zero
// value is HeaderAbsent.
type HeaderSearch uint8

// The outcomes.
const (
	HeaderAbsent    HeaderSearch = iota // the packet has no such header, or a fragment hides it
	HeaderFound                         // it begins at the offset returned
	HeaderTruncated                     // a preceding header is truncated
)

// ExtensionHeader looks for an extension header of an IPv6 packet by its number
// and returns its offset from the start of the packet. Only its first two bytes
// are guaranteed to be present (net/ipv6/exthdrs_core.c, ipv6_find_hdr with a
// target).
func (p view) ExtensionHeader(target uint8) (offset int, f HeaderSearch) {
	if p.Family() == IPv4 {
		return 0, HeaderAbsent
	}
	for h := range ExtensionHeaders(p.wire) {
		switch {
		case h.IsExtension() && h.Offset+extensionNeed(h.Proto) > len(p.wire):
			return 0, HeaderTruncated
		case h.Proto == target:
			return h.Offset, HeaderFound
		case h.Proto == ProtoFragment && fragmentOffset(h.Bytes(p.wire)) != 0:
			return 0, HeaderAbsent
		}
	}
	return 0, HeaderAbsent
}

// fragmentOffset returns the offset in a fragment header, in bytes.
func fragmentOffset(h []byte) int { return int(binary.BigEndian.Uint16(h[2:]) &^ 7) }

// extensionNeed returns the number of bytes of an extension header that
// ipv6_find_hdr reads to find the next one.
func extensionNeed(number uint8) int {
	if number == ProtoRouting || number == ProtoFragment {
		return 4
	}
	return 2
}

// ExtensionHeaderLen returns the length in bytes that the extension header of
// this number states; h is the beginning of the header. It returns 0 if h has
// less than two bytes.
func ExtensionHeaderLen(number uint8, h []byte) int {
	if len(h) < 2 {
		return 0
	}
	switch number {
	case ProtoFragment:
		return 8
	case ProtoAH:
		return (int(h[1]) + 2) << 2
	}
	return (int(h[1]) + 1) << 3
}
