package conntrack

import (
	"iter"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Table is the connection table of a host, of both families. Create one with New. It
// must not be used by several goroutines at the same time.
//
// The connections that its methods return are valid until Release.
type Table struct {
	cfg      Config
	policies map[string]*Timeouts
	now      time.Time // the latest time passed to a method
	expired  time.Time // when Expire last checked all entries
	refusal  Refusal   // of the packet that In was last called for

	records    paged[record]
	extras     paged[extra]
	freeExtras []uint32
	names      []string // of links, helpers and policies
	byTuple    slots    // of reference<<1 | direction
	bySource   slots    // of the latest connection from each source
	first      uint32   // in the order in which they came
	last       uint32
	free       uint32 // head of the free list, linked by next

	handles  []*handle // in use
	spare    []*handle
	expected []*expected // latest first
}

const (
	recordBits = 8 // of a page
	extraBits  = 5
)

// New returns an empty table.
func New(cfg Config) *Table {
	t := &Table{cfg: cfg, records: paged[record]{bits: recordBits}, extras: paged[extra]{bits: extraBits},
		byTuple: newSlots(), bySource: newSlots(), first: noRef, last: noRef, free: noRef}
	if len(cfg.Policies) > 0 {
		t.policies = make(map[string]*Timeouts, len(cfg.Policies))
		for name, p := range cfg.Policies {
			t.policies[name] = &p
		}
	}
	return t
}

// Reset removes all entries. The configuration and the timeout policies are kept.
func (t *Table) Reset() {
	t.Release()
	t.records.reset()
	t.extras.reset()
	t.byTuple.reset()
	t.bySource.reset()
	t.freeExtras, t.expected = t.freeExtras[:0], nil
	t.first, t.last, t.free = noRef, noRef, noRef
}

// Configure changes the configuration; the timeout policies are kept.
func (t *Table) Configure(cfg Config) { t.cfg = cfg }

// Config returns the current configuration.
func (t *Table) Config() Config { return t.cfg }

// Len returns the number of entries, including expired ones that have not been removed
// yet.
func (t *Table) Len() int {
	n := 0
	for range t.refs() {
		n++
	}
	return n
}

// Clone returns an independent copy. It is copied on write in pages, so that the cost of
// Clone hardly depends on the number of connections.
func (t *Table) Clone() *Table {
	t.flush()
	c := *t
	c.records, c.extras = t.records.clone(), t.extras.clone()
	c.byTuple, c.bySource = t.byTuple.clone(), t.bySource.clone()
	c.freeExtras, c.names = slices.Clone(t.freeExtras), slices.Clip(t.names)
	c.handles, c.spare = nil, nil
	c.expected = make([]*expected, len(t.expected))
	for i, x := range t.expected {
		twin := *x
		c.expected[i] = &twin
	}
	return &c
}

// Find returns the connection a packet with this tuple would belong to, and
// its direction; nil if there is none (nf_conntrack_find_get).
func (t *Table) Find(tuple netfilter.Tuple, z Zone) (*netfilter.Conn, netfilter.Direction) {
	if ref, d := t.lookup(&tuple, z); ref != noRef {
		return t.use(ref), d
	}
	return nil, netfilter.DirOriginal
}

func (t *Table) lookup(tuple *netfilter.Tuple, z Zone) (uint32, netfilter.Direction) {
	const o, r = netfilter.DirOriginal, netfilter.DirReply
	k := keyOf(tuple, z.in(o), o)
	ref := t.live(&k)
	// The kernel inserts the reply tuple last and so finds it first if both tuples are
	// equal, unless the zone of the reply direction differs.
	back := k
	back.zone, back.dir = z.in(r), r
	if ref == noRef || k.zone == back.zone && t.records.at(ref).key(r).sameTuple(&back) {
		if found := t.live(&back); found != noRef {
			return found, r
		}
	}
	return ref, o
}

// sameTuple reports whether both keys have the same tuple, regardless of their zones.
func (k key) sameTuple(o *key) bool {
	k.zone, k.dir = o.zone, o.dir
	return k == *o
}

// slot returns the slot of a key in byTuple; false if there is none.
func (t *Table) slot(k *key) (slot, ref uint32, ok bool) {
	if t.byTuple.n == 0 {
		return 0, noRef, false
	}
	for slot = t.byTuple.home(k.hash()); ; slot = t.byTuple.next(slot) {
		r, taken := t.byTuple.get(slot)
		if !taken {
			return 0, noRef, false
		}
		if r&1 == uint32(k.dir) && t.records.at(r>>1).key(k.dir) == *k {
			return slot, r >> 1, true
		}
	}
}

// live returns the record of a key; an expired one is removed.
func (t *Table) live(k *key) uint32 {
	_, ref, ok := t.slot(k)
	if ok && t.expires(ref) <= nanos(t.now) {
		t.kill(ref)
		return noRef
	}
	return ref
}

// Taken reports whether a connection other than ours has this tuple, in either
// direction. A connection with the same original tuple as ours is not considered,
// because Confirm resolves that clash (nf_conntrack_tuple_taken).
func (t *Table) Taken(reply netfilter.Tuple, ours *netfilter.Conn) bool {
	z := ZoneOf(ours)
	k := keyOf(&reply, z.in(netfilter.DirReply), netfilter.DirReply)
	if ref := t.live(&k); ref != noRef && t.rivals(ref, ours) {
		return true
	}
	if k.zone != z.in(netfilter.DirOriginal) {
		return false
	}
	k.dir = netfilter.DirOriginal
	ref := t.live(&k)
	return ref != noRef && t.rivals(ref, ours)
}

func (t *Table) rivals(ref uint32, ours *netfilter.Conn) bool {
	const d = netfilter.DirOriginal
	if h := t.inUse(ref); h != nil && &h.conn == ours {
		return false
	}
	return t.records.at(ref).key(d) != connKey(ours, d)
}

// refs yields the records in order of confirmation. The record yielded may be removed
// during the iteration.
func (t *Table) refs() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for ref := t.first; ref != noRef; {
			next := t.records.at(ref).next
			if !yield(ref) {
				return
			}
			ref = next
		}
	}
}

