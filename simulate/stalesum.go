package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
)

// sum notes, once connection tracking has looked at an arriving packet, whether it
// summed up the whole of it and found it right, as it has if it knows the packet.
// The host believes that sum later on as long as it fits the header but for the
// addresses (net/netfilter/utils.c, nf_ip_checksum, nf_ip6_checksum;
// net/core/skbuff.c, __skb_checksum_complete).
func (f *flow) sum(known bool) {
	if f.c.Hook != netfilter.Prerouting || !f.s.node.tracking.Checksum {
		return
	}
	f.summedHead = summedHead(&f.pkt)
	t := f.pkt.Transport()
	if !t.Found || t.FragOff != 0 {
		return
	}
	switch t.Proto {
	case packet.ProtoUDP:
		h := f.pkt.From(t)
		f.summed = len(h) >= 8 && (h[6] != 0 || h[7] != 0) && (known || f.checksumOK(t))
	case packet.ProtoTCP, icmp.Protocol[f.c.Family]:
		f.summed = known || f.checksumOK(t)
	}
}

// sameSum reports that rules have left alone what that sum covers besides the
// addresses: of IPv6 traffic class, flow label and hop limit. The IPv4 header, with
// its own checksum, adds nothing to it.
func (f *flow) sameSum() bool {
	return f.c.Family == netfilter.IPv4 || f.summedHead == summedHead(&f.pkt)
}

// summedHead returns what the sum covers of an IPv6 header, the addresses aside.
func summedHead(p *netfilter.Packet) [5]byte {
	w := p.Wire()
	return [5]byte{w[0], w[1], w[2], w[3], w[7]}
}

// rightOnArrival reports that the checksum counts as right for having been so on
// arrival, though rules may have changed the addresses since.
func (f *flow) rightOnArrival() bool { return f.summed && (f.sumSettled || f.sameSum()) }

// staleSum reports that the kernel takes the checksum of a UDP datagram for
// wrong though it is right: a sum made in software is believed to be the last
// word. Datagrams of up to 76 bytes are summed again (net/ipv6/ip6_checksum.c,
// udp6_csum_init; include/linux/skbuff.h, __skb_checksum_validate).
func (f *flow) staleSum(t packet.Transport, length int) bool {
	const summedAgain = 76
	return t.Proto == packet.ProtoUDP && length > summedAgain && f.summed && !f.sameSum()
}
