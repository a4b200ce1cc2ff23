package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// stream is a TCP connection of the host itself, as far as answers depend on it.
type stream struct {
	state streamState
	next  uint32 // number of the next byte to send
	want  uint32 // number of the next byte to receive
	owner packet.Socket
}

type streamState uint8

const (
	synSent streamState = iota
	synReceived
	established
	lastAck
)

// streamKey names a connection by its ends.
type streamKey struct{ local, remote netip.AddrPort }

// Connect lets a local process open a TCP connection: it sends a SYN, and from
// then on the host answers the segments of that connection as the process would,
// which acknowledges data and closes when the other end does. Segments that fit
// no connection get an RST. The source must be an address of the host and a port.
// What becomes of the SYN on its way is no error to the socket, which would send it
// again: Result.SendError tells only that there is no route (net/ipv4/tcp_output.c,
// tcp_connect).
func (s *Session) Connect(from, to netip.AddrPort, owner packet.Socket) *Result {
	p := built(packet.Spec{Src: from.Addr(), Dst: to.Addr(), Proto: packet.ProtoTCP, SrcPort: from.Port(), DstPort: to.Port(),
		Flags: packet.SYN, Seq: hostISN, DontFragment: true})
	if !p.IsValid() || s.node == nil || s.node.fib == nil {
		return s.Send(p)
	}
	if p.Family() == netfilter.IPv4 {
		p.SetTTL(s.node.sysctl.DefaultTTL)
	}
	s.streams[streamKey{from, to}] = stream{state: synSent, next: hostISN + 1, owner: owner}
	owner.Bound = true
	p.Socket = &owner
	return s.sendBy(tcpSend, &p)
}

// hostISN is the sequence number with which the host itself begins every TCP
// connection. The kernel's is random.
const hostISN = 2000000000

// streamAnswers lets the connection or listening socket that a segment is for
// answer it; false if there is neither, or the segment does not fit it, which
// asks for an RST (net/ipv4/tcp_input.c, tcp_rcv_state_process;
// net/ipv4/tcp_minisocks.c).
func (tr *transit) streamAnswers(segment packet.TCPSegment) bool {
	g := tcp.ReadSegment(segment)
	src, dst := tr.ends()
	key := streamKey{dst, src}
	st, ok := tr.s.streams[key]
	if !ok {
		sock := tr.socket.listener
		if sock == nil {
			sock = tr.s.socketFor(packet.ProtoTCP, src, dst, tr.in.name)
		}
		if sock == nil {
			return false
		}
		if sock.Remote.IsValid() {
			st = stream{state: established, next: g.Ack, want: g.Seq, owner: *ownerOf(sock)}
		} else {
			return tr.listen(key, sock, &g)
		}
	}
	return tr.advance(key, st, &g)
}

// listen lets a listening socket answer: a SYN opens a connection, an ACK is out
// of place, all else is ignored.
func (tr *transit) listen(key streamKey, sock *host.Socket, g *tcp.Segment) bool {
	switch {
	case g.Has(packet.RST), g.Has(packet.FIN) && !g.Has(packet.ACK), !g.Has(packet.SYN) && !g.Has(packet.ACK):
		return true
	case g.Has(packet.ACK):
		return false
	}
	st := stream{state: synReceived, next: hostISN + 1, want: g.Seq + 1, owner: *ownerOf(sock)}
	st.owner.Wildcard = false // bound to the packet's destination now
	tr.s.streams[key] = st
	tr.sendSynAck(st, g)
	return true
}

// sendSynAck accepts a connection. The socket that does so has no file yet.
func (tr *transit) sendSynAck(st stream, g *tcp.Segment) {
	st.next--
	st.owner.NoFile = true
	tr.sendSegment(st, packet.SYN|packet.ACK, tcp.AcceptOptions(g.Options))
}

// advance takes a segment of a connection in; false asks for an RST.
func (tr *transit) advance(key streamKey, st stream, g *tcp.Segment) bool {
	switch {
	case g.Has(packet.RST):
		delete(tr.s.streams, key)
		return true
	case st.state == synSent:
		return tr.connected(key, st, g)
	case g.Has(packet.SYN):
		if st.state == synReceived && !g.Has(packet.ACK) && g.Seq+1 == st.want {
			tr.sendSynAck(st, g) // sent once more
		} else {
			tr.sendSegment(st, packet.ACK, nil) // a challenge (RFC 5961)
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

// connected takes in the answer to the SYN.
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

// receiveData acknowledges data, and closes when the other end does.
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

// sendSegment sends a segment of the connection back to where the packet came
// from.
func (tr *transit) sendSegment(st stream, flags packet.TCPFlags, options []byte) {
	src, dst := tr.ends()
	p := built(packet.Spec{Src: dst.Addr(), Dst: src.Addr(), Proto: packet.ProtoTCP, SrcPort: dst.Port(), DstPort: src.Port(),
		Flags: flags, Seq: st.next, Ack: st.want, TCPOptions: options, DontFragment: true})
	if p.IsValid() {
		p.Socket = &st.owner
		tr.replyPacket(p, attachNone, anyLink)
	}
}
