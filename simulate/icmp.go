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
)

// portUnreachable answers UDP where nobody listens (net/ipv4/udp.c,
// __udp4_lib_rcv).
func (f *flow) portUnreachable() {
	if f.c.Family == netfilter.IPv6 {
		f.sendError(icmp.Error{Type: icmp.V6Unreachable, Code: icmp.V6PortUnreachable})
		return
	}
	f.sendError(icmp.Error{Type: icmp.Unreachable, Code: icmp.PortUnreachable})
}

// unknownProtocol answers a protocol the host does not speak
// (net/ipv4/ip_input.c, ip_protocol_deliver_rcu; net/ipv6/ip6_input.c,
// ip6_protocol_deliver_rcu).
func (f *flow) unknownProtocol() {
	if f.c.Family == netfilter.IPv6 {
		f.sendError(icmp.Error{Type: icmp.V6ParamProblem, Code: icmp.V6UnknownNext, Rest: uint32(f.nextHeaderOffset())})
		return
	}
	f.sendError(icmp.Error{Type: icmp.Unreachable, Code: icmp.ProtoUnreachable})
}

// authentication6 reports an authentication header of IPv6, which a host
// without IPsec does not speak, and the place of the byte that names it.
func (f *flow) authentication6() (at int, ok bool) {
	if f.c.Family == netfilter.IPv4 {
		return 0, false
	}
	h, ok := exthdr.Find(f.pkt.Wire(), exthdr.IsAuthentication)
	return h.NamedAt, ok && exthdr.IsAuthentication(h.Proto)
}

// nextHeaderOffset returns where the next-header byte that names the transport
// protocol stands.
func (f *flow) nextHeaderOffset() int {
	h, _ := exthdr.Find(f.pkt.Wire(), nil)
	return h.NamedAt
}

// unreachable answers a packet that cannot be routed, with the code routing
// gave.
func (f *flow) unreachable(code uint8) {
	if f.c.Family == netfilter.IPv6 {
		f.sendError(icmp.Error{Type: icmp.V6Unreachable, Code: code})
		return
	}
	f.sendError(icmp.Error{Type: icmp.Unreachable, Code: code})
}

func (f *flow) timeExceeded() {
	if f.c.Family == netfilter.IPv6 {
		f.sendError(icmp.Error{Type: icmp.V6TimeExceeded})
		return
	}
	f.sendError(icmp.Error{Type: icmp.TimeExceeded})
}

// sendError sends an ICMP error about the packet, unless the packet is of a
// kind that gets none (net/ipv4/icmp.c, __icmp_send; net/ipv6/icmp.c,
// icmp6_send), or is ICMP of the host's own on its way out, which has the socket
// to itself (icmp_xmit_lock, icmpv6_xmit_lock).
func (f *flow) sendError(e icmp.Error) {
	if f.icmp && !f.looped {
		return
	}
	if f.c.Family == netfilter.IPv6 {
		f.sendError6(e)
		return
	}
	t := f.pkt.Transport()
	if t.FragOff != 0 || f.toMany() || f.PacketType(nil) != netfilter.ToHost || f.quietAbout(t) {
		return
	}
	tos := f.pkt.TOS()&0x1e | 0xc0
	src, ok := f.pkt.Dst(), true
	if f.route.Kind != fib.KindLocal && f.route.Type != fib.TypeLocal {
		src, ok = f.sourceFor(f.pkt.Src(), tos)
	}
	if !ok {
		return
	}
	quote := f.pkt.Wire()
	opts, _, ok := f.echoOptions(src)
	if !ok {
		return
	}
	if room := min(f.errorMTU(src, tos), 576) - 28 - len(opts); len(quote) > room {
		quote = quote[:room]
	}
	f.reply(e.Spec(src, f.pkt.Src(), packet.ProtoICMP, tos, quote), attachRelated)
}

