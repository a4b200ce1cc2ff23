package conntrack

import (
	"iter"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Table is the connection table of a host, of both families. Make one with
// New. It is for one goroutine at a time.
//
// The connections it gives out are good until Release.
type Table struct {
	cfg      Config
	policies map[string]*Timeouts
	now      time.Time // of the latest call that told it
	expired  time.Time // when Expire last looked at all entries

	records    paged[record]
	extras     paged[extra]
	freeExtras []uint32
	names      []string // of links, helpers and policies
	byTuple    slots    // of reference<<1 | direction
	bySource   slots    // of the latest connection from each source
	first      uint32   // in the order in which they came
	last       uint32
	free       uint32 // first record that is not used; the others follow by next

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

// Reset empties the table. The configuration and the timeout policies stay.
func (t *Table) Reset() {
	t.Release()
	t.records.reset()
	t.extras.reset()
	t.byTuple.reset()
	t.bySource.reset()
	t.freeExtras, t.expected = t.freeExtras[:0], nil
	t.first, t.last, t.free = noRef, noRef, noRef
}

// Configure changes the configuration; the timeout policies stay.
func (t *Table) Configure(cfg Config) { t.cfg = cfg }

// Config returns the configuration the table was made with.
func (t *Table) Config() Config { return t.cfg }

// Len returns the number of entries, those included that have expired since
// the table was last told the time.
func (t *Table) Len() int {
	n := 0
	for range t.refs() {
		n++
	}
	return n
}

// Clone returns an independent copy. Its cost hardly depends on the number of
// connections: both share what neither has changed since.
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
	// The kernel links the reply tuple last and so finds it first where both
	// are the same, unless its zone has it looked for elsewhere.
	back := k
	back.zone, back.dir = z.in(r), r
	if ref == noRef || k.zone == back.zone && t.records.at(ref).key(r).sameTuple(&back) {
		if found := t.live(&back); found != noRef {
			return found, r
		}
	}
	return ref, o
}

// sameTuple reports whether both keys have the same tuple, whatever their zones.
func (k key) sameTuple(o *key) bool {
	k.zone, k.dir = o.zone, o.dir
	return k == *o
}

// slot returns where the entry of a key stands in byTuple; false if it does not.
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

// live returns the record of a key; one that has expired is removed.
func (t *Table) live(k *key) uint32 {
	_, ref, ok := t.slot(k)
	if ok && t.expires(ref) <= nanos(t.now) {
		t.kill(ref)
		return noRef
	}
	return ref
}

// Taken reports whether some connection other than ours is answered with this
// tuple or opened by it. A connection that was opened by the very same tuple
// as ours does not count: that is left to Confirm (nf_conntrack_tuple_taken).
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

// refs yields the records in the order in which they came. The one yielded may be
// removed.
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

// All yields copies of the connections in the order in which they were confirmed,
// but not of those that have expired. The connection yielded may be killed.
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

// Expire tells the time and removes what has expired.
func (t *Table) Expire(now time.Time) {
	t.now, t.expired = now, now
	for ref := range t.refs() {
		if t.expires(ref) <= nanos(now) {
			t.kill(ref)
		}
	}
	t.expireExpected()
}

// Kill removes a connection and what it expects, and marks it as dying; false
// if it was dying already (nf_ct_delete).
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

// refOf returns the record of a connection that the table gave out, or of one
// that is like it; noRef if it has none.
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

// kill removes a record and what it expects.
func (t *Table) kill(ref uint32) {
	t.forget(ref)
	if h := t.inUse(ref); h != nil {
		h.conn.Status |= netfilter.ConnDying
		h.ref = noRef
	}
	t.unlink(ref)
}

// Add enters a connection as if its packets had been seen; false if its tuples
// are taken. Where the reply tuple is missing it is the inverse of the
// original one. A TCP connection without tracker state is an established one
// whose windows are not known.
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
