package simulate

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/nat"
)

// checksumState is what the host knows of the transport checksum that the packet
// arrived with.
type checksumState struct {
	verified bool    // it was found right
	header   [5]byte // what it covered of the IPv6 header, the addresses aside
	final    bool    // it counts as right whatever the header is by now
}

// forget has the checksum looked at again.
func (s *checksumState) forget() { s.verified, s.final = false, false }

// checksumFound notes, once connection tracking has looked at an arriving packet, whether it
// summed up the whole of it and found it right, as it has if it knows the packet.
// The host believes that sum later on as long as it fits the header but for the
// addresses (net/netfilter/utils.c, nf_ip_checksum, nf_ip6_checksum;
// net/core/skbuff.c, __skb_checksum_complete).
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

// sameHeader reports that rules have left alone what that sum covers besides the
// addresses: of IPv6 traffic class, flow label and hop limit. The IPv4 header, with
// its own checksum, adds nothing to it.
func (tr *transit) sameHeader() bool {
	return tr.c.Family == netfilter.IPv4 || tr.checksum.header == coveredHeader(&tr.pkt)
}

// summedHead returns what the sum covers of an IPv6 header, the addresses aside.
func coveredHeader(p *netfilter.Packet) [5]byte {
	w := p.Wire()
	return [5]byte{w[0], w[1], w[2], w[3], w[7]}
}

// rightOnArrival reports that the checksum counts as right for having been so on
// arrival, though rules may have changed the addresses since.
func (tr *transit) rightOnArrival() bool {
	return tr.checksum.verified && (tr.checksum.final || tr.sameHeader())
}

// staleChecksum reports that the kernel takes the checksum of a UDP datagram for
// wrong though it is right: a sum made in software is believed to be the last
// word. Datagrams of up to 76 bytes are summed again (net/ipv6/ip6_checksum.c,
// udp6_csum_init; include/linux/skbuff.h, __skb_checksum_validate).
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

// datagramOK judges UDP and UDP-Lite: the length or coverage must fit, and a
// checksum of zero is none for UDP over IPv4 and wrong otherwise
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

// headerChecksumOK sums the packet up as REJECT does (nf_ip_checksum, nf_ip6_checksum).
func (tr *transit) headerChecksumOK(t packet.Transport) bool {
	body, pseudo := tr.pkt.From(t), uint32(0)
	if tr.c.Family == netfilter.IPv6 || t.Proto == packet.ProtoTCP || t.Proto == packet.ProtoUDP {
		pseudo = packet.PseudoSum(tr.pkt.Src(), tr.pkt.Dst(), t.Proto, len(body))
	}
	if tr.c.Family == netfilter.IPv4 {
		// The IP header is in the sum. It adds nothing unless its options were
		// just written to, but lets zeros pass.
		body = tr.pkt.Wire()
	}
	return packet.Checksum(body, pseudo) == 0
}

// icmpChecksumOK reports whether translation takes the checksum of an ICMP error for
// right (net/netfilter/utils.c, nf_ip_checksum, nf_ip6_checksum).
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
	return true // it was right at the hook before
}

// icmpChecksumOK6 believes a sum that was found right before as long as it fits the
// header, which is not asked of what the host sends itself; found to fit, it is
// not looked at again.
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
