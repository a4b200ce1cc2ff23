package simulate

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/exthdr"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/machine"
)

// portUnreachable sends the ICMP error for a UDP datagram without a socket
// (net/ipv4/udp.c, __udp4_lib_rcv).
func (tr *transit) portUnreachable() {
	if tr.c.Family == netfilter.IPv6 {
		tr.sendError(icmp.Error{Type: packet.ICMPv6Unreachable, Code: packet.ICMPv6PortUnreachable})
		return
	}
	tr.sendError(icmp.Error{Type: packet.ICMPUnreachable, Code: packet.ICMPPortUnreachable})
}

// unknownProtocol sends the ICMP error for a transport protocol without a handler
// (net/ipv4/ip_input.c, ip_protocol_deliver_rcu; net/ipv6/ip6_input.c,
// ip6_protocol_deliver_rcu).
func (tr *transit) unknownProtocol() {
	if tr.c.Family == netfilter.IPv6 {
		tr.sendError(icmp.Error{Type: packet.ICMPv6ParameterProblem, Code: packet.ICMPv6UnknownNextHeader, Rest: uint32(tr.nextHeaderOffset())})
		return
	}
	tr.sendError(icmp.Error{Type: packet.ICMPUnreachable, Code: packet.ICMPProtocolUnreachable})
}

// authentication6 reports whether an IPv6 packet has an authentication header, which
// a host without IPsec has no handler for, and the offset of the next-header byte
// that identifies it.
func (tr *transit) authentication6() (at int, ok bool) {
	if tr.c.Family == netfilter.IPv4 {
		return 0, false
	}
	h, ok := exthdr.Find(tr.pkt.Wire(), exthdr.IsAuthentication)
	return h.NamedAt, ok && exthdr.IsAuthentication(h.Proto)
}

// nextHeaderOffset returns the offset of the next-header byte that identifies the
// transport protocol.
func (tr *transit) nextHeaderOffset() int {
	h, _ := exthdr.Find(tr.pkt.Wire(), nil)
	return h.NamedAt
}

// unreachable sends the ICMP error for a packet without a route; code is the result
// of the routing lookup.
func (tr *transit) unreachable(code uint8) {
	if tr.c.Family == netfilter.IPv6 {
		tr.sendError(icmp.Error{Type: packet.ICMPv6Unreachable, Code: code})
		return
	}
	tr.sendError(icmp.Error{Type: packet.ICMPUnreachable, Code: code})
}

func (tr *transit) timeExceeded() {
	if tr.c.Family == netfilter.IPv6 {
		tr.sendError(icmp.Error{Type: packet.ICMPv6TimeExceeded})
		return
	}
	tr.sendError(icmp.Error{Type: packet.ICMPTimeExceeded})
}

// sendError sends an ICMP error about the packet, unless errors about such packets
// are suppressed (net/ipv4/icmp.c, __icmp_send; net/ipv6/icmp.c, icmp6_send), or the
// kernel's ICMP socket is sending the packet itself and is therefore locked
// (icmp_xmit_lock, icmpv6_xmit_lock).
func (tr *transit) sendError(e icmp.Error) {
	if tr.origin == icmpReply && !tr.loopback.returned {
		return
	}
	if tr.c.Family == netfilter.IPv6 {
		tr.sendError6(e)
		return
	}
	t := tr.pkt.Transport()
	if t.FragOff != 0 || tr.toBroadcastOrMulticast() || tr.PacketType() != netfilter.ToHost || tr.isErrorOrUnknownICMP(t) {
		return
	}
	tos := tr.pkt.TOS()&0x1e | 0xc0
	src, ok := tr.pkt.Dst(), true
	if tr.route.Kind != fib.KindLocal && tr.route.Type != fib.TypeLocal {
		src, ok = tr.sourceFor(tr.pkt.Src(), tos, anyLink)
	}
	if !ok || !src.IsUnspecified() && tr.AddrType(src, "") != netfilter.AddrLocal {
		return // icmp_route_lookup fails for a source that is not local
	}
	quote := tr.pkt.Wire()
	opts, _, ok := tr.echoOptions(src)
	if !ok {
		return
	}
	if room := min(tr.errorMTU(src, tos), 576) - 28 - len(opts); len(quote) > room {
		quote = quote[:room]
	}
	tr.reply(e.Spec(src, tr.pkt.Src(), packet.ProtoICMP, tos, quote), attachRelated, anyLink)
}

