package conntrack

import "github.com/packetpath/packetpath/netfilter"

// handle is a connection that a packet in transit refers to and changes by the pointer
// to conn. Until Release, conn is authoritative instead of the record.
type handle struct {
	conn netfilter.Conn
	ref  uint32  // of its record; noRef if it has none
	tcp  tcpConn // what conn.Proto points to, if it is a TCP connection
	udp  udpConn
}

// use returns the connection of a record, creating its handle if needed.
func (t *Table) use(ref uint32) *netfilter.Conn {
	if h := t.inUse(ref); h != nil {
		return &h.conn
	}
	h := t.newHandle()
	h.ref = ref
	t.load(t.records.at(ref), h)
	return &h.conn
}

// inUse returns the handle of a record, nil if it is not in use.
func (t *Table) inUse(ref uint32) *handle {
	for _, h := range t.handles {
		if h.ref == ref {
			return h
		}
	}
	return nil
}

// newHandle returns a handle without a record.
func (t *Table) newHandle() *handle {
	var h *handle
	if n := len(t.spare); n > 0 {
		h, t.spare = t.spare[n-1], t.spare[:n-1]
	} else {
		h = &handle{}
	}
	h.ref = noRef
	t.handles = append(t.handles, h)
	return h
}

// handleOf returns the handle of a connection that the table returned, nil for any
// other.
func (t *Table) handleOf(c *netfilter.Conn) *handle {
	for _, h := range t.handles {
		if &h.conn == c {
			return h
		}
	}
	return nil
}

// Release ends the use of the connections that the table returned: they must not be
// accessed any more. A session calls it after each packet, when all packets sent in
// response have been processed.
func (t *Table) Release() {
	for _, h := range t.handles {
		if h.ref != noRef {
			t.store(h.ref, &h.conn)
		}
	}
	t.spare = append(t.spare, t.handles...)
	clear(t.handles)
	t.handles = t.handles[:0]
}

// flush writes the connections in use to their records, and keeps them in use.
func (t *Table) flush() {
	for _, h := range t.handles {
		if h.ref != noRef {
			t.store(h.ref, &h.conn)
		}
	}
}

// expires returns when the connection of a record expires, in nanoseconds.
func (t *Table) expires(ref uint32) int64 {
	if h := t.inUse(ref); h != nil {
		return nanos(h.conn.Expires)
	}
	return t.records.at(ref).expires
}
