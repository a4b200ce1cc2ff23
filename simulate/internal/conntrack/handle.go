package conntrack

import "github.com/packetpath/packetpath/netfilter"

// handle is a connection in use: of a packet on its way, which has it changed
// through the pointer to conn. Until Release it counts in place of its record.
type handle struct {
	conn netfilter.Conn
	ref  uint32  // of its record; noRef if it has none
	tcp  tcpConn // what conn.Proto points to, if it is a TCP connection
	udp  udpConn
}

// use returns the connection of a record for use.
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

// newHandle returns a handle of no record.
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

// handleOf returns the handle of a connection that the table gave out, nil for
// any other.
func (t *Table) handleOf(c *netfilter.Conn) *handle {
	for _, h := range t.handles {
		if &h.conn == c {
			return h
		}
	}
	return nil
}

// Release ends the use of the connections that the table gave out: they must not
// be looked at any more. A session does so behind each packet, when all that it
// brought about is done.
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

// flush writes what is in use to the records, and leaves it in use.
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