// isErrorOrUnknownICMP reports whether the packet is itself an ICMP error or of an unknown
// ICMP type, for which no error is sent.
func (tr *transit) isErrorOrUnknownICMP(t packet.Transport) bool {
	if t.Proto != packet.ProtoICMP {
		return false
	}
	b, ok := tr.c.Bytes(t.Offset, 1)
	if !ok {
		return true
	}
	return icmp.Silent(b[0])
}

func (tr *transit) sendError6(e icmp.Error) {
	src, dst := tr.pkt.Src(), tr.pkt.Dst()
	group := packet.IsMulticast(dst) || tr.PacketType() != netfilter.ToHost
	if src.IsUnspecified() || packet.IsMulticast(src) || group && e.Type != packet.ICMPv6PacketTooBig || tr.ineligible() {
		return
	}
	via := anyLink
	if packet.IsLinkLocal(src) {
		via = tr.linkOfSender()
	}
	from := dst
	if group || !tr.isOwn(dst) && !tr.toSubnetRouter() {
		var ok bool
		if from, ok = tr.errorSource6(src, via); !ok {
			return
		}
	}
	quote := tr.pkt.Wire()
	if room := frag.MinMTU6 - 48; len(quote) > room {
		quote = quote[:room]
	}
	tr.reply(e.Spec(from, src, packet.ProtoICMPv6, 0, quote), attachRelated, via)
}

// isOwn reports whether the host has the IPv6 address. Link-local and loopback
// addresses are checked on the packet's input link only, which is lo for packets in
// OUTPUT (net/ipv6/addrconf.c, __ipv6_chk_addr_and_flags; net/ipv6/netfilter/
// nf_reject_ipv6.c, nf_send_unreach6).
func (tr *transit) isOwn(a netip.Addr) bool {
	switch {
	case packet.IsLoopback(a):
		return tr.in == nil || tr.in.Loopback
	case packet.IsLinkLocal(a):
		return tr.in != nil && tr.in.HasAddr(a)
	}
	return slices.ContainsFunc(tr.s.node.machine.Links, func(l *machine.Link) bool { return l.HasAddr(a) })
}

// linkOfSender returns the index of the link on which the sender's address is valid,
// which a reply to a link-local address must use: the packet's input link, or the
// link of its route if the packet is from this host (net/ipv6/icmp.c, icmp6_iif;
// net/ipv6/tcp_ipv6.c, tcp_v6_send_response).
func (tr *transit) linkOfSender() int {
	if tr.in != nil && !tr.in.Loopback {
		return tr.in.Index
	}
	if tr.route.Route != nil {
		return tr.route.Route.Link
	}
	return 0
}

// toSubnetRouter reports whether the packet's destination is a subnet-router anycast
// address of this host (net/ipv6/anycast.c, ipv6_chk_acast_addr_src).
func (tr *transit) toSubnetRouter() bool {
	r := &tr.route
	return tr.c.Family == netfilter.IPv6 && r.Type == fib.TypeAnycast && r.Route != nil && r.Route.Protocol == fib.ProtoKernel
}

// errorSource6 returns the source address of an ICMPv6 error about a packet whose
// destination is not an address of the host: an address of the input link, or the
// one that routing selects if the route to the packet's sender has a preferred
// source. The kernel looks that route up without mark and link, on which the route of
// the error itself may depend (net/ipv6/icmp.c, icmp6_send and
// icmpv6_rt_has_prefsrc). For a packet that a bridge delivered with a route attached,
// the link of that route is the input link (net/ipv6/ip6_input.c, ip6_rcv_core).
func (tr *transit) errorSource6(dst netip.Addr, via int) (netip.Addr, bool) {
	plain := fib.Key{Dst: dst, Proto: packet.ProtoICMPv6, AnySource: true}
	if r, errno := tr.s.node.machine.FIB.Output(plain); errno == 0 && r.Route != nil && r.Route.PrefSrc.IsValid() {
		return tr.sourceFor(dst, 0, via)
	}
	if tr.in != nil {
		link := tr.linkOfSender()
		if tr.bridge.keptRoute && tr.route.Route != nil {
			link = tr.route.Route.Link
		}
		if a, ok := tr.s.node.machine.FIB.SelectAddr6(link, dst); ok {
			return a, true
		}
	}
	return tr.sourceFor(dst, 0, via)
}

