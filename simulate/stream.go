package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/machine"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// stream is the state of a TCP socket of the host that replies depend on.
type stream struct {
	state streamState
	next  uint32 // sequence number of the next byte to send (snd_nxt)
	want  uint32 // sequence number of the next byte to receive (rcv_nxt)
	owner packet.Socket
}

type streamState uint8

const (
	synSent streamState = iota
	synReceived
	established
	lastAck
)

// streamKey identifies a TCP connection by its endpoints.
type streamKey struct{ local, remote netip.AddrPort }

// Connect opens a TCP connection of a local process: it sends a SYN, and from then on
// the host replies to segments of that connection: it acknowledges data and closes the
// connection when the remote host does. Segments that match no connection are answered
// with an RST. The source must be an address of the host with a port. The loss of the
// SYN on its path is not an error of the socket, which would retransmit it:
// Result.SendError is set only if there is no route (net/ipv4/tcp_output.c,
// tcp_connect).
func (s *Session) Connect(from, to netip.AddrPort, owner packet.Socket) *Result {
	p := built(packet.Spec{Src: from.Addr(), Dst: to.Addr(), Proto: packet.ProtoTCP, SrcPort: from.Port(), DstPort: to.Port(),
		Flags: packet.SYN, Seq: hostISN, DontFragment: true})
	if !p.IsValid() || s.node == nil || s.node.machine == nil {
		return s.Send(p)
	}
	if p.Family() == netfilter.IPv4 {
		p.SetTTL(s.node.machine.Sysctl.DefaultTTL)
	}
	s.streams[streamKey{from, to}] = stream{state: synSent, next: hostISN + 1, owner: owner}
	owner.Bound = true
	p.Socket = &owner
	return s.sendBy(tcpSend, &p)
}

// hostISN is the initial sequence number of all TCP connections of the host. The
// kernel's is random.
const hostISN = 2000000000

// streamAnswers sends the reply of the connection or listening socket to which a segment
// belongs. It returns false if there is neither or the segment is unacceptable, in which
// case the host sends an RST (net/ipv4/tcp_input.c, tcp_rcv_state_process;
// net/ipv4/tcp_minisocks.c).
func (tr *transit) streamAnswers(segment packet.TCPSegment) bool {
	g := tcp.ReadSegment(segment)
	src, dst := tr.ends()
	key := streamKey{dst, src}
	st, ok := tr.s.streams[key]
	if !ok {
		sock := tr.socket.listener
		if sock == nil {
			sock = tr.s.socketFor(packet.ProtoTCP, src, dst, tr.in.Name)
		}
		if sock == nil {
			return false
		}
		if sock.Remote.IsValid() {
			st = stream{state: established, next: g.Ack, want: g.Seq, owner: *machine.Owner(sock)}
		} else {
			return tr.listen(key, sock, &g)
		}
	}
	return tr.advance(key, st, &g)
}

// listen processes a segment for a listening socket: a SYN opens a connection, for a
// segment with ACK it returns false (RST), other segments are ignored.
func (tr *transit) listen(key streamKey, sock *host.Socket, g *tcp.Segment) bool {
	switch {
	case g.Has(packet.RST), g.Has(packet.FIN) && !g.Has(packet.ACK), !g.Has(packet.SYN) && !g.Has(packet.ACK):
		return true
	case g.Has(packet.ACK):
		return false
	}
	st := stream{state: synReceived, next: hostISN + 1, want: g.Seq + 1, owner: *machine.Owner(sock)}
	st.owner.Wildcard = false // the request socket is bound to the packet's destination
	tr.s.streams[key] = st
	tr.sendSynAck(st, g)
	return true
}

// sendSynAck sends the SYN ACK of a connection. Its request socket has no file yet.
func (tr *transit) sendSynAck(st stream, g *tcp.Segment) {
	st.next--
	st.owner.NoFile = true
	tr.sendSegment(st, packet.SYN|packet.ACK, tcp.AcceptOptions(g.Options))
}

// advance processes a segment of a connection; it returns false if the host must send an
// RST.
func (tr *transit) advance(key streamKey, st stream, g *tcp.Segment) bool {
	switch {
	case g.Has(packet.RST):
		delete(tr.s.streams, key)
		return true
	case st.state == synSent:
		return tr.connected(key, st, g)
	case g.Has(packet.SYN):
		if st.state == synReceived && !g.Has(packet.ACK) && g.Seq+1 == st.want {
			tr.sendSynAck(st, g) // retransmission
		} else {
			tr.sendSegment(st, packet.ACK, nil) // challenge ACK (RFC 5961)
		}
		return true
	case !g.Has(packet.ACK):
		return true
	case st.state == synReceived && g.Ack != st.next:
		return false
	case st.state == lastAck && g.Ack == st.next:
		delete(tr.s.streams, key)
		return true
	}
	if st.state == synReceived {
		st.state = established
	}
	tr.receiveData(key, st, g)
	return true
}

// connected processes the reply to the SYN.
func (tr *transit) connected(key streamKey, st stream, g *tcp.Segment) bool {
	if !g.Has(packet.ACK | packet.SYN) {
		return !g.Has(packet.ACK)
	}
	if g.Ack != st.next {
		return false
	}
	st.state, st.want = established, g.Seq+1
	tr.s.streams[key] = st
	tr.sendSegment(st, packet.ACK, nil)
	return true
}

// receiveData acknowledges data, and replies to a FIN with a FIN.
func (tr *transit) receiveData(key streamKey, st stream, g *tcp.Segment) {
	asks := g.Length > 0 || g.Has(packet.FIN)
	flags := packet.ACK
	if asks && g.Seq == st.want {
		st.want += g.Length
		if g.Has(packet.FIN) {
			st.want++
			flags |= packet.FIN
		}
	}
	after := st
	if flags&packet.FIN != 0 {
		after.state = lastAck
		after.next++
	}
	tr.s.streams[key] = after
	if asks {
		tr.sendSegment(st, flags, nil)
	}
}

// sendSegment sends a segment of the connection to the source of the packet.
func (tr *transit) sendSegment(st stream, flags packet.TCPFlags, options []byte) {
	src, dst := tr.ends()
	p := built(packet.Spec{Src: dst.Addr(), Dst: src.Addr(), Proto: packet.ProtoTCP, SrcPort: dst.Port(), DstPort: src.Port(),
		Flags: flags, Seq: st.next, Ack: st.want, TCPOptions: options, DontFragment: true})
	if p.IsValid() {
		p.Socket = &st.owner
		tr.replyPacket(p, attachNone, anyLink)
	}
}
