package simulate

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/routekey"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// answer sends the host's reply to a packet delivered to it: a segment of a TCP
// socket, an RST or ICMP error if no socket is bound, or an echo reply.
func (tr *transit) answer() {
	if !tr.takeHeaders6() {
		return
	}
	if at, ok := tr.authentication6(); ok {
		tr.sendError(icmp.Error{Type: packet.ICMPv6ParameterProblem, Code: packet.ICMPv6UnknownNextHeader, Rest: uint32(at)})
		return
	}
	if tr.skb.socket.assigned != nil && !tr.s.knowsSockets() {
		return // TPROXY assigned it to a socket of an unknown process
	}
	t := tr.pkt.Transport()
	if !t.Found || t.FragOff != 0 {
		return
	}
	body := tr.pkt.From(t)
	switch t.Proto {
	case packet.ProtoTCP:
		tr.answerTCP(t, body)
	case packet.ProtoUDP, packet.ProtoUDPLite:
		if src, dst := tr.ends(); tr.skb.socket.assigned == nil && tr.skb.checksum.OK(&tr.pkt, t) && !tr.skb.checksum.Stale(&tr.pkt, t) && tr.s.socketFor(t.Proto, src, dst, tr.in.Name) == nil {
			tr.assumeNobody()
			tr.c.Conn, tr.c.CTState = nil, netfilter.CTInvalid // net/ipv4/udp.c, __udp4_lib_rcv, nf_reset_ct
			tr.portUnreachable()
		}
	case icmp.Protocol[tr.c.Family]:
		tr.answerICMP(t, body)
	default:
		if t.Proto != silentProto[tr.c.Family] {
			tr.unknownProtocol()
		}
	}
}

// silentProto is the protocol of each family that the host consumes without a
// reply: IGMP, and "no next header" of IPv6.
var silentProto = [2]uint8{netfilter.IPv4: packet.ProtoIGMP, netfilter.IPv6: packet.ProtoNone}

// answerTCP sends the reply of the TCP socket, or the RST if there is none
// (net/ipv4/tcp_ipv4.c, tcp_v4_send_reset; net/ipv6/tcp_ipv6.c, tcp_v6_send_reset).
func (tr *transit) answerTCP(t packet.Transport, body []byte) {
	if tr.route.Kind != fib.KindLocal || tr.route.Type == fib.TypeAnycast || tr.PacketType() != netfilter.ToHost {
		return
	}
	segment, ok := packet.ReadTCP(body)
	if !ok || !tr.skb.checksum.OK(&tr.pkt, t) || tr.streamAnswers(segment) || segment.Flags()&packet.RST != 0 {
		return
	}
	tr.assumeNobody()
	spec := tcp.Reset(&tr.pkt, segment)
	spec.TOS = tr.pkt.TOS() &^ 3
	p, err := spec.Build()
	if err != nil {
		return
	}
	via := anyLink
	if tr.c.Family == netfilter.IPv6 {
		p.OffloadChecksum()
		if dst := p.Dst(); packet.IsLinkLocal(dst) || packet.IsLoopback(dst) || packet.IsMulticast(dst) {
			via = tr.linkOfSender()
		}
	}
	tr.replyPacket(p, attachNone, via)
}

// attachment is how a reply is associated with the connection of the packet that
// caused it.
type attachment uint8

const (
	attachNone    attachment = iota // conntrack looks its tuple up
	attachRelated                   // net/netfilter/nf_conntrack_core.c, nf_conntrack_attach
	attachReply                     // net/netfilter/nf_synproxy_core.c, synproxy_send_tcp
	attachProxied                   // sent by SYNPROXY with the template of its own connections
	attachFresh                     // sent by SYNPROXY; conntrack looks its tuple up
)

// bySynProxy reports whether SYNPROXY sends the reply.
func (a attachment) bySynProxy() bool {
	return a == attachReply || a == attachProxied || a == attachFresh
}

// anyLink is the output interface index of a reply whose link routing selects.
const anyLink = 0

// reply builds a reply and sends it through OUTPUT and POSTROUTING, on the link
// with index via unless via is anyLink.
func (tr *transit) reply(spec packet.Spec, a attachment, via int) {
	p, err := spec.Build()
	if err != nil {
		return
	}
	tr.replyPacket(p, a, via)
}

