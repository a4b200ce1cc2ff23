package nat

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
)

// Initialized reports whether the translation of one side of the connection is set up.
func Initialized(c *netfilter.Conn, m netfilter.Manip) bool {
	if m == netfilter.ManipSrc {
		return c.Status&netfilter.ConnSrcNATDone != 0
	}
	return c.Status&netfilter.ConnDstNATDone != 0
}

// Setup sets up the translation of one side of an unconfirmed connection: it selects a
// tuple within the range that no other connection has, if there is one. rnd draws a
// number below n. Setup returns false, in which case the packet is dropped, only if that
// side was set up before (nf_nat_setup_info).
func Setup(t *conntrack.Table, c *netfilter.Conn, r netfilter.NATRange, m netfilter.Manip, rnd func(n uint32) uint32) bool {
	if c.Status&netfilter.ConnConfirmed != 0 {
		return true
	}
	if Initialized(c, m) {
		return false
	}
	now, ok := conntrack.Invert(c.Tuples[netfilter.DirReply])
	if !ok {
		return false
	}
	s := search{table: t, conn: c, r: r, manip: m, rnd: rnd}
	if to := s.unique(now); to != now {
		c.Tuples[netfilter.DirReply], _ = conntrack.Invert(to)
		if m == netfilter.ManipSrc {
			c.Status |= netfilter.ConnSrcNAT
		} else {
			c.Status |= netfilter.ConnDstNAT
		}
	}
	if m == netfilter.ManipSrc {
		c.Status |= netfilter.ConnSrcNATDone
	} else {
		c.Status |= netfilter.ConnDstNATDone
	}
	return true
}

// Keep sets up one side of a connection that no rule translates: the address is kept, and
// the port changes only if the tuple is in use by another connection
// (nf_nat_alloc_null_binding).
func Keep(t *conntrack.Table, c *netfilter.Conn, m netfilter.Manip, rnd func(n uint32) uint32) bool {
	a := c.Tuples[netfilter.DirReply].Src
	if m == netfilter.ManipSrc {
		a = c.Tuples[netfilter.DirReply].Dst
	}
	return Setup(t, c, netfilter.NATRange{MinAddr: a, MaxAddr: a}, m, rnd)
}
