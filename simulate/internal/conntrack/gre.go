package conntrack

import (
	"encoding/binary"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// greConn holds the timeouts of a GRE connection, which it keeps from its
// first packet.
type greConn struct{ timeout, stream time.Duration }

// String returns "": GRE has no states.
func (g *greConn) String() string { return "" }

// Clone returns an independent copy.
func (g *greConn) Clone() netfilter.ConnProto {
	c := *g
	return &c
}

// greTuple sets the call ID of an enhanced GRE packet (PPTP) as the destination port of
// its tuple; the tuples of other GRE packets consist of addresses only. It returns false
// for an enhanced packet that does not carry PPP (nf_conntrack_proto_gre.c,
// gre_pkt_to_tuple).
func greTuple(t *netfilter.Tuple, b []byte) bool {
	const enhanced, ppp = 1, 0x880b
	if len(b) < 8 || b[1]&7 != enhanced {
		return true
	}
	if binary.BigEndian.Uint16(b[2:]) != ppp {
		return false
	}
	t.DstPort = binary.BigEndian.Uint16(b[6:])
	return true
}

// grePacket processes a GRE packet (nf_conntrack_gre_packet).
func (t *Table) grePacket(c *netfilter.Conn, rel netfilter.CTState, s *segment) action {
	g, ok := c.Proto.(*greConn)
	if c.Status&netfilter.ConnConfirmed == 0 || !ok {
		to := t.timeouts(c)
		g = &greConn{to.GRE, to.GREStream}
		c.Proto = g
	}
	if c.Status&netfilter.ConnSeenReply == 0 {
		t.refresh(c, rel, s, g.timeout)
		return accept
	}
	t.refresh(c, rel, s, g.stream)
	if c.Status&natClash == 0 {
		c.Status |= netfilter.ConnAssured
	}
	return accept
}