// ownerless reports whether the kernel sends a reply without a socket (skb->sk is
// nil): TCP segments of REJECT and SYNPROXY, and every RST of IPv6 (net/ipv6/tcp_ipv6.c,
// tcp_v6_send_response; net/ipv4/netfilter/nf_reject_ipv4.c, nf_send_reset).
func (tr *transit) ownerless(p *netfilter.Packet, a attachment) bool {
	return builtBeforeRouting(p, a) || tr.c.Family == netfilter.IPv6 && p.TCPFlags()&packet.RST != 0
}

// replyPacket sends a reply of the host, unless the IP options to be echoed in it do
// not fit.
func (tr *transit) replyPacket(p netfilter.Packet, a attachment, via int) {
	if _, _, ok := tr.echoOptions(p.Src()); !ok && !builtBeforeRouting(&p, a) {
		return
	}
	if p.Family() == netfilter.IPv4 {
		p.SetTTL(tr.s.node.machine.Sysctl.DefaultTTL)
	}
	if p.Socket == nil && !tr.ownerless(&p, a) {
		p.Socket = &packet.Socket{NoFile: true}
	}
	if tr.s.node.machine.Sysctl.ReflectMark[tr.c.Family] && !a.bySynProxy() {
		p.Mark = tr.pkt.Mark
	}
	r := tr.s.newTransit(&p, tr)
	r.origin = hostReply
	if byICMPSocket(&p) {
		r.origin = icmpReply
	}
	k := routekey.OfSocket(&r.pkt)
	k.AnySource, k.OIF, k.Src = true, via, p.Src()
	if p.Family() == netfilter.IPv4 && tr.AddrType(p.Src(), "")&(netfilter.AddrLocal|netfilter.AddrUnicast) == 0 {
		k.Src = netip.Addr{} // net/ipv4/netfilter.c, ip_route_me_harder: the source of an RST may be a multicast address
	}
	if p.Family() == netfilter.IPv6 {
		k.TOS = 0 // IPv6 replies are routed before the traffic class is set
	}
	route, errno := r.routeOutput(k)
	if errno != 0 {
		r.c.Hook = netfilter.Output
		r.drop(NoRoute, StepRoute, "no way to "+p.Dst().String()+": "+errno.Error())
		return
	}
	if a == attachRelated && p.NextHeader() == packet.ProtoICMPv6 && anycast(&route) {
		r.c.Hook = netfilter.Output
		r.drop(NoRoute, StepRoute, "no error is sent to "+p.Dst().String()+", which may be many hosts")
		return
	}
	if !builtBeforeRouting(&p, a) {
		r.fillUnspecifiedAddrs(&route)
		opts, back, _ := tr.echoOptions(r.pkt.Src())
		r.addOptions(opts, back)
	}
	if a == attachRelated && tr.pkt.PhysIn != "" && p.Proto() == packet.ProtoTCP {
		r.leaveByPort(tr.s.node.machine.Link(tr.pkt.PhysIn))
		return
	}
	if a != attachNone {
		r.attach(tr, a)
	}
	if route.Type == fib.TypeMulticast && !unicastTTL(&p, a) {
		r.c.Edit().SetTTL(1) // IP_MULTICAST_TTL of the kernel's control socket
	}
	r.leave(route)
}

// byICMPSocket reports whether the kernel's ICMP socket sends a reply. IPv6
// redirects are sent by the socket of neighbour discovery
// (net/ipv6/ndisc.c, ndisc_send_skb).
func byICMPSocket(p *netfilter.Packet) bool {
	t := p.Transport()
	return t.Proto == icmp.Protocol[p.Family()] && (p.Family() == netfilter.IPv4 || p.Wire()[t.Offset] != packet.ICMPv6Redirect)
}

// builtBeforeRouting reports whether the header of a reply is built before its route is
// looked up, as REJECT and SYNPROXY do for TCP segments
// (net/ipv4/netfilter/nf_reject_ipv4.c, nf_send_reset; net/netfilter/
// nf_synproxy_core.c, synproxy_send_tcp).
func builtBeforeRouting(p *netfilter.Packet, a attachment) bool {
	return p.Proto() == packet.ProtoTCP && a != attachNone
}

