package nat

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
)

// Translate changes a packet of a connection as its tuples demand at a hook;
// false drops the packet, for it is too short to be changed. ICMP errors about
// the connection are changed inside out (nf_nat_packet; nf_nat_proto.c,
// nf_nat_ipv4_fn, nf_nat_ipv6_fn).
func Translate(p *netfilter.Packet, c *netfilter.Conn, rel netfilter.CTState, hook netfilter.Hook) bool {
	m := netfilter.ManipOf(hook)
	if rel == netfilter.CTRelated || rel == netfilter.CTRelatedReply {
		if off, ok := errorOffset(p); ok {
			p.Unshare()
			return translateError(p, c, rel.Direction(), m, off)
		}
	}
	if !Affects(c, rel.Direction(), m) {
		return true
	}
	p.Unshare()
	defer p.UpdateChecksum()()
	return rewrite(p.Wire(), p.Family(), aim(c, rel.Direction()), m)
}

// Affects reports whether packets of one direction are changed on one side: an
// answer is changed where the original direction is on the other side.
func Affects(c *netfilter.Conn, d netfilter.Direction, m netfilter.Manip) bool {
	bit := netfilter.ConnDstNAT
	if (m == netfilter.ManipSrc) == (d == netfilter.DirOriginal) {
		bit = netfilter.ConnSrcNAT
	}
	return c.Status&bit != 0
}

// aim returns what a packet of one direction looks like when both sides are
// changed: the inverse of the other direction (nf_nat_manip_pkt).
func aim(c *netfilter.Conn, d netfilter.Direction) netfilter.Tuple {
	t, _ := conntrack.Invert(c.Tuples[1-d])
	return t
}
