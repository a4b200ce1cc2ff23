package ipset

import (
	"encoding/binary"
	"net/netip"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Key is the key for Engine.Shared under which the session keeps the Sets of
// the host.
const Key = "ipset"

// Of returns the sets of the host that processes the packet of c.
func Of(c *netfilter.Context) *Sets {
	ss, ok := c.Engine.Shared(Key, func() netfilter.State { return &Sets{} }).(*Sets)
	if !ok {
		return &Sets{}
	}
	if !ss.begun {
		ss.Begin(c.Engine.Now())
	}
	ss.At(c.Engine.Now())
	return ss
}

// MatchOptions are the options of the set match for a lookup. The zero value
// counts the packet and matches entries without nomatch.
type MatchOptions struct {
	ReturnNoMatch bool // match only entries with nomatch (--return-nomatch)
	NoCounters    bool // do not update the counters of the entry, or of the list's entry
	NoSubCounters bool // do not update the counters of members of a list
	Counters      *CounterTest
}

// Info is the metadata (skbinfo) that an entry has for packets matching it.
type Info struct {
	Mark, Mask, Prio uint32
	Queue            uint16
}

// Match reports whether the packet of c is in the set (ip_set_core.c,
// ip_set_test). It updates the counters of the matching entry and returns the
// entry's metadata.
func (ss *Sets) Match(c *netfilter.Context, r Ref, o MatchOptions) (bool, Info) {
	s := ss.fitting(c, r)
	if s == nil {
		return false, Info{}
	}
	l := lookup{now: ss.now, bytes: uint64(c.Packet.Len()), count: !o.NoCounters, want: o.Counters}
	found := ss.match(c, s, r, o, &l)
	var info Info
	if e := l.info; e != nil {
		info = Info{e.SKBMark, e.SKBMask, e.SKBPrio, e.SKBQueue}
	}
	return found, info
}

// fitting returns the set if the rule gives enough directions for its type and
// the packet is of its family.
func (ss *Sets) fitting(c *netfilter.Context, r Ref) *Set {
	s := ss.Get(r.Name)
	if s == nil || r.Directions() < s.Type.Dimensions() || s.Type.HasFamily() && s.Family != c.Family {
		return nil
	}
	return s
}

func (ss *Sets) match(c *netfilter.Context, s *Set, r Ref, o MatchOptions, l *lookup) bool {
	if s.Type == ListSet {
		return ss.matchList(c, s, r, o, l)
	}
	e, ok := s.elementOf(c, r)
	if !ok {
		return false
	}
	if s.Counters && l.count || s.Type == BitmapIPMAC {
		s, _ = ss.own(s.Name)
	}
	if s.Type == BitmapIPMAC {
		return s.matchMAC(c, &e, l)
	}
	switch l.test(s, &e) {
	case hit:
		return !o.ReturnNoMatch || !s.Type.HasNomatch()
	case noMatch:
		return o.ReturnNoMatch
	}
	return false
}

// matchMAC fills in the MAC of an entry that has none yet
// (ip_set_bitmap_ipmac.c, bitmap_ipmac_do_test).
func (s *Set) matchMAC(c *netfilter.Context, e *Element, l *lookup) bool {
	entry := s.find(e)
	switch {
	case entry == nil:
		return false
	case s.waiting(entry):
		return s.addBitmap(e, s.packetChange(c, l.now, nil, false)) == nil
	}
	return entry.MAC == e.MAC && l.meets(s, entry)
}

// matchList tries the members in order (ip_set_list_set.c, list_set_ktest).
func (ss *Sets) matchList(c *netfilter.Context, s *Set, r Ref, o MatchOptions, l *lookup) bool {
	inner := *l
	inner.want = nil
	if o.NoSubCounters {
		inner.count = false
	}
	if s.Counters && l.count {
		s, _ = ss.own(s.Name)
	}
	for e := range s.all() {
		member := ss.fitting(c, Ref{e.Set, r.n, r.src})
		if member == nil || !ss.match(c, member, Ref{e.Set, r.n, r.src}, o, &inner) {
			continue
		}
		l.info = inner.info
		if l.meets(s, e) {
			return true
		}
	}
	return false
}

// AddOptions are the options of the SET target for an addition.
type AddOptions struct {
	Exist      bool
	Timeout    time.Duration
	HasTimeout bool
}

// AddPacket adds the element that the packet of c stands for in a set of this
// type, and initializes the counters of the new entry with the packet
// (ip_set_core.c, ip_set_add). As in the kernel, an element that cannot be
// added is silently ignored.
func (ss *Sets) AddPacket(c *netfilter.Context, r Ref, o AddOptions) {
	ss.addPacket(c, r, o)
}

func (ss *Sets) addPacket(c *netfilter.Context, r Ref, o AddOptions) bool {
	return ss.packetChange(c, r, func(s *Set, e *Element) bool {
		timeout := &o.Timeout
		if !o.HasTimeout {
			timeout = nil
		}
		return s.add(e, s.packetChange(c, ss.now, timeout, o.Exist)) == nil
	})
}

// DelPacket deletes the element that the packet of c stands for in a set of
// this type (ip_set_core.c, ip_set_del).
func (ss *Sets) DelPacket(c *netfilter.Context, r Ref) {
	ss.packetChange(c, r, func(s *Set, e *Element) bool { return s.del(e, ss.now) == nil })
}

// packetChange applies f to the set, or to the members of a list until one
// accepts it. Networks get the longest prefix length in the set.
func (ss *Sets) packetChange(c *netfilter.Context, r Ref, f func(*Set, *Element) bool) bool {
	s := ss.fitting(c, r)
	if s == nil {
		return false
	}
	if s.Type == ListSet {
		for m := range s.all() {
			if !s.expired(m, ss.now) && ss.packetChange(c, Ref{m.Set, r.n, r.src}, f) {
				break
			}
		}
		return true
	}
	e, ok := s.elementOf(c, r)
	if !ok {
		return false
	}
	if n := s.Type.networks(); n > 0 {
		if n == 1 {
			*s.networkBits(&e) = s.lengths[0].longest(s.hostBits())
		} else {
			e.Bits, e.Bits2 = s.lengths[0].longest(s.hostBits()), s.lengths[1].longest(s.hostBits())
		}
		s.cut(&e)
	}
	s, err := ss.own(s.Name)
	if err != nil || ss.mayHold(0) != nil && s.find(&e) == nil {
		return false
	}
	before := s.Len()
	done := f(s, &e)
	ss.held += s.Len() - before
	return done
}

// packetChange returns the extensions of an entry added by a packet
// (include/linux/netfilter/ipset/ip_set.h, IP_SET_INIT_KEXT).
func (s *Set) packetChange(c *netfilter.Context, now time.Duration, timeout *time.Duration, exist bool) *change {
	ch := &change{packets: true, bytes: true, packet: true, exist: exist, now: now}
	ch.Packets, ch.Bytes = 1, uint64(c.Packet.Len())
	ch.Expires = s.Timeout
	if timeout != nil {
		ch.Expires = *timeout
	}
	return ch
}

// elementOf returns the element that the packet of c stands for; false if it
// has none, for example because it has no ports
// (net/netfilter/ipset/ip_set_*.c, the kadt functions).
func (s *Set) elementOf(c *netfilter.Context, r Ref) (e Element, ok bool) {
	for i, p := range s.Type.info().parts {
		src := r.fromSource(i)
		switch p {
		case partIP, partNet:
			a := masked(addrOf(c.Packet, src), s.mask())
			if i == 0 {
				e.IP, e.Bits = a, s.hostBits()
			} else {
				e.IP2, e.Bits2 = a, s.hostBits()
			}
		case partPort:
			if e.Proto, e.Port, ok = packetPort(c.Packet, src); !ok {
				return e, false
			}
		case partMAC:
			if e.MAC, e.HasMAC = packetMAC(c, src); !e.HasMAC {
				return e, false
			}
		case partMark:
			e.Mark = c.Packet.Mark & s.markMask()
		case partIface:
			if e.Iface = c.Out; src {
				e.Iface = c.In
			}
			if e.Iface == "" {
				return e, false
			}
		}
	}
	return e, s.storable(&e)
}

// storable applies the restrictions of the type to the element of a packet.
func (s *Set) storable(e *Element) bool {
	switch s.Type {
	case BitmapIP, BitmapIPMAC:
		return s.checkAddr(e) == nil
	case BitmapPort:
		tcpUDP := e.Proto == packet.ProtoTCP || e.Proto == packet.ProtoUDP
		e.Proto = 0
		return tcpUDP && s.checkPort(e.Port) == nil
	case HashIP, HashIPPort:
		return !e.IP.IsUnspecified()
	}
	return true
}

func addrOf(p *netfilter.Packet, src bool) netip.Addr {
	if src {
		return p.Src()
	}
	return p.Dst()
}

// packetPort returns protocol and port of a packet, type and code for ICMP
// (net/netfilter/ipset/ip_set_getport.c). Fragments other than the first have
// neither, except for IPv4 protocols without ports.
func packetPort(p *netfilter.Packet, src bool) (proto uint8, port uint16, ok bool) {
	t := p.Transport()
	v4 := p.Family() == netfilter.IPv4
	need := portHeader(t.Proto)
	switch {
	case !t.Found || v4 && t.Proto == 0 || !v4 && t.Proto == packet.ProtoNone:
		return 0, 0, false
	case t.FragOff != 0:
		return t.Proto, 0, v4 && need == 0
	case need == 0:
		return t.Proto, 0, true
	case t.Offset+need > p.Len():
		return 0, 0, false
	}
	h := p.Wire()[t.Offset:]
	if !src && t.Proto != packet.ProtoICMP && t.Proto != packet.ProtoICMPv6 {
		h = h[2:]
	}
	return t.Proto, binary.BigEndian.Uint16(h), true
}

// portHeader returns the number of header bytes that must be present to read
// the ports of the protocol; 0 if it has none.
func portHeader(proto uint8) int {
	switch proto {
	case packet.ProtoTCP:
		return 20
	case packet.ProtoSCTP:
		return 12
	case packet.ProtoUDP, packet.ProtoUDPLite, packet.ProtoICMP, packet.ProtoICMPv6:
		return 8
	}
	return 0
}

// packetMAC returns an Ethernet address of the packet as it arrived; false if it
// has none or it is zero.
func packetMAC(c *netfilter.Context, src bool) (packet.MAC, bool) {
	srcMAC, dstMAC := c.Engine.Ethernet()
	if !src {
		srcMAC = dstMAC
	}
	return srcMAC, srcMAC != packet.MAC{}
}
