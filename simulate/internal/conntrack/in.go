package conntrack

import (
	"encoding/binary"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// action is the result of a tracker for a packet.
type action uint8

const (
	invalid action = iota // not part of the connection
	accept
	repeat // the connection was removed: repeat the lookup (NF_REPEAT)
	drop
)

// In finds or creates the connection of a packet at PREROUTING or OUTPUT and returns the
// state of the packet; false means that the packet is dropped. In must not be called for
// packets that have a connection or are untracked. Refusal says why a packet is invalid or
// dropped. tmpl is the template of the CT target,
// nil for none; only its zone, helper and timeout are used (nf_conntrack_core.c,
// nf_conntrack_in).
func (t *Table) In(now time.Time, hook netfilter.Hook, p *netfilter.Packet, tmpl *netfilter.TrackConfig) (*netfilter.Conn, netfilter.CTState, bool) {
	t.now, t.refusal = now, Refusal{}
	s := segment{wire: p.Wire(), fam: p.Family(), hook: hook, trusted: p.ChecksumTrusted()}
	var ok bool
	if s.proto, s.off, ok = Locate(s.wire, s.fam); !ok || sentFragment(&s) {
		c, rel := t.noConn("its transport header is not found: it is a fragment, truncated, or has none")
		return c, rel, true
	}
	z := templateZone(tmpl, p)
	switch {
	case s.fam == netfilter.IPv4 && s.proto == packet.ProtoICMP:
		if c, rel, done := t.icmpError(&s, z); done {
			return c, rel, true
		}
	case s.fam == netfilter.IPv6 && s.proto == packet.ProtoICMPv6:
		if c, rel, done := t.icmpv6Error(&s, z); done {
			return c, rel, true
		}
	}
	return t.resolve(&s, z, tmpl)
}

// sentFragment reports whether the packet is a fragment that a socket with IP_NODEFRAG
// sends, which is not tracked (nf_conntrack_proto.c, ipv4_conntrack_local).
func sentFragment(s *segment) bool {
	return s.fam == netfilter.IPv4 && s.hook == netfilter.Output && binary.BigEndian.Uint16(s.wire[6:])&0x3fff != 0
}

// resolve looks up the connection of the packet and calls the tracker.
func (t *Table) resolve(s *segment, z Zone, tmpl *netfilter.TrackConfig) (*netfilter.Conn, netfilter.CTState, bool) {
	for {
		c, rel, ok := t.find(s, z, tmpl)
		if c == nil {
			return nil, netfilter.CTInvalid, ok
		}
		switch t.judge(c, rel, s) {
		case accept:
			if rel == netfilter.CTEstablishedReply {
				c.Status |= netfilter.ConnSeenReply
			}
			return c, rel, true
		case invalid:
			return nil, netfilter.CTInvalid, true
		case drop:
			return nil, netfilter.CTInvalid, false
		}
	}
}

// find returns the connection of a packet, or creates it; false if the table is full
// (resolve_normal_ct).
func (t *Table) find(s *segment, z Zone, tmpl *netfilter.TrackConfig) (*netfilter.Conn, netfilter.CTState, bool) {
	tuple, ok := tupleOf(s)
	if !ok {
		why := cutHeader
		if s.proto == packet.ProtoGRE {
			why = "it is enhanced GRE that does not carry PPP"
		}
		c, rel := t.noConn(why)
		return c, rel, true
	}
	ref, dir := t.lookup(&tuple, z)
	if ref == noRef {
		return t.open(tuple, z, tmpl)
	}
	switch c := t.use(ref); {
	case dir == netfilter.DirReply:
		return c, netfilter.CTEstablishedReply, true
	case c.Status&netfilter.ConnSeenReply != 0:
		return c, netfilter.CTEstablished, true
	case c.Status&netfilter.ConnExpected != 0:
		return c, netfilter.CTRelated, true
	default:
		return c, netfilter.CTNew, true
	}
}

// full reports whether the table has reached its limit, not counting expired
// connections (__nf_conntrack_alloc, early_drop).
func (t *Table) full() bool { return t.cfg.Max > 0 && t.AtLeast(t.cfg.Max) }

// AtLeast reports whether the table holds n connections that have not expired, or
// more.
func (t *Table) AtLeast(n int) bool {
	if t.byTuple.n/2 < n {
		return false
	}
	if t.now.Equal(t.expired) {
		return true // expired entries were already removed at this time
	}
	t.Expire(t.now)
	return t.byTuple.n/2 >= n
}

// open creates an unconfirmed connection (init_conntrack).
func (t *Table) open(tuple netfilter.Tuple, z Zone, tmpl *netfilter.TrackConfig) (*netfilter.Conn, netfilter.CTState, bool) {
	answer, ok := Invert(tuple)
	if !ok {
		c, rel := t.noConn(noRequest)
		return c, rel, true
	}
	if t.full() {
		c, rel := t.noConn("the connection table is full (net.netfilter.nf_conntrack_max)")
		return c, rel, false
	}
	c := &t.newHandle().conn
	*c = netfilter.Conn{
		Tuples:      [2]netfilter.Tuple{tuple, answer},
		Zone:        z.ID,
		ZoneDir:     z.Dir,
		HasCounters: t.cfg.Acct,
		HasLabels:   t.cfg.Labels,
	}
	if tmpl != nil {
		c.Timeout = tmpl.Timeout
		c.SynProxy.Active = tmpl.SynProxy
	}
	if x := t.expectation(tuple, z); x != nil {
		c.Status |= netfilter.ConnExpected
		c.Master, c.Mark, c.Helper = x.Master, t.use(x.master).Mark, x.Helper
		return c, netfilter.CTRelated, true
	}
	if tmpl != nil && tmpl.Helper != "" {
		c.Helper = tmpl.Helper
		c.Status |= netfilter.ConnHelper
	}
	return c, netfilter.CTNew, true
}

// judge calls the tracker of the packet's protocol
// (nf_conntrack_handle_packet).
func (t *Table) judge(c *netfilter.Conn, rel netfilter.CTState, s *segment) action {
	switch c.Tuples[netfilter.DirOriginal].Proto {
	case packet.ProtoTCP:
		return t.tcpPacket(c, rel, s)
	case packet.ProtoUDP:
		return t.udpPacket(c, rel, s)
	case packet.ProtoUDPLite:
		return t.udplitePacket(c, rel, s)
	case packet.ProtoICMP, packet.ProtoICMPv6:
		return t.icmpPacket(c, rel, s)
	case packet.ProtoSCTP:
		return t.sctpPacket(c, rel, s)
	case packet.ProtoGRE:
		return t.grePacket(c, rel, s)
	}
	return t.genericPacket(c, rel, s)
}
