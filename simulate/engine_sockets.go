package simulate

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/machine"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// socketState is the socket that TPROXY assigned to the packet.
type socketState struct {
	assigned *packet.Socket // nil for none
	listener *host.Socket   // the socket of the host that replies, if assigned is one; nil for none
}

// LocalSocket implements netfilter.SocketEngine (net/ipv4/netfilter/nf_socket_ipv4.c,
// nf_sk_lookup_slow_v4; net/ipv6/netfilter/nf_socket_ipv6.c,
// nf_sk_lookup_slow_v6). Reply packets of a connection with translated source are looked
// up with the original source as destination.
func (tr *transit) LocalSocket() *packet.Socket {
	if tr.skb.socket.assigned != nil {
		return tr.skb.socket.assigned
	}
	if !tr.s.knowsSockets() {
		tr.Assume("no local socket is open for the packet")
		return nil
	}
	src, dst, proto, ok := tr.socketEnds()
	if !ok || tr.in == nil {
		return nil
	}
	if owner, _ := tr.s.stack.streams.Owner(tcp.Key{Local: dst, Remote: src}); owner != nil && proto == packet.ProtoTCP {
		return owner
	}
	if s := tr.s.socketFor(proto, src, dst, tr.in.Name); s != nil {
		return machine.Owner(s)
	}
	return nil
}

// AssignSocket implements netfilter.SocketEngine (include/net/netfilter/nf_tproxy.h;
// net/ipv4/netfilter/nf_tproxy_ipv4.c, nf_tproxy_get_sock_v4). The socket is attached to
// the packet, which is delivered only if its route is local.
func (tr *transit) AssignSocket(a netip.Addr, port uint16) bool {
	if !tr.s.knowsSockets() {
		return tr.supposeListener(a, port)
	}
	src, dst := tr.ends()
	proto := tr.pkt.Proto()
	if owner, request := tr.s.stack.streams.Owner(tcp.Key{Local: dst, Remote: src}); owner != nil && proto == packet.ProtoTCP {
		owner.NoFile = owner.NoFile || request
		return tr.assignTransparent(owner)
	}
	if s := machine.FindSocket(tr.s.stack.sockets, proto, src, dst, tr.in.Name, machine.Connected); s != nil {
		return tr.assignTransparent(machine.Owner(s))
	}
	if a.IsUnspecified() {
		a = dst.Addr()
		if own, ok := tr.s.node.machine.FIB.FirstAddr(tr.in.Index, tr.c.Family == netfilter.IPv6); ok {
			a = own
		}
	}
	tr.skb.socket.listener = machine.FindSocket(tr.s.stack.sockets, proto, src, netip.AddrPortFrom(a, port), tr.in.Name, machine.Listening)
	return tr.skb.socket.listener != nil && tr.assignTransparent(machine.Owner(tr.skb.socket.listener))
}

// assignTransparent assigns the packet to a socket if that is transparent.
func (tr *transit) assignTransparent(s *packet.Socket) bool {
	if s.Transparent {
		tr.skb.socket.assigned = s
		tr.c.Edit().Socket = s // skb->sk
	}
	return s.Transparent
}

func (tr *transit) supposeListener(a netip.Addr, port uint16) bool {
	where := fmt.Sprintf("port %d", port)
	if !a.IsUnspecified() {
		where = netip.AddrPortFrom(a, port).String()
	}
	return tr.Suppose("a transparent socket listens on "+where) && tr.assignTransparent(&packet.Socket{Transparent: true})
}

// socketEnds returns source and destination with which a socket is looked up: those of
// the packet, or for an ICMP error those of the quoted packet, swapped.
func (tr *transit) socketEnds() (src, dst netip.AddrPort, proto uint8, ok bool) {
	t := tr.pkt.Transport()
	src, dst = tr.ends()
	reply := tr.c.CTState == netfilter.CTEstablishedReply
	if t.Proto == packet.ProtoICMP || t.Proto == packet.ProtoICMPv6 {
		quoted, found := tr.quoted(t)
		if !found {
			return
		}
		t.Proto, t.Found, t.FragOff = quoted.Proto(), true, 0
		src = netip.AddrPortFrom(quoted.Dst(), quoted.DstPort())
		dst = netip.AddrPortFrom(quoted.Src(), quoted.SrcPort())
		reply = tr.c.CTState == netfilter.CTRelatedReply
	}
	if !t.Found || t.FragOff != 0 || t.Proto != packet.ProtoTCP && t.Proto != packet.ProtoUDP {
		return
	}
	if conn := tr.c.Conn; conn != nil && reply && conn.Status&netfilter.ConnSrcNATDone != 0 {
		o := conn.Tuples[netfilter.DirOriginal]
		dst = netip.AddrPortFrom(o.Src, o.SrcPort)
	}
	return src, dst, t.Proto, true
}

// quoted returns the packet that an ICMP error quotes.
func (tr *transit) quoted(t packet.Transport) (p netfilter.Packet, ok bool) {
	b, ok := tr.c.Bytes(t.Offset, 1)
	if !ok || tr.c.Family == netfilter.IPv6 && b[0]&0x80 != 0 || tr.c.Family == netfilter.IPv4 && !tr.isErrorOrUnknownICMP(t) {
		return p, false
	}
	const icmp, ports = 8, 4
	w := tr.pkt.Wire()
	if at := t.Offset + icmp; at < len(w) {
		p = packet.View(w[at:])
	}
	if !p.IsValid() || p.Len() < 20 || p.Family() != tr.c.Family || p.Family() == netfilter.IPv6 && p.Len() < 40 {
		return p, false
	}
	inner := p.Transport()
	return p, inner.Found && inner.FragOff == 0 && inner.Offset+ports <= p.Len()
}

// Open adds a socket to the host of the session.
func (s *Session) Open(sock host.Socket) error {
	if err := sock.Check(); err != nil {
		return err
	}
	s.stack.open(sock)
	return nil
}

// socketFor returns the socket that receives a packet from src to dst; nil if there is
// none.
func (s *Session) socketFor(proto uint8, src, dst netip.AddrPort, dev string) *host.Socket {
	return machine.FindSocket(s.stack.sockets, proto, src, dst, dev, machine.Any)
}

// knowsSockets reports whether the description of the host lists its sockets.
func (s *Session) knowsSockets() bool { return s.stack.sockets != nil || len(s.stack.streams) != 0 }

// ends returns source and destination address and port of the packet.
func (tr *transit) ends() (src, dst netip.AddrPort) {
	return netip.AddrPortFrom(tr.pkt.Src(), tr.pkt.SrcPort()), netip.AddrPortFrom(tr.pkt.Dst(), tr.pkt.DstPort())
}
