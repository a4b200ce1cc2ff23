package nat

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
)

// Errors of Translate.
var (
	ErrShort    = errors.New("the packet is too short to be translated")
	ErrRedirect = errors.New("an ICMP redirect about a connection that is translated, or may yet be, is not passed on")
)

// Translate rewrites a packet at a hook according to the tuples of its connection. If it
// returns an error, the packet is dropped. In ICMP errors about the connection the quoted
// packet is translated too (nf_nat_packet; nf_nat_proto.c, nf_nat_ipv4_fn,
// nf_nat_ipv6_fn).
func Translate(p *netfilter.Packet, c *netfilter.Conn, rel netfilter.CTState, hook netfilter.Hook) error {
	m := netfilter.ManipOf(hook)
	if rel == netfilter.CTRelated || rel == netfilter.CTRelatedReply {
		if off, ok := errorOffset(p); ok {
			p.Unshare()
			return translateError(p, c, rel.Direction(), m, off)
		}
	}
	if !Affects(c, rel.Direction(), m) {
		return nil
	}
	p.Unshare()
	defer p.UpdateChecksum()()
	if !rewrite(p.Wire(), p.Family(), aim(c, rel.Direction()), m) {
		return ErrShort
	}
	return nil
}

// Affects reports whether packets of a direction are translated on side m: reply packets
// are, if packets of the original direction are translated on the opposite side.
func Affects(c *netfilter.Conn, d netfilter.Direction, m netfilter.Manip) bool {
	bit := netfilter.ConnDstNAT
	if (m == netfilter.ManipSrc) == (d == netfilter.DirOriginal) {
		bit = netfilter.ConnSrcNAT
	}
	return c.Status&bit != 0
}

// aim returns the tuple of translated packets of a direction: the inverse of the tuple of
// the opposite direction (nf_nat_manip_pkt).
func aim(c *netfilter.Conn, d netfilter.Direction) netfilter.Tuple {
	t, _ := conntrack.Invert(c.Tuples[1-d])
	return t
}
