package nat

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
)

// search is a search for a unique tuple for one side of a connection.
type search struct {
	table *conntrack.Table
	conn  *netfilter.Conn
	r     netfilter.NATRange
	manip netfilter.Manip
	rnd   func(n uint32) uint32
}

// unique returns the translated tuple: the current one or the one that connections from
// the same source are translated to, if it is within the range and unused; else the
// address is selected by a hash, and then the port (get_unique_tuple).
func (s *search) unique(now netfilter.Tuple) netfilter.Tuple {
	random := s.r.Random || s.r.RandomFully
	if s.manip == netfilter.ManipSrc && !random {
		if s.sourceFits(now) {
			if !s.usedByOther(now) {
				return now
			}
		} else if like, ok := s.likeOthers(now); ok && !s.used(like) {
			return like
		}
	}
	to := now
	s.chooseAddr(&to)
	if !random && s.portWillDo(to) {
		return to
	}
	s.choosePort(&to)
	return to
}

// sourceFits reports whether the source of a tuple is within the range
// (nf_in_range).
func (s *search) sourceFits(t netfilter.Tuple) bool {
	if s.r.MinAddr.IsValid() && (t.Src.Less(s.r.MinAddr) || s.r.MaxAddr.Less(t.Src)) {
		return false
	}
	return !s.r.Ports || s.portFits(t, netfilter.ManipSrc)
}

// portFits reports whether the port of one side, or the identifier of an ICMP request, is
// within the range; it is true for protocols that have neither (l4proto_in_range).
func (s *search) portFits(t netfilter.Tuple, m netfilter.Manip) bool {
	port := t.SrcPort
	switch {
	case t.Proto == packet.ProtoICMP || t.Proto == packet.ProtoICMPv6:
	case !hasPorts(t.Proto) && t.Proto != packet.ProtoGRE:
		return true
	case m == netfilter.ManipDst:
		port = t.DstPort
	}
	return port >= s.r.MinPort && port <= s.r.MaxPort
}

// likeOthers returns the tuple with the translated source of another connection that has
// the same original source, if that is within the range (find_appropriate_src).
func (s *search) likeOthers(now netfilter.Tuple) (netfilter.Tuple, bool) {
	for c := range s.table.SameSource(now, conntrack.ZoneOf(s.conn)) {
		like, _ := conntrack.Invert(c.Tuples[netfilter.DirReply])
		like.Dst, like.DstPort, like.Proto = now.Dst, now.DstPort, now.Proto
		if s.sourceFits(like) {
			return like, true
		}
	}
	return netfilter.Tuple{}, false
}

// portWillDo reports whether the port need not be changed.
func (s *search) portWillDo(t netfilter.Tuple) bool {
	if !s.r.Ports {
		return !s.used(t)
	}
	if s.r.Offset || !s.portFits(t, s.manip) {
		return false
	}
	return s.r.MinPort == s.r.MaxPort || !s.used(t)
}

// used reports whether another connection has the inverse of this tuple
// (nf_nat_used_tuple).
func (s *search) used(t netfilter.Tuple) bool {
	reply, _ := conntrack.Invert(t)
	return s.table.Taken(reply, s.conn)
}

// usedByOther is like used, except that an untranslated connection with the same tuples in
// the opposite direction is not considered, because Confirm resolves that clash
// (nf_nat_used_tuple_new).
func (s *search) usedByOther(t netfilter.Tuple) bool {
	const translated = netfilter.ConnSrcNAT | netfilter.ConnDstNAT | netfilter.ConnSeqAdjust
	if !s.used(t) {
		return false
	}
	if !conntrack.MayClash(t.Proto) || s.conn.Status&translated != 0 {
		return true
	}
	z := conntrack.ZoneOf(s.conn)
	c, _ := s.table.Find(t, z)
	if c == nil {
		reply, _ := conntrack.Invert(t)
		if c, _ = s.table.Find(reply, z); c == nil {
			return false
		}
	}
	return c.Status&translated != 0 || c.Tuples[netfilter.DirOriginal] != s.conn.Tuples[netfilter.DirReply]
}

// chooseAddr sets the address of the side to be translated (find_best_ips_proto).
func (s *search) chooseAddr(t *netfilter.Tuple) {
	if !s.r.MinAddr.IsValid() {
		return
	}
	a := s.r.MinAddr
	if s.r.MinAddr != s.r.MaxAddr {
		a = spread(*t, s.manip, s.r.MinAddr, s.r.MaxAddr, s.conn.Zone, s.r.Persistent)
	}
	s.setAddr(t, a)
}

func (s *search) setAddr(t *netfilter.Tuple, a netip.Addr) {
	if s.manip == netfilter.ManipSrc {
		t.Src = a
	} else {
		t.Dst = a
	}
}