// All yields copies of the connections in order of confirmation, without expired ones.
// The connection yielded may be killed during the iteration.
func (t *Table) All() iter.Seq[*netfilter.Conn] {
	return func(yield func(*netfilter.Conn) bool) {
		t.flush()
		now := nanos(t.now)
		for ref := range t.refs() {
			r := t.records.at(ref)
			if r.expires <= now {
				continue
			}
			h := &handle{}
			t.load(r, h)
			if !yield(&h.conn) {
				return
			}
		}
	}
}

// Expire sets the current time and removes expired connections and expectations.
func (t *Table) Expire(now time.Time) {
	t.now, t.expired = now, now
	for ref := range t.refs() {
		if t.expires(ref) <= nanos(now) {
			t.kill(ref)
		}
	}
	t.expireExpected()
}

// Kill removes a connection and its expectations and sets IPS_DYING; it returns false if
// that was set already (nf_ct_delete).
func (t *Table) Kill(c *netfilter.Conn) bool {
	if c.Status&netfilter.ConnDying != 0 {
		return false
	}
	c.Status |= netfilter.ConnDying
	if ref := t.refOf(c); ref != noRef {
		t.kill(ref)
	}
	return true
}

// refOf returns the record of a connection that the table returned, or the record with
// the same tuples as another connection; noRef if there is none.
func (t *Table) refOf(c *netfilter.Conn) uint32 {
	if h := t.handleOf(c); h != nil {
		return h.ref
	}
	k := connKey(c, netfilter.DirReply)
	if _, ref, ok := t.slot(&k); ok && t.records.at(ref).key(netfilter.DirOriginal) == connKey(c, netfilter.DirOriginal) {
		return ref
	}
	return noRef
}

// kill removes a record and its expectations.
func (t *Table) kill(ref uint32) {
	t.forget(ref)
	if h := t.inUse(ref); h != nil {
		h.conn.Status |= netfilter.ConnDying
		h.ref = noRef
	}
	t.unlink(ref)
}

// Add inserts a confirmed connection; it returns false if one of its tuples is in use. A
// missing reply tuple is set to the inverse of the original one. A TCP connection without
// tracker state is established, with unknown windows.
func (t *Table) Add(c *netfilter.Conn) bool {
	if c.Tuples[netfilter.DirReply] == (netfilter.Tuple{}) {
		r, ok := Invert(c.Tuples[netfilter.DirOriginal])
		if !ok {
			return false
		}
		c.Tuples[netfilter.DirReply] = r
	}
	if ref, _ := t.rival(c); ref != noRef {
		return false
	}
	if c.Proto == nil && c.Tuples[netfilter.DirOriginal].Proto == packet.ProtoTCP {
		c.Proto = &tcpConn{state: TCPEstablished}
	}
	c.Status |= netfilter.ConnConfirmed
	t.link(c, true)
	return true
}
