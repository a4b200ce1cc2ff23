package packet

import (
	"encoding/binary"
	"hash/crc32"
	"net/netip"
)

// Checksum returns the Internet checksum of b; sum is a partial sum to start
// from, the result of PseudoSum or 0 (RFC 1071).
func Checksum(b []byte, sum uint32) uint16 {
	for len(b) >= 2 {
		sum += uint32(b[0])<<8 | uint32(b[1])
		if sum >= 1<<30 {
			sum = sum&0xffff + sum>>16
		}
		b = b[2:]
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	return ^fold(sum)
}

func fold(sum uint32) uint16 {
	for sum > 0xffff {
		sum = sum&0xffff + sum>>16
	}
	return uint16(sum)
}

// PseudoSum returns the partial checksum of the pseudo header of TCP, UDP and
// ICMPv6; length is that of the transport header and payload, in bytes.
func PseudoSum(src, dst netip.Addr, proto uint8, length int) uint32 {
	sum := uint32(proto) + uint32(length>>16) + uint32(length&0xffff)
	for _, a := range [2]netip.Addr{src, dst} {
		if a.Is4() {
			b := a.As4()
			sum += uint32(binary.BigEndian.Uint16(b[:])) + uint32(binary.BigEndian.Uint16(b[2:]))
			continue
		}
		b := a.As16()
		for i := 0; i < 16; i += 2 {
			sum += uint32(binary.BigEndian.Uint16(b[i:]))
		}
	}
	return sum
}

// replaceSum updates the checksum field at off for the replacement of the bytes
// old by new, of equal even length (RFC 1624; net/core/utils.c,
// inet_proto_csum_replace4). A wrong checksum stays wrong by the same amount.
func replaceSum(b []byte, off int, old, new []byte) {
	sum := uint32(^binary.BigEndian.Uint16(b[off:]))
	for i := 0; i+1 < len(old); i += 2 {
		sum += uint32(^binary.BigEndian.Uint16(old[i:]))
		sum += uint32(binary.BigEndian.Uint16(new[i:]))
	}
	binary.BigEndian.PutUint16(b[off:], ^fold(sum))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// SCTPChecksum returns the checksum of an SCTP packet, which the header contains at
// offset 8 in little-endian byte order.
func SCTPChecksum(b []byte) uint32 {
	if len(b) < 12 {
		return crc32.Update(0, castagnoli, b)
	}
	var zero [4]byte
	c := crc32.Update(0, castagnoli, b[:8])
	c = crc32.Update(c, castagnoli, zero[:])
	return crc32.Update(c, castagnoli, b[12:])
}
