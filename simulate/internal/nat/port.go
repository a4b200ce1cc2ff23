package nat

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
)

// choosePort searches for a port or ICMP identifier that makes the tuple unique; if there
// is none, the tuple has the last one tried
// (nf_nat_l4proto_unique_tuple).
func (s *search) choosePort(t *netfilter.Tuple) {
	port, low, size := s.ports(t)
	if port == nil {
		return
	}
	const most, fewest = 128, 16
	off := s.start(*port)
	for tries := min(size, most); ; tries /= 2 {
		for i := range tries {
			*port = uint16(low + uint32(off)%size)
			off++
			if !s.usedHard(*t, tries-i) {
				return
			}
		}
		if tries >= size || tries < fewest {
			return
		}
		off = uint16(s.rnd(1 << 16))
	}
}

// hasPorts reports whether the tuples of a protocol have ports. Those of DCCP do not,
// because Linux 6.18 has no tracker for it any more.
func hasPorts(proto uint8) bool {
	return packet.HasPorts(proto) && proto != packet.ProtoDCCP
}

// start returns the offset in the range at which the search starts.
func (s *search) start(port uint16) uint16 {
	switch {
	case s.r.Offset:
		return port - s.r.BasePort
	case s.r.Random, s.r.RandomFully, s.manip == netfilter.ManipSrc:
		return uint16(s.rnd(1 << 16))
	}
	return 0
}

// ports returns the port of t to be changed and its range; nil if it must not be changed.
func (s *search) ports(t *netfilter.Tuple) (port *uint16, low, size uint32) {
	port = &t.SrcPort
	icmp := t.Proto == packet.ProtoICMP || t.Proto == packet.ProtoICMPv6
	gre := t.Proto == packet.ProtoGRE
	if s.manip == netfilter.ManipDst && !icmp {
		port = &t.DstPort
	}
	switch {
	case gre && s.conn.Master == nil, !gre && !icmp && !hasPorts(t.Proto):
		return nil, 0, 0
	case s.r.Ports:
		low, high := s.r.MinPort, s.r.MaxPort
		if high < low && !icmp && !gre {
			low, high = high, low
		}
		return port, uint32(low), uint32(high) - uint32(low) + 1
	case icmp:
		return port, 0, 1 << 16
	case gre:
		return port, 1, 1<<16 - 1
	case s.manip == netfilter.ManipDst:
		return nil, 0, 0
	}
	low, size = portClass(*port)
	return port, low, size
}

// portClass returns the range from which a source port is replaced by default: ports
// below 512 remain below 512, other privileged ports below 1024, and unprivileged ports
// remain unprivileged.
func portClass(port uint16) (low, size uint32) {
	switch {
	case port < 512:
		return 1, 511
	case port < 1024:
		return 600, 1023 - 600 + 1
	}
	return 1024, 1<<16 - 1024
}

// usedHard is like used, except that the last tries may reuse the tuple of a closed TCP
// connection if the new one has higher sequence numbers
// (nf_nat_used_tuple_harder).
func (s *search) usedHard(t netfilter.Tuple, triesLeft uint32) bool {
	const hardFrom = 128 / 4
	if triesLeft > hardFrom || t.Proto != packet.ProtoTCP || conntrack.TCPStateOf(s.conn) != conntrack.TCPSynSent {
		return s.used(t)
	}
	reply, _ := conntrack.Invert(t)
	c, dir := s.table.Find(reply, conntrack.ZoneOf(s.conn))
	switch {
	case c == nil:
		return false
	case dir == netfilter.DirOriginal,
		conntrack.TCPStateOf(c) < conntrack.TCPTimeWait,
		c.Status&(netfilter.ConnFixedTimeout|netfilter.ConnDying) != 0,
		c.Status&netfilter.ConnSrcNAT == 0,
		!conntrack.TCPAdvanced(c, s.conn):
		return true
	}
	return !s.table.Kill(c)
}