// ineligible reports whether the packet is an ICMPv6 error, for which no error is
// sent (net/ipv6/icmp.c, is_ineligible).
func (tr *transit) ineligible() bool {
	t := tr.pkt.Transport()
	if !t.Found || t.Proto != packet.ProtoICMPv6 || t.FragOff != 0 {
		return false
	}
	b, ok := tr.c.Bytes(t.Offset, 1)
	return !ok || b[0]&0x80 == 0
}

// errorMTU returns the MTU of the route of an ICMP error about the packet.
func (tr *transit) errorMTU(src netip.Addr, tos uint8) int {
	route, errno := tr.s.node.machine.FIB.Output(tr.errorKey(src, tr.pkt.Src(), tos, anyLink))
	if errno != 0 || route.MTU == 0 {
		return 1500
	}
	return route.MTU
}

// answerICMP answers an echo or timestamp request (net/ipv4/icmp.c, icmp_echo,
// icmp_timestamp; net/ipv6/icmp.c, icmpv6_echo_reply).
func (tr *transit) answerICMP(t packet.Transport, body []byte) {
	if len(body) < 8 || !tr.skb.checksum.OK(&tr.pkt, t) {
		return
	}
	spec := packet.Spec{Src: tr.pkt.Dst(), Dst: tr.pkt.Src(), Proto: t.Proto, TOS: tr.pkt.TOS(),
		ICMPID: binary.BigEndian.Uint16(body[4:]), ICMPSeq: binary.BigEndian.Uint16(body[6:]), Payload: body[8:]}
	if tr.c.Family == netfilter.IPv6 {
		tr.echo6(spec, body)
		return
	}
	if tr.route.Kind != fib.KindLocal && !tr.s.node.machine.Sysctl.EchoBroadcasts {
		return
	}
	spec.Src = tr.knownAs()
	switch body[0] {
	case packet.ICMPEchoRequest:
		if tr.s.node.machine.Sysctl.EchoIgnoreAll[netfilter.IPv4] {
			return
		}
		spec.ICMPType = packet.ICMPEchoReply
	case packet.ICMPTimestamp:
		if len(body) < 12 {
			return
		}
		spec.ICMPType = packet.ICMPTimestampReply
		spec.Payload = tr.timestamps(body)
	default:
		return
	}
	p, err := spec.Build()
	if err != nil {
		return
	}
	// The kernel computes this checksum with all ones as the initial value, so that it
	// stores 0x0000 where the usual computation stores 0xffff (icmp_push_reply,
	// csum_partial_copy_nocheck).
	if sum := p.Wire()[20+2 : 20+4]; sum[0] == 0xff && sum[1] == 0xff {
		clear(sum)
	}
	tr.replyPacket(p, attachNone, anyLink)
}

// timestamps returns the originate time of the request and the time of the
// answer, twice, in milliseconds since midnight UTC.
func (tr *transit) timestamps(body []byte) []byte {
	now := tr.s.timeOfDay()
	b := append([]byte(nil), body[8:12]...)
	b = binary.BigEndian.AppendUint32(b, now)
	return binary.BigEndian.AppendUint32(b, now)
}

func (tr *transit) echo6(spec packet.Spec, body []byte) {
	group, set := packet.IsMulticast(spec.Src), &tr.s.node.machine.Sysctl
	if body[0] != packet.ICMPv6EchoRequest || set.EchoIgnoreAll[netfilter.IPv6] || group && set.EchoIgnoreMulticast || tr.route.Anycast() && set.EchoIgnoreAnycast {
		return
	}
	spec.ICMPType = packet.ICMPv6EchoReply
	if group || tr.route.Type == fib.TypeAnycast {
		spec.Src = netip.IPv6Unspecified() // routing selects the source address
	}
	via := tr.in.Index
	if !packet.IsLoopback(spec.Dst) {
		via = tr.linkOfSender()
	}
	tr.reply(spec, attachNone, via)
}