// fillUnspecifiedAddrs replaces unspecified addresses of a reply with those of its route: the
// packet that caused it had source or destination 0.0.0.0
// (net/ipv4/route.c, ip_route_output_key_hash_rcu). The checksum of an RST is
// computed with the original addresses (net/ipv4/tcp_ipv4.c, tcp_v4_send_reset).
func (tr *transit) fillUnspecifiedAddrs(route *fib.Result) {
	src, dst := tr.pkt.Src(), tr.pkt.Dst()
	if !src.IsUnspecified() && !dst.IsUnspecified() {
		return
	}
	if src.IsUnspecified() {
		tr.c.Edit().SetSrc(route.Source)
	}
	if dst.IsUnspecified() {
		tr.c.Edit().SetDst(route.Dst)
	}
	if t := tr.pkt.Transport(); t.Proto == packet.ProtoTCP && src.Is4() {
		tcp := tr.pkt.From(t)
		tcp[16], tcp[17] = 0, 0
		binary.BigEndian.PutUint16(tcp[16:], packet.Checksum(tcp, packet.PseudoSum(src, dst, t.Proto, len(tcp))))
	}
}

// unicastTTL reports whether a reply to a multicast address has the TTL of unicast
// packets: one whose header is built before routing, and any TCP segment of IPv6
// (net/ipv6/tcp_ipv6.c, tcp_v6_send_response).
func unicastTTL(p *netfilter.Packet, a attachment) bool {
	return builtBeforeRouting(p, a) || p.Proto() == packet.ProtoTCP && p.Family() == netfilter.IPv6
}

// anycast reports whether a destination is an anycast address: a subnet-router
// anycast address of this host, or the base address of an on-link prefix shorter
// than 127 bits. No ICMPv6 errors are sent to it (net/ipv6/icmp.c,
// icmpv6_route_lookup; include/net/ip6_route.h, ipv6_anycast_destination).
func anycast(r *fib.Result) bool {
	to := r.Route
	return r.Anycast() || to != nil && to.Dst.Bits() < 127 && to.Dst.Addr() == r.Dst && !r.Gateway.IsValid()
}

// attach associates a reply with the connection of the packet that caused it. If
// that packet has none, conntrack looks up the tuple of the reply; a reply to an
// untracked packet is tracked even if CT rules match it.
func (tr *transit) attach(of *transit, a attachment) {
	switch {
	case a == attachFresh:
		return
	case a == attachProxied:
		tr.prepare(&netfilter.TrackConfig{SynProxy: true, Template: &tr.s.stack.proxied})
		return
	}
	if of.c.Conn == nil {
		tr.tracking.replyTo(of.c.CTState == netfilter.CTUntracked)
		return
	}
	tr.c.Conn, tr.c.CTState = of.c.Conn, netfilter.CTRelatedReply
	switch {
	case a == attachReply:
		tr.c.CTState = netfilter.CTEstablishedReply
	case of.c.CTState.Direction() == netfilter.DirReply:
		tr.c.CTState = netfilter.CTRelated
	}
}

// sourceFor returns the source address of an ICMP error about a packet whose
// destination is not an address of the host: the one that routing selects, or one of
// the input link if icmp_errors_use_inbound_ifaddr is set.
func (tr *transit) sourceFor(dst netip.Addr, tos uint8, via int) (netip.Addr, bool) {
	if tr.s.node.machine.Sysctl.ErrorsFromInbound && tr.in != nil && tr.c.Family == netfilter.IPv4 {
		if a, ok := tr.s.node.machine.FIB.SelectAddr(tr.in.Index, dst, fib.ScopeLink); ok {
			return a, true
		}
	}
	route, errno := tr.s.node.machine.FIB.Output(tr.errorKey(netip.Addr{}, dst, tos, via))
	return route.Source, errno == 0 && route.Source.IsValid()
}

// errorKey returns the flow key of an ICMP error about the packet.
func (tr *transit) errorKey(src, dst netip.Addr, tos uint8, via int) fib.Key {
	k := fib.Key{Dst: dst, Src: src, TOS: tos, OIF: via, Proto: icmp.Protocol[tr.c.Family], AnySource: true}
	if tr.s.node.machine.Sysctl.ReflectMark[tr.c.Family] {
		k.Mark = tr.pkt.Mark
	}
	return k
}