// toMany reports that the packet has a route to many hosts. One that passes a
// broadcast on is like any other (net/ipv4/route.c, __mkroute_input).
func (f *flow) toMany() bool {
	t := f.route.Type
	return f.route.Kind != fib.KindForward && (t == fib.TypeBroadcast || t == fib.TypeMulticast)
}

// quietAbout reports that the packet is itself an ICMP error or of an unknown
// type, about which no error is sent.
func (f *flow) quietAbout(t packet.Transport) bool {
	if t.Proto != packet.ProtoICMP {
		return false
	}
	b, ok := f.c.Bytes(t.Offset, 1)
	if !ok {
		return true
	}
	return icmp.Silent(b[0])
}

func (f *flow) sendError6(e icmp.Error) {
	src, dst := f.pkt.Src(), f.pkt.Dst()
	group := packet.IsMulticast(dst) || f.PacketType(nil) != netfilter.ToHost
	if src.IsUnspecified() || packet.IsMulticast(src) || group && e.Type != icmp.V6TooBig || f.ineligible() {
		return
	}
	if packet.IsLinkLocal(src) {
		f.answerLink = f.linkOfSender()
	}
	from := dst
	if group || !f.isOwn(dst) && !f.toSubnetRouter() {
		var ok bool
		if from, ok = f.errorSource6(src); !ok {
			return
		}
	}
	quote := f.pkt.Wire()
	if room := frag.MinMTU6 - 48; len(quote) > room {
		quote = quote[:room]
	}
	f.reply(e.Spec(from, src, packet.ProtoICMPv6, 0, quote), attachRelated)
}

// isOwn reports an address of the host's own. One that other links have, too,
// counts only on the link the packet is on, which in OUTPUT is lo
// (net/ipv6/addrconf.c, __ipv6_chk_addr_and_flags; net/ipv6/netfilter/
// nf_reject_ipv6.c, nf_send_unreach6).
func (f *flow) isOwn(a netip.Addr) bool {
	switch {
	case packet.IsLoopback(a):
		return f.in == nil || f.in.Loopback
	case packet.IsLinkLocal(a):
		return f.in != nil && f.in.hasAddr(a)
	}
	return slices.ContainsFunc(f.s.node.links, func(l *link) bool { return l.hasAddr(a) })
}

// linkOfSender returns the link to which an address belongs that other links
// may know, too: that by which the packet came in, or which the packet's route
// names if it is the host's own (net/ipv6/icmp.c, icmp6_iif; net/ipv6/tcp_ipv6.c,
// tcp_v6_send_response).
func (f *flow) linkOfSender() int {
	if f.in != nil && !f.in.Loopback {
		return f.in.index
	}
	if f.route.Route != nil {
		return f.route.Route.Link
	}
	return 0
}

// toSubnetRouter reports that the packet is for the anycast address that the
// routers on a subnet share (net/ipv6/anycast.c, ipv6_chk_acast_addr_src).
func (f *flow) toSubnetRouter() bool {
	r := &f.route
	return f.c.Family == netfilter.IPv6 && r.Type == fib.TypeAnycast && r.Route != nil && r.Route.Protocol == fib.ProtoKernel
}

// errorSource6 returns the address an ICMPv6 error comes from if the packet was
// for no address of the host: the one that the route to its sender prefers, else
// one of the link it came in by, else the one routing chooses. What a bridge
// handed over with its route counts as come in by the link of that (net/ipv6/
// ip6_input.c, ip6_rcv_core).
func (f *flow) errorSource6(dst netip.Addr) (netip.Addr, bool) {
	if r, errno := f.s.node.fib.Output(f.errorKey(netip.Addr{}, dst, 0)); errno == 0 && r.Route != nil && r.Route.PrefSrc.IsValid() {
		return r.Route.PrefSrc, true
	}
	if f.in != nil {
		link := f.linkOfSender()
		if f.ledUp && f.route.Route != nil {
			link = f.route.Route.Link
		}
		if a, ok := f.s.node.fib.SelectAddr6(link, dst); ok {
			return a, true
		}
	}
	return f.sourceFor(dst, 0)
}

