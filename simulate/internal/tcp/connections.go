package tcp

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Connections are the TCP connections of the sockets of a host, of which only the state
// is kept that replies depend on. A nil map has none.
type Connections map[Key]connection

// Key identifies a connection by its endpoints.
type Key struct{ Local, Remote netip.AddrPort }

// connection is the state of a connection.
type connection struct {
	state state
	next  uint32 // sequence number of the next byte to send (snd_nxt)
	want  uint32 // sequence number of the next byte to receive (rcv_nxt)
	owner packet.Socket
}

// state is the state of a connection (include/net/tcp_states.h).
type state uint8

const (
	synSent state = iota
	synReceived
	established
	lastAck
)

// InitialSeq is the initial sequence number of all connections of the host. The
// kernel's is random.
const InitialSeq = 2000000000

// Reply is a segment with which the host replies; there is none if Flags is 0.
type Reply struct {
	Flags    packet.TCPFlags
	Seq, Ack uint32
	Options  []byte
	Owner    packet.Socket
}

// Open adds a connection whose SYN the socket owner has sent.
func (cs Connections) Open(k Key, owner packet.Socket) {
	cs[k] = connection{state: synSent, next: InitialSeq + 1, owner: owner}
}

// Owner returns the socket of a connection, nil if there is no such connection.
// request reports that the three-way handshake is not complete, so that the socket is a
// request socket without a file.
func (cs Connections) Owner(k Key) (owner *packet.Socket, request bool) {
	c, ok := cs[k]
	if !ok {
		return nil, false
	}
	return &c.owner, c.state == synReceived
}

// Listen processes a segment for a listening socket: a SYN opens a connection, for a
// segment with ACK it returns false (RST), other segments are ignored
// (net/ipv4/tcp_input.c, tcp_rcv_state_process).
func (cs Connections) Listen(k Key, owner packet.Socket, g *Segment) (r Reply, ok bool) {
	switch {
	case g.Has(packet.RST), g.Has(packet.FIN) && !g.Has(packet.ACK), !g.Has(packet.SYN) && !g.Has(packet.ACK):
		return Reply{}, true
	case g.Has(packet.ACK):
		return Reply{}, false
	}
	c := connection{state: synReceived, next: InitialSeq + 1, want: g.Seq + 1, owner: owner}
	c.owner.Wildcard = false // the request socket is bound to the packet's destination
	cs[k] = c
	return c.synAck(g), true
}

// Receive processes a segment of a connection; it returns false if the host must send
// an RST. connected is the owner of a connected socket for a connection that is not
// known yet, in whose state the segment is the next one
// (net/ipv4/tcp_input.c, tcp_rcv_state_process; net/ipv4/tcp_minisocks.c).
func (cs Connections) Receive(k Key, connected *packet.Socket, g *Segment) (r Reply, ok bool) {
	c, known := cs[k]
	if !known {
		c = connection{state: established, next: g.Ack, want: g.Seq, owner: *connected}
	}
	switch {
	case g.Has(packet.RST):
		delete(cs, k)
		return Reply{}, true
	case c.state == synSent:
		return cs.connected(k, c, g)
	case g.Has(packet.SYN):
		if c.state == synReceived && !g.Has(packet.ACK) && g.Seq+1 == c.want {
			return c.synAck(g), true // retransmission
		}
		return c.reply(packet.ACK, nil), true // challenge ACK (RFC 5961)
	case !g.Has(packet.ACK):
		return Reply{}, true
	case c.state == synReceived && g.Ack != c.next:
		return Reply{}, false
	case c.state == lastAck && g.Ack == c.next:
		delete(cs, k)
		return Reply{}, true
	}
	if c.state == synReceived {
		c.state = established
	}
	return cs.receiveData(k, c, g), true
}

// connected processes the reply to the SYN.
func (cs Connections) connected(k Key, c connection, g *Segment) (r Reply, ok bool) {
	if !g.Has(packet.ACK | packet.SYN) {
		return Reply{}, !g.Has(packet.ACK)
	}
	if g.Ack != c.next {
		return Reply{}, false
	}
	c.state, c.want = established, g.Seq+1
	cs[k] = c
	return c.reply(packet.ACK, nil), true
}

// receiveData acknowledges data, and replies to a FIN with a FIN.
func (cs Connections) receiveData(k Key, c connection, g *Segment) Reply {
	asks := g.Length > 0 || g.Has(packet.FIN)
	flags := packet.ACK
	if asks && g.Seq == c.want {
		c.want += g.Length
		if g.Has(packet.FIN) {
			c.want++
			flags |= packet.FIN
		}
	}
	after := c
	if flags&packet.FIN != 0 {
		after.state = lastAck
		after.next++
	}
	cs[k] = after
	if !asks {
		return Reply{}
	}
	return c.reply(flags, nil)
}

// synAck returns the SYN ACK of a connection. Its request socket has no file yet.
func (c connection) synAck(g *Segment) Reply {
	c.next--
	c.owner.NoFile = true
	return c.reply(packet.SYN|packet.ACK, AcceptOptions(g.Options))
}

// reply returns a segment of the connection.
func (c *connection) reply(flags packet.TCPFlags, options []byte) Reply {
	return Reply{Flags: flags, Seq: c.next, Ack: c.want, Options: options, Owner: c.owner}
}
