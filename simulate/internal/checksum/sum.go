package checksum

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// right reports whether the transport checksum of a packet is correct.
func right(p *netfilter.Packet, t packet.Transport) bool {
	body := p.From(t)
	switch t.Proto {
	case packet.ProtoICMP:
		return packet.Checksum(body, 0) == 0
	case packet.ProtoUDP, packet.ProtoUDPLite:
		return rightDatagram(p, t.Proto, body)
	}
	return packet.Checksum(body, packet.PseudoSum(p.Src(), p.Dst(), t.Proto, len(body))) == 0
}

// rightDatagram reports whether length (or coverage) and checksum of a UDP or UDP-Lite
// datagram are correct. A checksum of zero means none for UDP over IPv4 and is
// incorrect otherwise (net/ipv4/udp.c, __udp4_lib_rcv; include/net/udplite.h,
// udplite_checksum_init).
func rightDatagram(p *netfilter.Packet, proto uint8, body []byte) bool {
	if len(body) < 8 {
		return false
	}
	n := int(binary.BigEndian.Uint16(body[4:]))
	if proto == packet.ProtoUDPLite && n == 0 {
		n = len(body)
	}
	if n < 8 || n > len(body) {
		return false
	}
	if body[6] == 0 && body[7] == 0 {
		return proto == packet.ProtoUDP && p.Family() == netfilter.IPv4
	}
	length := n
	if proto == packet.ProtoUDPLite {
		length = len(body)
	}
	return packet.Checksum(body[:n], packet.PseudoSum(p.Src(), p.Dst(), proto, length)) == 0
}

// rightByREJECT verifies the transport checksum as REJECT does (net/netfilter/utils.c,
// nf_ip_checksum, nf_ip6_checksum).
func rightByREJECT(p *netfilter.Packet, t packet.Transport) bool {
	body, pseudo := p.From(t), uint32(0)
	if p.Family() == netfilter.IPv6 || t.Proto == packet.ProtoTCP || t.Proto == packet.ProtoUDP {
		pseudo = packet.PseudoSum(p.Src(), p.Dst(), t.Proto, len(body))
	}
	if p.Family() == netfilter.IPv4 {
		// The sum covers the IP header, which contributes zero if its own checksum is
		// correct (it is not after options were just written). Because of the header, an
		// all-zero transport segment sums to a correct checksum.
		body = p.Wire()
	}
	return packet.Checksum(body, pseudo) == 0
}
