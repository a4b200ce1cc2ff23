package conntrack

import (
	"iter"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Table is the connection table of a host, of both families. Make one with
// New. It is for one goroutine at a time.
type Table struct {
	cfg      Config
	policies map[string]*Timeouts
	now      time.Time // of the latest call that told it
	byTuple  map[key]*entry
	bySource map[source][]*entry // in the order in which they came
	first    *entry              // in the order in which they came
	last     *entry
	expected []*Expectation // latest first
}

// entry is a connection in the table.
type entry struct {
	conn       *netfilter.Conn
	prev, next *entry
}

// key is what an entry is found by. The directions have keys of their own
// because a zone may hold for one of them only.
type key struct {
	netfilter.Tuple
	zone uint16
	dir  netfilter.Direction
}

func keyOf(c *netfilter.Conn, d netfilter.Direction) key {
	return key{c.Tuples[d], ZoneOf(c).in(d), d}
}

// New returns an empty table.
func New(cfg Config) *Table {
	t := &Table{cfg: cfg, byTuple: map[key]*entry{}, bySource: map[source][]*entry{}}
	if len(cfg.Policies) > 0 {
		t.policies = make(map[string]*Timeouts, len(cfg.Policies))
		for name, p := range cfg.Policies {
			t.policies[name] = &p
		}
	}
	return t
}

// Configure changes the configuration; the timeout policies stay.
func (t *Table) Configure(cfg Config) { t.cfg = cfg }

// Config returns the configuration the table was made with.
func (t *Table) Config() Config { return t.cfg }

// Len returns the number of entries, those included that have expired since
// the table was last told the time.
func (t *Table) Len() int {
	n := 0
	for range t.all() {
		n++
	}
	return n
}

// Clone returns an independent copy, of the connections too.
func (t *Table) Clone() *Table {
	c := New(t.cfg)
	c.now = t.now
	copies := map[*netfilter.Conn]*netfilter.Conn{}
	for e := range t.all() {
		copies[e.conn] = cloneConn(e.conn)
	}
	for e := range t.all() {
		n := copies[e.conn]
		if m, ok := copies[n.Master]; ok {
			n.Master = m
		}
		c.link(n, e.conn.Status&natClash == 0)
	}
	for _, x := range t.expected {
		n := *x
		if m, ok := copies[x.Master]; ok {
			n.Master = m
		}
		c.expected = append(c.expected, &n)
	}
	return c
}

func cloneConn(c *netfilter.Conn) *netfilter.Conn {
	n := *c
	if c.Proto != nil {
		n.Proto = c.Proto.Clone()
	}
	return &n
}

// Find returns the connection a packet with this tuple would belong to, and
// its direction; nil if there is none (nf_conntrack_find_get).
func (t *Table) Find(tuple netfilter.Tuple, z Zone) (*netfilter.Conn, netfilter.Direction) {
	if e, d := t.lookup(tuple, z); e != nil {
		return e.conn, d
	}
	return nil, netfilter.DirOriginal
}

func (t *Table) lookup(tuple netfilter.Tuple, z Zone) (*entry, netfilter.Direction) {
	id, back := z.in(netfilter.DirOriginal), z.in(netfilter.DirReply)
	e := t.live(key{tuple, id, netfilter.DirOriginal})
	// The kernel links the reply tuple last and so finds it first where both
	// are the same, unless its zone has it looked for elsewhere.
	if e == nil || e.conn.Tuples[netfilter.DirReply] == tuple && back == id {
		if r := t.live(key{tuple, back, netfilter.DirReply}); r != nil {
			return r, netfilter.DirReply
		}
	}
	return e, netfilter.DirOriginal
}

// live returns the entry of a key; one that has expired is removed.
func (t *Table) live(k key) *entry {
	e := t.byTuple[k]
	if e != nil && !e.conn.Expires.After(t.now) {
		t.Kill(e.conn)
		return nil
	}
	return e
}

// Taken reports whether some connection other than ours is answered with this
// tuple or opened by it. A connection that was opened by the very same tuple
// as ours does not count: that is left to Confirm (nf_conntrack_tuple_taken).
func (t *Table) Taken(reply netfilter.Tuple, ours *netfilter.Conn) bool {
	z := ZoneOf(ours)
	id := z.in(netfilter.DirReply)
	if e := t.live(key{reply, id, netfilter.DirReply}); e != nil && t.rivals(e.conn, ours, z) {
		return true
	}
	if id != z.in(netfilter.DirOriginal) {
		return false
	}
	e := t.live(key{reply, id, netfilter.DirOriginal})
	return e != nil && t.rivals(e.conn, ours, z)
}

func (t *Table) rivals(c, ours *netfilter.Conn, z Zone) bool {
	const d = netfilter.DirOriginal
	return c != ours && (c.Tuples[d] != ours.Tuples[d] || ZoneOf(c).in(d) != z.in(d))
}

// all yields the entries in the order in which they came. The entry yielded
// may be removed.
func (t *Table) all() iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		for e := t.first; e != nil; {
			next := e.next
			if !yield(e) {
				return
			}
			e = next
		}
	}
}

// All yields the connections in the order in which they were confirmed, but
// not those that have expired. The connection yielded may be killed.
func (t *Table) All() iter.Seq[*netfilter.Conn] {
	return func(yield func(*netfilter.Conn) bool) {
		for e := range t.all() {
			if e.conn.Expires.After(t.now) && !yield(e.conn) {
				return
			}
		}
	}
}

// Expire tells the time and removes what has expired.
func (t *Table) Expire(now time.Time) {
	t.now = now
	for e := range t.all() {
		if !e.conn.Expires.After(now) {
			t.Kill(e.conn)
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
	t.forget(c)
	e := t.byTuple[keyOf(c, netfilter.DirReply)]
	if e == nil || e.conn != c {
		return true
	}
	delete(t.byTuple, keyOf(c, netfilter.DirReply))
	if o := t.byTuple[keyOf(c, netfilter.DirOriginal)]; o == e {
		delete(t.byTuple, keyOf(c, netfilter.DirOriginal))
	}
	t.dropSource(e)
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		t.first = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else {
		t.last = e.prev
	}
	return true
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
	if e, _ := t.rival(c); e != nil {
		return false
	}
	if c.Proto == nil && c.Tuples[netfilter.DirOriginal].Proto == packet.ProtoTCP {
		c.Proto = &tcpConn{state: TCPEstablished}
	}
	c.Status |= netfilter.ConnConfirmed
	t.link(c, true)
	return true
}

// link enters a connection, which must have no rival; both says whether
// packets of the original direction find it.
func (t *Table) link(c *netfilter.Conn, both bool) {
	e := &entry{conn: c, prev: t.last}
	if t.last != nil {
		t.last.next = e
	} else {
		t.first = e
	}
	t.last = e
	t.byTuple[keyOf(c, netfilter.DirReply)] = e
	if both {
		t.byTuple[keyOf(c, netfilter.DirOriginal)] = e
	}
	t.addSource(e)
}
