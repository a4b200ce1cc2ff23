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
func (f *flow) answer() {
	if !f.takeHeaders6() {
		return
	}
	if at, ok := f.authentication6(); ok {
		f.sendError(icmp.Error{Type: icmp.V6ParamProblem, Code: icmp.V6UnknownNext, Rest: uint32(at)})
		return
	}
	if f.diverted != nil && !f.s.knowsSockets() {
		return // a program has it that nobody knows
	}
	t := f.pkt.Transport()
	if !t.Found || t.FragOff != 0 {
		return
	}
	body := f.pkt.From(t)
	switch t.Proto {
	case packet.ProtoTCP:
		f.answerTCP(t, body)
	case packet.ProtoUDP, packet.ProtoUDPLite:
		if src, dst := f.ends(); f.diverted == nil && f.checksumOK(t) && !f.staleSum(t, len(body)) && f.s.socketFor(t.Proto, src, dst, f.in.name) == nil {
			f.c.Conn, f.c.CTState = nil, netfilter.CTInvalid // net/ipv4/udp.c, __udp4_lib_rcv, nf_reset_ct
			f.portUnreachable()
		}
	case icmp.Protocol[f.c.Family]:
		f.answerICMP(t, body)
	default:
		if t.Proto != silentProto[f.c.Family] {
			f.unknownProtocol()
		}
	}
}

// silentProto is the protocol of each family that the host takes without a
// word: IGMP, and an IPv6 packet that ends with its extension headers.
var silentProto = [2]uint8{netfilter.IPv4: packet.ProtoIGMP, netfilter.IPv6: packet.ProtoNone}

// answerTCP lets the socket answer, or sends the RST for a port where nobody
// listens (net/ipv4/tcp_ipv4.c,
// tcp_v4_send_reset; net/ipv6/tcp_ipv6.c, tcp_v6_send_reset).
func (f *flow) answerTCP(t packet.Transport, body []byte) {
	if f.route.Kind != fib.KindLocal || f.route.Type == fib.TypeAnycast || f.PacketType(nil) != netfilter.ToHost {
		return
	}
	segment, ok := packet.ReadTCP(body)
	if !ok || !f.checksumOK(t) || f.streamAnswers(segment) || segment.Flags()&packet.RST != 0 {
		return
	}
	spec := tcp.Reset(&f.pkt, segment)
	spec.TOS = f.pkt.TOS() &^ 3
	p, err := spec.Build()
	if err != nil {
		return
	}
	if f.c.Family == netfilter.IPv6 {
		p.OffloadChecksum()
		if dst := p.Dst(); packet.IsLinkLocal(dst) || packet.IsLoopback(dst) || packet.IsMulticast(dst) {
			f.answerLink = f.linkOfSender()
		}
	}
	f.replyPacket(p, attachNone)
}

// checksumOK reports whether the transport checksum is right.
func (f *flow) checksumOK(t packet.Transport) bool {
	if f.rightOnArrival() || f.pkt.ChecksumTrusted() {
		return true
	}
	body := f.pkt.From(t)
	switch t.Proto {
	case packet.ProtoICMP:
		return packet.Checksum(body, 0) == 0
	case packet.ProtoUDP, packet.ProtoUDPLite:
		return f.datagramOK(t.Proto, body)
	}
	return packet.Checksum(body, packet.PseudoSum(f.pkt.Src(), f.pkt.Dst(), t.Proto, len(body))) == 0
}

// datagramOK judges UDP and UDP-Lite: the length or coverage must fit, and a
// checksum of zero is none for UDP over IPv4 and wrong otherwise
// (net/ipv4/udp.c, __udp4_lib_rcv; include/net/udplite.h,
// udplite_checksum_init).
func (f *flow) datagramOK(proto uint8, body []byte) bool {
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
		return proto == packet.ProtoUDP && f.c.Family == netfilter.IPv4
	}
	length := n
	if proto == packet.ProtoUDPLite {
		length = len(body)
	}
	return packet.Checksum(body[:n], packet.PseudoSum(f.pkt.Src(), f.pkt.Dst(), proto, length)) == 0
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

// reply builds an answer and sends it through OUTPUT and POSTROUTING.
func (f *flow) reply(spec packet.Spec, a attachment) {
	p, err := spec.Build()
	if err != nil {
		return
	}
	f.replyPacket(p, a)
}

