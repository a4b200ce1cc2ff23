package simulate

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/nat"
)

// checksumState is the kernel's record of the verified transport checksum of a
// received packet (skb->ip_summed, skb->csum).
type checksumState struct {
	verified bool    // the checksum was computed and is correct
	header   [5]byte // the bytes of the IPv6 header, except the addresses, that the verified sum covers
	final    bool    // the checksum counts as correct even if the header has changed since
}

// forget discards the record, so that the checksum is computed again.
func (s *checksumState) forget() { s.verified, s.final = false, false }

// checksumFound records, after connection tracking of a received packet, whether
// conntrack computed the transport checksum and found it correct, which is so if the
// packet has a connection (known). The host relies on that sum later, as long as the
// covered header fields other than the addresses are unchanged
// (net/netfilter/utils.c, nf_ip_checksum, nf_ip6_checksum; net/core/skbuff.c,
// __skb_checksum_complete).
func (tr *transit) checksumFound(known bool) {
	if tr.c.Hook != netfilter.Prerouting || !tr.s.node.tracking.Checksum {
		return
	}
	tr.checksum.header = coveredHeader(&tr.pkt)
	t := tr.pkt.Transport()
	if !t.Found || t.FragOff != 0 {
		return
	}
	switch t.Proto {
	case packet.ProtoUDP:
		h := tr.pkt.From(t)
		tr.checksum.verified = len(h) >= 8 && (h[6] != 0 || h[7] != 0) && (known || tr.checksumOK(t))
	case packet.ProtoTCP, icmp.Protocol[tr.c.Family]:
		tr.checksum.verified = known || tr.checksumOK(t)
	}
}

// sameHeader reports whether the header fields that the verified sum covers, except
// the addresses, are unchanged: in IPv6, traffic class, flow label and hop limit. An
// IPv4 header with a correct checksum of its own contributes zero to the sum.
func (tr *transit) sameHeader() bool {
	return tr.c.Family == netfilter.IPv4 || tr.checksum.header == coveredHeader(&tr.pkt)
}

// coveredHeader returns the bytes of an IPv6 header, except the addresses, that the
// sum covers.
func coveredHeader(p *netfilter.Packet) [5]byte {
	w := p.Wire()
	return [5]byte{w[0], w[1], w[2], w[3], w[7]}
}

// rightOnArrival reports whether the checksum counts as correct because it was verified
// when the packet was received, even if rules have changed the addresses since.
func (tr *transit) rightOnArrival() bool {
	return tr.checksum.verified && (tr.checksum.final || tr.sameHeader())
}

// staleChecksum reports whether the kernel rejects a UDP datagram although its checksum
// is correct, because rules changed the header after the sum was computed in software
// and the kernel does not compute it again. For datagrams of up to 76 bytes it does
// (net/ipv6/ip6_checksum.c, udp6_csum_init; include/linux/skbuff.h,
// __skb_checksum_validate).
func (tr *transit) staleChecksum(t packet.Transport, length int) bool {
	const summedAgain = 76
	return t.Proto == packet.ProtoUDP && length > summedAgain && tr.checksum.verified && !tr.sameHeader()
}

// checksumOK reports whether the transport checksum is right.
func (tr *transit) checksumOK(t packet.Transport) bool {
	if tr.rightOnArrival() || tr.pkt.ChecksumTrusted() {
		return true
	}
	body := tr.pkt.From(t)
	switch t.Proto {
	case packet.ProtoICMP:
		return packet.Checksum(body, 0) == 0
	case packet.ProtoUDP, packet.ProtoUDPLite:
		return tr.datagramOK(t.Proto, body)
	}
	return packet.Checksum(body, packet.PseudoSum(tr.pkt.Src(), tr.pkt.Dst(), t.Proto, len(body))) == 0
}

// datagramOK reports whether length (or coverage) and checksum of a UDP or UDP-Lite
// datagram are correct. A checksum of zero means none for UDP over IPv4 and is
// incorrect otherwise
// (net/ipv4/udp.c, __udp4_lib_rcv; include/net/udplite.h,
// udplite_checksum_init).
func (tr *transit) datagramOK(proto uint8, body []byte) bool {
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
		return proto == packet.ProtoUDP && tr.c.Family == netfilter.IPv4
	}
	length := n
	if proto == packet.ProtoUDPLite {
		length = len(body)
	}
	return packet.Checksum(body[:n], packet.PseudoSum(tr.pkt.Src(), tr.pkt.Dst(), proto, length)) == 0
}

// headerChecksumOK verifies the transport checksum as REJECT does (nf_ip_checksum,
// nf_ip6_checksum).
func (tr *transit) headerChecksumOK(t packet.Transport) bool {
	body, pseudo := tr.pkt.From(t), uint32(0)
	if tr.c.Family == netfilter.IPv6 || t.Proto == packet.ProtoTCP || t.Proto == packet.ProtoUDP {
		pseudo = packet.PseudoSum(tr.pkt.Src(), tr.pkt.Dst(), t.Proto, len(body))
	}
	if tr.c.Family == netfilter.IPv4 {
		// The sum covers the IP header, which contributes zero if its own checksum is
		// correct (it is not after options were just written). Because of the header, an
		// all-zero transport segment sums to a correct checksum.
		body = tr.pkt.Wire()
	}
	return packet.Checksum(body, pseudo) == 0
}

// icmpChecksumOK reports whether address translation accepts the checksum of an ICMP
// error (net/netfilter/utils.c, nf_ip_checksum, nf_ip6_checksum).
func (tr *transit) icmpChecksumOK() bool {
	if tr.pkt.ChecksumTrusted() {
		return true
	}
	if tr.c.Family == netfilter.IPv6 {
		return tr.icmpChecksumOK6()
	}
	switch tr.c.Hook {
	case netfilter.Output:
		return nat.ErrorSumOK(&tr.pkt)
	case netfilter.Prerouting:
		return tr.s.node.tracking.Checksum || nat.ErrorSumOK(&tr.pkt)
	}
	return true // it was verified at the previous hook
}

// icmpChecksumOK6 is icmpChecksumOK for IPv6. A sum that was verified before is valid
// as long as the covered header fields are unchanged, or, for packets of the host
// itself, regardless of the header. Once it was accepted for a received packet, it is
// not compared with the header again (final).
func (tr *transit) icmpChecksumOK6() bool {
	if tr.checksum.verified && tr.in == nil {
		return true
	}
	if tr.rightOnArrival() {
		tr.checksum.final = true
		return true
	}
	tr.checksum.verified, tr.checksum.header = nat.ErrorSumOK(&tr.pkt), coveredHeader(&tr.pkt)
	return tr.checksum.verified
}
