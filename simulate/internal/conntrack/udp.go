package conntrack

import (
	"encoding/binary"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// udpConn stores the time from which a UDP connection may become a stream.
type udpConn struct{ stream time.Time }

// String returns "": UDP has no states.
func (u *udpConn) String() string { return "" }

// Clone returns an independent copy.
func (u *udpConn) Clone() netfilter.ConnProto {
	c := *u
	return &c
}

// udpFault returns what is wrong with lengths and checksum, "" if they are correct; a
// checksum of zero means none (nf_conntrack_proto_udp.c, udp_error).
func (t *Table) udpFault(s *segment) string {
	b := s.body()
	if len(b) < 8 {
		return cutHeader
	}
	if n := int(binary.BigEndian.Uint16(b[4:])); n > len(b) || n < 8 {
		return badLength
	}
	if b[6] == 0 && b[7] == 0 || !t.checks(s) || s.sumOK(len(b), packet.ProtoUDP) {
		return ""
	}
	return badChecksum
}

// udpPacket processes a datagram. A connection with replies that is still active two
// seconds after its first packet is a stream (nf_conntrack_udp_packet).
func (t *Table) udpPacket(c *netfilter.Conn, rel netfilter.CTState, s *segment) action {
	if fault := t.udpFault(s); fault != "" {
		return t.refuse(fault)
	}
	u, ok := c.Proto.(*udpConn)
	if c.Status&netfilter.ConnConfirmed == 0 || !ok {
		if h := t.handleOf(c); h != nil {
			u = &h.udp
		} else {
			u = &udpConn{}
		}
		u.stream = t.now.Add(2 * time.Second)
		c.Proto = u
	}
	stream := c.Status&netfilter.ConnSeenReply != 0 && t.now.After(u.stream)
	t.udpSeen(c, rel, s, stream)
	return accept
}

// udpSeen refreshes the timeout, and sets ASSURED for a stream unless the connection lost
// a clash for its tuple (IPS_NAT_CLASH).
func (t *Table) udpSeen(c *netfilter.Conn, rel netfilter.CTState, s *segment, stream bool) {
	if !stream {
		t.refresh(c, rel, s, t.timeouts(c).UDP)
		return
	}
	t.refresh(c, rel, s, t.timeouts(c).UDPStream)
	if c.Status&natClash == 0 {
		c.Status |= netfilter.ConnAssured
	}
}

// udplitePacket processes a UDP-Lite packet, whose length field is the coverage of the
// mandatory checksum (nf_conntrack_udplite_packet).
func (t *Table) udplitePacket(c *netfilter.Conn, rel netfilter.CTState, s *segment) action {
	b := s.body()
	if len(b) < 8 {
		return t.refuse(cutHeader)
	}
	covered := int(binary.BigEndian.Uint16(b[4:]))
	if covered == 0 {
		covered = len(b)
	}
	switch {
	case covered < 8 || covered > len(b):
		return t.refuse(badLength)
	case b[6] == 0 && b[7] == 0:
		return t.refuse("it has no checksum, without which UDP-Lite is not valid")
	case t.checks(s) && !s.udpliteSumOK(covered):
		return t.refuse(badChecksum)
	}
	t.udpSeen(c, rel, s, c.Status&netfilter.ConnSeenReply != 0)
	return accept
}

// udpliteSumOK reports whether the kernel accepts the checksum of a UDP-Lite packet. It
// does not accept a correct one: it computes the pseudo header with the protocol number
// of UDP, and over IPv4 with the low byte of the length in place of the protocol number
// (net/netfilter/utils.c, nf_ip_checksum_partial).
func (s *segment) udpliteSumOK(covered int) bool {
	b := s.body()
	length := len(b)
	if s.fam == netfilter.IPv4 {
		length &= 0xff
	}
	src, dst := addrs(s.wire, s.fam)
	return packet.Checksum(b[:covered], packet.PseudoSum(src, dst, packet.ProtoUDP, length)) == 0
}
