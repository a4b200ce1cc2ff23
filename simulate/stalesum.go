package simulate

import "github.com/packetpath/packetpath/netfilter"

// summed reports that connection tracking has summed up the whole IPv6 packet as
// it arrived and found it right, which it does not for a UDP datagram without
// checksum. The host believes that sum later on as long as it fits the header
// but for the addresses (net/netfilter/utils.c, nf_ip6_checksum;
// net/core/skbuff.c, __skb_checksum_complete).
func (f *flow) summed(t netfilter.Transport) bool {
	if h, ok := f.c.Bytes(t.Offset, 8); t.Proto == netfilter.ProtoUDP && ok && h[6] == 0 && h[7] == 0 {
		return false
	}
	return f.c.Family == netfilter.IPv6 && !f.local && !f.looped && f.c.Conn != nil && f.s.node.tracking.Checksum &&
		len(f.res.versions) > 0
}

// sameSum reports that rules have left alone what that sum covers besides the
// addresses: traffic class, flow label and hop limit.
func (f *flow) sameSum() bool {
	then, now := f.res.versions[0].Wire(), f.pkt.Wire()
	return [4]byte(then) == [4]byte(now) && then[7] == now[7]
}

// rightOnArrival reports that the checksum counts as right for having been so on
// arrival, though rules may have changed the addresses since.
func (f *flow) rightOnArrival(t netfilter.Transport) bool { return f.summed(t) && f.sameSum() }

// staleSum reports that the kernel takes the checksum of a UDP datagram for
// wrong though it is right: a sum made in software is believed to be the last
// word. Datagrams of up to 76 bytes are summed again (net/ipv6/ip6_checksum.c,
// udp6_csum_init; include/linux/skbuff.h, __skb_checksum_validate).
func (f *flow) staleSum(t netfilter.Transport, length int) bool {
	const summedAgain = 76
	return t.Proto == netfilter.ProtoUDP && length > summedAgain && f.summed(t) && !f.sameSum()
}
