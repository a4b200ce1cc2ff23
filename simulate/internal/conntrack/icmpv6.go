package conntrack

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

const icmpv6Redirect = 137

// icmpv6Untracked reports whether packets of the type are never tracked:
// multicast listener and neighbour discovery, multicast router discovery
// (nf_conntrack_proto_icmpv6.c, noct_valid_new).
func icmpv6Untracked(typ uint8) bool {
	switch typ {
	case 130, 131, 132, 133, 134, 135, 136, 143, 151, 152:
		return true
	}
	return false
}

// icmpv6Error processes an ICMPv6 packet before the lookup of its tuple; done reports
// that no lookup follows (nf_conntrack_icmpv6_error).
func (t *Table) icmpv6Error(s *segment, z Zone) (c *netfilter.Conn, rel netfilter.CTState, done bool) {
	b := s.body()
	switch {
	case len(b) < 8:
		c, rel = t.noConn(cutHeader)
		return c, rel, true
	case t.checks(s) && !s.sumOK(len(b), packet.ProtoICMPv6):
		c, rel = t.noConn(badChecksum)
		return c, rel, true
	}
	switch typ := b[0]; {
	case icmpv6Untracked(typ):
		return nil, netfilter.CTUntracked, true
	case typ == icmpv6Redirect:
		return t.redirect6(s, z)
	case typ >= 128:
		return nil, netfilter.CTInvalid, false
	}
	c, rel = t.quoted(s, s.off+8, z)
	return c, rel, true
}

// redirect6 processes a redirect, which quotes a packet in an option after two
// addresses (nf_conntrack_icmpv6_redirect).
func (t *Table) redirect6(s *segment, z Zone) (c *netfilter.Conn, rel netfilter.CTState, done bool) {
	const (
		header         = 40 // ICMPv6 header, target and destination
		optionHeader   = 8
		redirectedType = 4
	)
	b := s.body()
	if len(b) < header {
		c, rel = t.noConn(cutHeader)
		return c, rel, true
	}
	if b[1] != 0 {
		return nil, netfilter.CTInvalid, false
	}
	const hopLimit = 7
	src := netip.AddrFrom16([16]byte(s.wire[8:24]))
	if s.wire[hopLimit] != 255 || !src.IsLinkLocalUnicast() || len(b) < header+2 || b[header+1] == 0 {
		c, rel = t.noConn("it is no valid redirect (RFC 4861, 8.1)")
		return c, rel, true
	}
	if b[header] != redirectedType {
		return nil, netfilter.CTInvalid, false
	}
	c, rel = t.quoted(s, s.off+header+optionHeader, z)
	return c, rel, true
}