// ownerless reports whether the kernel gives an answer no socket of its own: what
// REJECT and SYNPROXY write, and every RST of IPv6 (net/ipv6/tcp_ipv6.c,
// tcp_v6_send_response; net/ipv4/netfilter/nf_reject_ipv4.c, nf_send_reset).
func (f *flow) ownerless(p *netfilter.Packet, a attachment) bool {
	return headerFirst(p, a) || f.c.Family == netfilter.IPv6 && p.TCPFlags()&packet.RST != 0
}

// replyPacket sends an answer of the host's own, unless its options leave no room.
func (f *flow) replyPacket(p netfilter.Packet, a attachment) {
	if _, _, ok := f.echoOptions(p.Src()); !ok && !headerFirst(&p, a) {
		return
	}
	if p.Family() == netfilter.IPv4 {
		p.SetTTL(f.s.node.sysctl.defaultTTL)
	}
	if p.Socket == nil && !f.ownerless(&p, a) {
		p.Socket = &packet.Socket{NoFile: true}
	}
	if f.s.node.sysctl.reflectMark[f.c.Family] && !a.bySynProxy() {
		p.Mark = f.pkt.Mark
	}
	r := f.s.newFlow(&p, f)
	r.local, r.icmp = true, byICMPSocket(&p)
	k := r.senderKey()
	k.AnySource, k.OIF, k.Src = true, f.answerLink, p.Src()
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
		opts, back, _ := f.echoOptions(r.pkt.Src())
		r.addOptions(opts, back)
	}
	if a == attachRelated && f.pkt.PhysIn != "" && p.Proto() == packet.ProtoTCP {
		r.leaveByPort(f.s.node.link(f.pkt.PhysIn))
		return
	}
	if a != attachNone {
		r.attach(f, a)
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
	return t.Proto == icmp.Protocol[p.Family()] && (p.Family() == netfilter.IPv4 || p.Wire()[t.Offset] != icmp.V6Redirect)
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
func (f *flow) takeEnds(route *fib.Result) {
	src, dst := f.pkt.Src(), f.pkt.Dst()
	if !src.IsUnspecified() && !dst.IsUnspecified() {
		return
	}
	if src.IsUnspecified() {
		f.c.Edit().SetSrc(route.Source)
	}
	if dst.IsUnspecified() {
		f.c.Edit().SetDst(route.Dst)
	}
	if t := f.pkt.Transport(); t.Proto == packet.ProtoTCP && src.Is4() {
		tcp := f.pkt.From(t)
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
func (f *flow) attach(of *flow, a attachment) {
	switch {
	case a == attachFresh:
		return
	case a == attachProxied:
		f.prepare(&netfilter.TrackConfig{SynProxy: true, Template: &f.s.proxied})
		return
	}
	if of.c.Conn == nil {
		f.attached = of.c.CTState == netfilter.CTUntracked
		return
	}
	f.c.Conn, f.c.CTState = of.c.Conn, netfilter.CTRelatedReply
	switch {
	case a == attachReply:
		f.c.CTState = netfilter.CTEstablishedReply
	case of.c.CTState.Direction() == netfilter.DirReply:
		f.c.CTState = netfilter.CTRelated
	}
}

// sourceFor returns the address an ICMP error comes from where the packet was not
// for one of the host's: that which routing chooses.
func (f *flow) sourceFor(dst netip.Addr, tos uint8) (netip.Addr, bool) {
	if f.s.node.sysctl.inboundAddr && f.in != nil && f.c.Family == netfilter.IPv4 {
		if a, ok := f.s.node.fib.SelectAddr(f.in.index, dst, fib.ScopeLink); ok {
			return a, true
		}
	}
	route, errno := f.s.node.fib.Output(f.errorKey(netip.Addr{}, dst, tos))
	return route.Source, errno == 0 && route.Source.IsValid()
}

// errorKey asks for the route of an ICMP error about the packet.
func (f *flow) errorKey(src, dst netip.Addr, tos uint8) fib.Key {
	k := fib.Key{Dst: dst, Src: src, TOS: tos, OIF: f.answerLink, Proto: icmp.Protocol[f.c.Family], AnySource: true}
	if f.s.node.sysctl.reflectMark[f.c.Family] {
		k.Mark = f.pkt.Mark
	}
	return k
}
