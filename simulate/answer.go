package simulate

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// answer says what the host replies to a packet delivered to it, where nobody
// listens: an RST, an ICMP error or an echo reply.
func (tr *transit) answer() {
	if !tr.takeHeaders6() {
		return
	}
	if at, ok := tr.authentication6(); ok {
		tr.sendError(icmp.Error{Type: packet.ICMPv6ParameterProblem, Code: packet.ICMPv6UnknownNextHeader, Rest: uint32(at)})
		return
	}
	if tr.socket.assigned != nil && !tr.s.knowsSockets() {
		return // a program has it that nobody knows
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
		if src, dst := tr.ends(); tr.socket.assigned == nil && tr.checksumOK(t) && !tr.staleChecksum(t, len(body)) && tr.s.socketFor(t.Proto, src, dst, tr.in.name) == nil {
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

// silentProto is the protocol of each family that the host takes without a
// word: IGMP, and an IPv6 packet that ends with its extension headers.
var silentProto = [2]uint8{netfilter.IPv4: packet.ProtoIGMP, netfilter.IPv6: packet.ProtoNone}

// answerTCP lets the socket answer, or sends the RST for a port where nobody
// listens (net/ipv4/tcp_ipv4.c,
// tcp_v4_send_reset; net/ipv6/tcp_ipv6.c, tcp_v6_send_reset).
func (tr *transit) answerTCP(t packet.Transport, body []byte) {
	if tr.route.Kind != fib.KindLocal || tr.route.Type == fib.TypeAnycast || tr.PacketType() != netfilter.ToHost {
		return
	}
	segment, ok := packet.ReadTCP(body)
	if !ok || !tr.checksumOK(t) || tr.streamAnswers(segment) || segment.Flags()&packet.RST != 0 {
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

// attachment says how an answer relates to the connection of the packet it is
// about.
type attachment uint8

const (
	attachNone    attachment = iota // conntrack looks at it afresh
	attachRelated                   // net/netfilter/nf_conntrack_core.c, nf_conntrack_attach
	attachReply                     // net/netfilter/nf_synproxy_core.c, synproxy_send_tcp
	attachProxied                   // conntrack opens a connection of SYNPROXY for it
	attachFresh                     // of SYNPROXY, too, but conntrack looks at it afresh
)

// bySynProxy reports that SYNPROXY sends the answer.
func (a attachment) bySynProxy() bool {
	return a == attachReply || a == attachProxied || a == attachFresh
}

// anyLink leaves it to routing by which link an answer leaves.
const anyLink = 0

// reply builds an answer and sends it through OUTPUT and POSTROUTING, by the link
// via if that is not anyLink.
func (tr *transit) reply(spec packet.Spec, a attachment, via int) {
	p, err := spec.Build()
	if err != nil {
		return
	}
	tr.replyPacket(p, a, via)
}

// ownerless reports whether the kernel gives an answer no socket of its own: what
// REJECT and SYNPROXY write, and every RST of IPv6 (net/ipv6/tcp_ipv6.c,
// tcp_v6_send_response; net/ipv4/netfilter/nf_reject_ipv4.c, nf_send_reset).
func (tr *transit) ownerless(p *netfilter.Packet, a attachment) bool {
	return headerFirst(p, a) || tr.c.Family == netfilter.IPv6 && p.TCPFlags()&packet.RST != 0
}

// replyPacket sends an answer of the host's own, unless its options leave no room.
func (tr *transit) replyPacket(p netfilter.Packet, a attachment, via int) {
	if _, _, ok := tr.echoOptions(p.Src()); !ok && !headerFirst(&p, a) {
		return
	}
	if p.Family() == netfilter.IPv4 {
		p.SetTTL(tr.s.node.sysctl.DefaultTTL)
	}
	if p.Socket == nil && !tr.ownerless(&p, a) {
		p.Socket = &packet.Socket{NoFile: true}
	}
	if tr.s.node.sysctl.ReflectMark[tr.c.Family] && !a.bySynProxy() {
		p.Mark = tr.pkt.Mark
	}
	r := tr.s.newTransit(&p, tr)
	r.origin = hostReply
	if byICMPSocket(&p) {
		r.origin = icmpReply
	}
	k := r.senderKey()
	k.AnySource, k.OIF, k.Src = true, via, p.Src()
	if p.Family() == netfilter.IPv4 && tr.AddrType(p.Src(), "")&(netfilter.AddrLocal|netfilter.AddrUnicast) == 0 {
		k.Src = netip.Addr{} // net/ipv4/netfilter.c, ip_route_me_harder: the reset of a packet to a group
	}
	if p.Family() == netfilter.IPv6 {
		k.TOS = 0 // unlike the IPv4 ones, routed before the traffic class is set
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
	if !headerFirst(&p, a) {
		r.takeEnds(&route)
		opts, back, _ := tr.echoOptions(r.pkt.Src())
		r.addOptions(opts, back)
	}
	if a == attachRelated && tr.pkt.PhysIn != "" && p.Proto() == packet.ProtoTCP {
		r.leaveByPort(tr.s.node.link(tr.pkt.PhysIn))
		return
	}
	if a != attachNone {
		r.attach(tr, a)
	}
	if route.Type == fib.TypeMulticast && !unicastTTL(&p, a) {
		r.c.Edit().SetTTL(1) // IP_MULTICAST_TTL of the kernel's own socket
	}
	r.leave(route)
}

// byICMPSocket reports that an answer goes out by the socket that the host keeps
// for its ICMP. Redirects of IPv6 go by that of neighbour discovery
// (net/ipv6/ndisc.c, ndisc_send_skb).
func byICMPSocket(p *netfilter.Packet) bool {
	t := p.Transport()
	return t.Proto == icmp.Protocol[p.Family()] && (p.Family() == netfilter.IPv4 || p.Wire()[t.Offset] != packet.ICMPv6Redirect)
}

// headerFirst reports that the header of an answer is written before its route is
// looked up, as that of the RST of REJECT and of what SYNPROXY answers is
// (net/ipv4/netfilter/nf_reject_ipv4.c, nf_send_reset; net/netfilter/
// nf_synproxy_core.c, synproxy_send_tcp).
func headerFirst(p *netfilter.Packet, a attachment) bool {
	return p.Proto() == packet.ProtoTCP && a != attachNone
}

// takeEnds gives the packet the addresses of its route for those that are not
// specified: the packet that it answers was from or for "this host", 0.0.0.0
// (net/ipv4/route.c, ip_route_output_key_hash_rcu). The checksum of an RST is
// that of the addresses before (net/ipv4/tcp_ipv4.c, tcp_v4_send_reset).
func (tr *transit) takeEnds(route *fib.Result) {
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

// unicastTTL reports that the time to live of an answer does not heed that it
// goes to a group: one that is written before, and any RST of IPv6
// (net/ipv6/tcp_ipv6.c, tcp_v6_send_response).
func unicastTTL(p *netfilter.Packet, a attachment) bool {
	return headerFirst(p, a) || p.Proto() == packet.ProtoTCP && p.Family() == netfilter.IPv6
}

// anycast reports that a destination may be many hosts: a router anycast
// address of the host's own, or the very address of a network that no gateway
// leads to. No ICMPv6 errors are sent there (net/ipv6/icmp.c,
// icmpv6_route_lookup; include/net/ip6_route.h, ipv6_anycast_destination).
func anycast(r *fib.Result) bool {
	to := r.Route
	return r.Anycast() || to != nil && to.Dst.Bits() < 127 && to.Dst.Addr() == r.Dst && !r.Gateway.IsValid()
}

// attach makes the answer belong to the connection of the packet it is about. If
// that has none, conntrack looks at the answer, which CT rules cannot prevent if
// the packet is untracked.
func (tr *transit) attach(of *transit, a attachment) {
	switch {
	case a == attachFresh:
		return
	case a == attachProxied:
		tr.prepare(&netfilter.TrackConfig{SynProxy: true, Template: &tr.s.proxied})
		return
	}
	if of.c.Conn == nil {
		tr.tracking.noConn = of.c.CTState == netfilter.CTUntracked
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

// sourceFor returns the address an ICMP error comes from where the packet was not
// for one of the host's: that which routing chooses.
func (tr *transit) sourceFor(dst netip.Addr, tos uint8, via int) (netip.Addr, bool) {
	if tr.s.node.sysctl.ErrorsFromInbound && tr.in != nil && tr.c.Family == netfilter.IPv4 {
		if a, ok := tr.s.node.fib.SelectAddr(tr.in.index, dst, fib.ScopeLink); ok {
			return a, true
		}
	}
	route, errno := tr.s.node.fib.Output(tr.errorKey(netip.Addr{}, dst, tos, via))
	return route.Source, errno == 0 && route.Source.IsValid()
}

// errorKey asks for the route of an ICMP error about the packet.
func (tr *transit) errorKey(src, dst netip.Addr, tos uint8, via int) fib.Key {
	k := fib.Key{Dst: dst, Src: src, TOS: tos, OIF: via, Proto: icmp.Protocol[tr.c.Family], AnySource: true}
	if tr.s.node.sysctl.ReflectMark[tr.c.Family] {
		k.Mark = tr.pkt.Mark
	}
	return k
}
