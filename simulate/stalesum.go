package simulate

import "github.com/packetpath/packetpath/netfilter"

// staleSum reports that the kernel takes the checksum of a UDP datagram for
// wrong though it is right: connection tracking summed up the whole IPv6 packet
// as it arrived, rules changed its traffic class or hop limit without mending
// that sum, and a sum computed in software is believed. Datagrams of up to 76
// bytes are summed again (net/ipv6/ip6_checksum.c, udp6_csum_init;
// include/linux/skbuff.h, __skb_checksum_validate).
func (f *flow) staleSum(t netfilter.Transport, length int) bool {
	const summedAgain = 76
	if f.c.Family == netfilter.IPv4 || t.Proto != netfilter.ProtoUDP || length <= summedAgain || f.local || f.looped ||
		f.c.Conn == nil || !f.s.node.tracking.Checksum || len(f.res.versions) == 0 {
		return false
	}
	then, now := f.res.versions[0].Wire(), f.pkt.Wire()
	return [4]byte(then) != [4]byte(now) || then[7] != now[7]
}
