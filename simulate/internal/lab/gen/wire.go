package gen

import (
	"encoding/binary"
	"hash/crc32"
	"net/netip"
	"slices"
)

// Protocol numbers of IPv4 and IPv6 packets.
const (
	protoICMP    = 1
	protoTCP     = 6
	protoUDP     = 17
	protoDCCP    = 33
	protoRouting = 43
	protoFrag    = 44
	protoICMPv6  = 58
	protoSCTP    = 132
	protoUDPLite = 136
)

// datagram is an IP packet in parts. Its header fields are those of IPv4; in
// IPv6 they mean hop limit, traffic class and flow label.
type datagram struct {
	src, dst netip.Addr
	proto    byte
	ttl, tos byte
	id       uint32
	df       bool
	options  []byte // IPv4 options, a multiple of 4 bytes
	headers  []byte // IPv6 extension headers, all but the last complete
	first    byte   // what headers begins with; 0 is hop-by-hop, if there are any
	body     []byte // transport header and payload
}

// wire returns the packet's bytes.
func (d datagram) wire() []byte { return d.fragment(0, len(d.body), false) }

// fragment returns the IP packet with body[from:to]. from is a multiple of 8;
// more is set in all fragments but the last.
func (d datagram) fragment(from, to int, more bool) []byte {
	part := d.body[from:to]
	if d.src.Is4() {
		return d.ipv4(uint16(from/8), more, part)
	}
	headers, first := d.headers, d.proto
	if len(headers) > 0 {
		first = d.first
	}
	if from > 0 || more {
		f := []byte{d.proto, 0, byte(from >> 8), byte(from)}
		if more {
			f[3] |= 1
		}
		headers, first = binary.BigEndian.AppendUint32(f, d.id), protoFrag
	}
	b := binary.BigEndian.AppendUint32(nil, 6<<28|uint32(d.tos)<<20|d.id)
	b = binary.BigEndian.AppendUint16(b, uint16(len(headers)+len(part)))
	return slices.Concat(b, []byte{first, d.ttl}, d.src.AsSlice(), d.dst.AsSlice(), headers, part)
}

func (d datagram) ipv4(offset uint16, more bool, part []byte) []byte {
	if more {
		offset |= 0x2000
	}
	if d.df {
		offset |= 0x4000
	}
	size := 20 + len(d.options)
	b := []byte{0x40 | byte(size/4), d.tos}
	b = binary.BigEndian.AppendUint16(b, uint16(size+len(part)))
	b = binary.BigEndian.AppendUint16(b, uint16(d.id))
	b = binary.BigEndian.AppendUint16(b, offset)
	b = slices.Concat(b, []byte{d.ttl, d.proto, 0, 0}, d.src.AsSlice(), d.dst.AsSlice(), d.options)
	binary.BigEndian.PutUint16(b[10:], checksum(0, b))
	return append(b, part...)
}

// checksum is the Internet checksum of b, over a sum that was begun.
func checksum(sum uint32, b []byte) uint16 {
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// pseudo is the sum of the pseudo header.
func (d datagram) pseudo() uint32 {
	var sum uint32
	for _, b := range [][]byte{d.src.AsSlice(), d.dst.AsSlice()} {
		for i := 0; i < len(b); i += 2 {
			sum += uint32(b[i])<<8 | uint32(b[i+1])
		}
	}
	return sum + uint32(d.proto) + uint32(len(d.body))
}

// seal computes the checksum of the transport header in body, if it is there.
func (d datagram) seal() datagram {
	at := map[byte]int{protoTCP: 16, protoUDP: 6, protoUDPLite: 6, protoICMP: 2, protoICMPv6: 2, protoSCTP: 8, protoDCCP: 6}
	i, ok := at[d.proto]
	if !ok || len(d.body) < i+4 {
		return d
	}
	d.body = slices.Clone(d.body)
	sum := d.body[i : i+2]
	if d.proto == protoSCTP {
		copy(d.body[i:], []byte{0, 0, 0, 0})
		binary.LittleEndian.PutUint32(d.body[i:], crc32.Checksum(d.body, crc32.MakeTable(crc32.Castagnoli)))
		return d
	}
	copy(sum, []byte{0, 0})
	begun := d.pseudo()
	if d.proto == protoICMP {
		begun = 0
	}
	value := checksum(begun, d.body)
	if value == 0 && d.proto == protoUDP {
		value = 0xffff
	}
	binary.BigEndian.PutUint16(sum, value)
	return d
}

// sealAsUDP computes the checksum of a UDP-Lite packet as connection tracking
// asks for it, which is wrong: with UDP's number in the pseudo header and, over
// IPv4, the low byte of the length alone (net/netfilter/nf_conntrack_proto_udp.c,
// udplite_error; net/netfilter/utils.c, nf_ip_checksum_partial). The right one is
// INVALID.
func (d datagram) sealAsUDP() datagram {
	if len(d.body) < 8 {
		return d
	}
	d.body = slices.Clone(d.body)
	copy(d.body[6:], []byte{0, 0})
	begun := d.pseudo() - protoUDPLite + protoUDP
	if d.src.Is4() {
		begun -= uint32(len(d.body) &^ 0xff)
	}
	value := checksum(begun, d.body)
	if value == 0 {
		value = 0xffff
	}
	binary.BigEndian.PutUint16(d.body[6:], value)
	return d
}

// undo takes a packet apart. It reports false for what it cannot put together
// again: fragments, and IPv6 extension headers.
func undo(wire []byte) (datagram, bool) {
	switch {
	case len(wire) >= 20 && wire[0]>>4 == 4:
		size := int(wire[0]&15) * 4
		flags := binary.BigEndian.Uint16(wire[6:])
		if flags&0x3fff != 0 || size < 20 || size > len(wire) {
			return datagram{}, false
		}
		return datagram{
			src: netip.AddrFrom4([4]byte(wire[12:])), dst: netip.AddrFrom4([4]byte(wire[16:])), proto: wire[9], ttl: wire[8], tos: wire[1],
			id: uint32(binary.BigEndian.Uint16(wire[4:])), df: flags&0x4000 != 0, options: wire[20:size], body: wire[size:],
		}, true
	case len(wire) >= 40 && wire[0]>>4 == 6:
		head := binary.BigEndian.Uint32(wire)
		d := datagram{
			src: netip.AddrFrom16([16]byte(wire[8:])), dst: netip.AddrFrom16([16]byte(wire[24:])), proto: wire[6], ttl: wire[7],
			tos: byte(head >> 20), id: head & 0xfffff, body: wire[40:],
		}
		return d, !slices.Contains([]byte{0, 43, protoFrag, 51, 60}, d.proto)
	}
	return datagram{}, false
}
