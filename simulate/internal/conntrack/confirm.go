package conntrack

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// natClash marks a connection whose original tuple is in use by another connection: it
// is found by its reply tuple only (IPS_NAT_CLASH, which shares its bit with IPS_UNTRACKED).
const natClash = netfilter.ConnUntracked

// MayClash reports whether Confirm resolves clashes of the protocol instead of dropping
// the packet (struct nf_conntrack_l4proto, allow_clash).
func MayClash(proto uint8) bool {
	switch proto {
	case packet.ProtoTCP, packet.ProtoSCTP, packet.ProtoICMP, packet.ProtoICMPv6:
		return false
	}
	return true
}

// Confirm inserts the packet's connection in the table, at the end of INPUT and
// POSTROUTING. It returns the connection of the packet, which is another one if a clash
// was resolved; false means that the packet is dropped
// (nf_conntrack_core.c, __nf_conntrack_confirm).
func (t *Table) Confirm(now time.Time, c *netfilter.Conn, rel netfilter.CTState) (*netfilter.Conn, bool) {
	t.now = now
	if c == nil || c.Status&netfilter.ConnConfirmed != 0 || rel.Direction() == netfilter.DirReply {
		return c, true
	}
	if c.Status&netfilter.ConnDying != 0 {
		return c, false
	}
	if ref, _ := t.rival(c); ref != noRef {
		return t.resolveClash(c, rel, t.use(ref))
	}
	c.Status |= netfilter.ConnConfirmed
	c.Expires = now.Add(c.Expires.Sub(time.Time{}))
	t.link(c, true)
	return c, true
}

// rival returns an entry that has one of the connection's tuples, and the direction of
// that tuple.
func (t *Table) rival(c *netfilter.Conn) (uint32, netfilter.Direction) {
	z := ZoneOf(c)
	for d := netfilter.DirOriginal; d <= netfilter.DirReply; d++ {
		other := 1 - d
		k := keyOf(&c.Tuples[d], z.in(d), d)
		if ref := t.live(&k); ref != noRef {
			return ref, d
		}
		if z.in(d) == z.in(other) {
			k.dir = other
			if ref := t.live(&k); ref != noRef {
				return ref, d
			}
		}
	}
	return noRef, netfilter.DirOriginal
}

// resolveClash resolves the clash of a new connection with an existing entry
// (nf_ct_resolve_clash).
func (t *Table) resolveClash(c *netfilter.Conn, rel netfilter.CTState, old *netfilter.Conn) (*netfilter.Conn, bool) {
	if !MayClash(c.Tuples[netfilter.DirOriginal].Proto) {
		return c, false
	}
	if merge(c, rel, old) {
		return old, true
	}
	k := connKey(c, netfilter.DirReply)
	reply := t.live(&k)
	if reply == noRef {
		k.dir = netfilter.DirOriginal
		reply = t.live(&k)
	}
	if reply != noRef {
		other := t.use(reply)
		return other, merge(c, rel, other)
	}
	c.Status |= netfilter.ConnFixedTimeout | natClash | netfilter.ConnConfirmed
	c.Expires = t.now.Add(time.Second)
	t.link(c, false)
	return c, true
}

// merge attaches the existing connection to the packet of a new one if both are the same
// flow (__nf_ct_resolve_clash, nf_ct_can_merge).
func merge(c *netfilter.Conn, rel netfilter.CTState, old *netfilter.Conn) bool {
	if !sameFlow(old, c) {
		return false
	}
	if c.HasCounters && old.HasCounters {
		d := rel.Direction()
		old.Counters[d].Packets++
		old.Counters[d].Bytes += c.Counters[d].Bytes
	}
	return true
}

// sameFlow reports whether both connections have the same tuples, in the same or in
// swapped directions (nf_ct_match, nf_ct_match_reverse).
func sameFlow(a, b *netfilter.Conn) bool {
	const o, r = netfilter.DirOriginal, netfilter.DirReply
	ao, ar, bo, br := connKey(a, o), connKey(a, r), connKey(b, o), connKey(b, r)
	if ao == bo && ar == br {
		return true
	}
	bo.dir, br.dir = r, o
	return ao == br && ar == bo
}
