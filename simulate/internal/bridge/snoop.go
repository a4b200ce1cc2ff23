package bridge

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Snooped reports whether a bridge with multicast snooping looks for members of a group:
// not of those that are for all neighbours.
func Snooped(dst netip.Addr) bool {
	return !(dst.Is4() && dst.IsLinkLocalMulticast()) && dst != netip.IPv6LinkLocalAllNodes()
}

// Membership is the information of a packet about members of groups. The zero value is nothing.
type Membership uint8

// The kinds. A malformed message is dropped.
const (
	NoMembership Membership = iota
	Report
	Query
	Malformed
)

// MembershipOf classifies a packet for a group (net/bridge/br_multicast.c,
// br_multicast_rcv).
func MembershipOf(p *packet.Packet) Membership {
	if p.Family() == packet.IPv4 {
		return igmp(p)
	}
	return mld(p)
}

// igmp classifies an IPv4 packet (net/ipv4/igmp.c, ip_mc_check_igmp).
func igmp(p *packet.Packet) Membership {
	const protocol, header, record, longQuery = 2, 8, 8, 12
	if p.Wire()[9] != protocol {
		return NoMembership
	}
	m := p.Wire()[p.HeaderLen():]
	if len(m) < header || packet.Checksum(m, 0) != 0 {
		return Malformed
	}
	const query, report1, report2, report3, leave = 0x11, 0x12, 0x16, 0x22, 0x17
	switch m[0] {
	case report1, report2, report3, leave:
		return Report
	case query:
		if len(m) != header && len(m) < longQuery || binary.BigEndian.Uint32(m[4:]) == 0 && p.Dst() != netip.AddrFrom4([4]byte{224, 0, 0, 1}) {
			return Malformed
		}
		return Query
	}
	return NoMembership
}

// mld classifies an IPv6 packet, whose message follows a hop-by-hop header
// (net/ipv6/mcast_snoop.c, ipv6_mc_check_mld).
func mld(p *packet.Packet) Membership {
	if p.NextHeader() != 0 {
		return NoMembership
	}
	t := p.Transport()
	if t.Proto != packet.ProtoICMPv6 {
		return NoMembership
	}
	const header, longHeader = 8, 24
	m := p.Wire()[min(t.Offset, p.Len()):]
	if len(m) < header || packet.Checksum(m, packet.PseudoSum(p.Src(), p.Dst(), packet.ProtoICMPv6, len(m))) != 0 {
		return Malformed
	}
	const query, report1, done, report2 = 130, 131, 132, 143
	switch m[0] {
	case report1, done, report2:
		return Report
	case query:
		if len(m) < longHeader {
			return Malformed
		}
		return Query
	}
	return NoMembership
}
