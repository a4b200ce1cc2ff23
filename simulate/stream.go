package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/machine"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// Connect opens a TCP connection of a local process: it sends a SYN, and from then on
// the host replies to segments of that connection: it acknowledges data and closes the
// connection when the remote host does. Segments that match no connection are answered
// with an RST. The source must be an address of the host with a port. The loss of the
// SYN on its path is not an error of the socket, which would retransmit it:
// Result.SendError is set only if there is no route (net/ipv4/tcp_output.c,
// tcp_connect).
func (s *Session) Connect(from, to netip.AddrPort, owner packet.Socket) *Result {
	p := built(packet.Spec{Src: from.Addr(), Dst: to.Addr(), Proto: packet.ProtoTCP, SrcPort: from.Port(), DstPort: to.Port(),
		Flags: packet.SYN, Seq: tcp.InitialSeq, DontFragment: true})
	if !p.IsValid() || s.node == nil || s.node.machine == nil {
		return s.Send(p)
	}
	if p.Family() == netfilter.IPv4 {
		p.SetTTL(s.node.machine.Sysctl.DefaultTTL)
	}
	s.stack.streams.Open(tcp.Key{Local: from, Remote: to}, owner)
	owner.Bound = true
	p.Socket = &owner
	return s.sendBy(tcpSend, &p)
}

// streamAnswers sends the reply of the connection or listening socket to which a segment
// belongs. It returns false if there is neither or the segment is unacceptable, in which
// case the host sends an RST.
func (tr *transit) streamAnswers(segment packet.TCPSegment) bool {
	g := tcp.ReadSegment(segment)
	src, dst := tr.ends()
	key := tcp.Key{Local: dst, Remote: src}
	owner, _ := tr.s.stack.streams.Owner(key)
	if owner == nil {
		sock := tr.skb.socket.listener
		if sock == nil {
			sock = tr.s.socketFor(packet.ProtoTCP, src, dst, tr.in.Name)
		}
		if sock == nil {
			return false
		}
		owner = machine.Owner(sock)
		if machine.Listening(sock) {
			r, ok := tr.s.stack.streams.Listen(key, *owner, &g)
			tr.sendSegment(&r)
			return ok
		}
	}
	r, ok := tr.s.stack.streams.Receive(key, owner, &g)
	tr.sendSegment(&r)
	return ok
}

// sendSegment sends a segment to the source of the packet, unless it has no flags.
func (tr *transit) sendSegment(r *tcp.Reply) {
	if r.Flags == 0 {
		return
	}
	src, dst := tr.ends()
	p := built(packet.Spec{Src: dst.Addr(), Dst: src.Addr(), Proto: packet.ProtoTCP, SrcPort: dst.Port(), DstPort: src.Port(),
		Flags: r.Flags, Seq: r.Seq, Ack: r.Ack, TCPOptions: r.Options, DontFragment: true})
	if p.IsValid() {
		p.Socket = &r.Owner
		tr.replyPacket(p, attachNone, anyLink)
	}
}
