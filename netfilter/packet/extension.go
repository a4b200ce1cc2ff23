package packet

import "encoding/binary"

// HeaderSearch says how a search for an IPv6 extension header ended. The zero value is
// HeaderAbsent.
type HeaderSearch uint8

// The outcomes.
const (
	HeaderAbsent    HeaderSearch = iota // the packet has no such header, or a fragment hides it
	HeaderFound                         // it begins at the offset returned
	HeaderTruncated                     // a header ahead of it is cut short
)

// ExtensionHeader looks for an extension header of an IPv6 packet by its
// number and returns its offset from the start of the packet. Only its first
// two bytes are sure to be there (net/ipv6/exthdrs_core.c, ipv6_find_hdr with a
// target).
func (p *Packet) ExtensionHeader(target uint8) (offset int, f HeaderSearch) {
	if p.wire[0]>>4 != 6 {
		return 0, HeaderAbsent
	}
	next, off := p.wire[6], 40
	for {
		if !isExtHeader(next) || next == ProtoNone {
			if next == target {
				return off, HeaderFound
			}
			return 0, HeaderAbsent
		}
		if off+extensionNeed(next) > len(p.wire) {
			return 0, HeaderTruncated
		}
		if next == target {
			return off, HeaderFound
		}
		if next == ProtoFragment && binary.BigEndian.Uint16(p.wire[off+2:])&^7 != 0 {
			return 0, HeaderAbsent
		}
		next, off = p.wire[off], off+ExtensionHeaderLen(next, p.wire[off:])
	}
}

// extensionNeed returns how many bytes of an extension header have to be there
// for the next one to be looked for.
func extensionNeed(number uint8) int {
	if number == ProtoRouting || number == ProtoFragment {
		return 4
	}
	return 2
}

// ExtensionHeaderLen returns the length in bytes that the extension header of
// this number states; h is its beginning, of two bytes at least.
func ExtensionHeaderLen(number uint8, h []byte) int {
	switch number {
	case ProtoFragment:
		return 8
	case ProtoAH:
		return (int(h[1]) + 2) << 2
	}
	return (int(h[1]) + 1) << 3
}