// ineligible reports that the packet is an ICMPv6 error, about which no error
// is sent (net/ipv6/icmp.c, is_ineligible).
func (f *flow) ineligible() bool {
	t := f.pkt.Transport()
	if !t.Found || t.Proto != packet.ProtoICMPv6 || t.FragOff != 0 {
		return false
	}
	b, ok := f.c.Bytes(t.Offset, 1)
	return !ok || b[0]&0x80 == 0
}

// errorMTU returns the MTU of the way that an ICMP error takes.
func (f *flow) errorMTU(src netip.Addr, tos uint8) int {
	route, errno := f.s.node.fib.Output(f.errorKey(src, f.pkt.Src(), tos))
	if errno != 0 || route.MTU == 0 {
		return 1500
	}
	return route.MTU
}

// answerICMP answers an echo or timestamp request (net/ipv4/icmp.c, icmp_echo,
// icmp_timestamp; net/ipv6/icmp.c, icmpv6_echo_reply).
func (f *flow) answerICMP(t packet.Transport, body []byte) {
	if len(body) < 8 || !f.checksumOK(t) {
		return
	}
	spec := packet.Spec{Src: f.pkt.Dst(), Dst: f.pkt.Src(), Proto: t.Proto, TOS: f.pkt.TOS(),
		ICMPID: binary.BigEndian.Uint16(body[4:]), ICMPSeq: binary.BigEndian.Uint16(body[6:]), Payload: body[8:]}
	if f.c.Family == netfilter.IPv6 {
		f.echo6(spec, body)
		return
	}
	if f.route.Kind != fib.KindLocal && !f.s.node.sysctl.echoBroadcasts {
		return
	}
	spec.Src = f.knownAs()
	switch body[0] {
	case packet.ICMPEchoRequest:
		if f.s.node.sysctl.echoIgnoreAll[netfilter.IPv4] {
			return
		}
		spec.ICMPType = icmp.EchoReply
	case icmp.Timestamp:
		if len(body) < 12 {
			return
		}
		spec.ICMPType = icmp.TimestampReply
		spec.Payload = f.timestamps(body)
	default:
		return
	}
	p, err := spec.Build()
	if err != nil {
		return
	}
	// The kernel sums from all ones, so that nothing but zeros have a sum of zero
	// (icmp_push_reply, csum_partial_copy_nocheck).
	if sum := p.Wire()[20+2 : 20+4]; sum[0] == 0xff && sum[1] == 0xff {
		clear(sum)
	}
	f.replyPacket(p, attachNone)
}

// timestamps returns the originate time of the request and the time of the
// answer, twice, in milliseconds since midnight UTC.
func (f *flow) timestamps(body []byte) []byte {
	now := f.s.timeOfDay()
	b := append([]byte(nil), body[8:12]...)
	b = binary.BigEndian.AppendUint32(b, now)
	return binary.BigEndian.AppendUint32(b, now)
}

func (f *flow) echo6(spec packet.Spec, body []byte) {
	group, set := packet.IsMulticast(spec.Src), &f.s.node.sysctl
	if body[0] != icmp.V6Echo || set.echoIgnoreAll[netfilter.IPv6] || group && set.echoIgnoreGroups || f.route.Anycast() && set.echoIgnoreAnycast {
		return
	}
	spec.ICMPType = icmp.V6EchoReply
	if group || f.route.Type == fib.TypeAnycast {
		spec.Src = netip.IPv6Unspecified() // routing chooses one of the link
	}
	f.answerLink = f.in.index
	if !packet.IsLoopback(spec.Dst) {
		f.answerLink = f.linkOfSender()
	}
	f.reply(spec, attachNone)
}
