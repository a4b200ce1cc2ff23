// Package conncount counts connections as connlimit and "ct count" do
// (net/netfilter/nf_conncount.c).
package conncount

import (
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// List holds the connections that were counted. The zero value is empty.
type List struct {
	entries []Entry
	last    uint64 // serial number of the packet that was added last
}

// Entry is a connection in a list, by its opening tuple and its zone.
type Entry struct {
	netfilter.Tuple
	Zone    uint16
	ZoneDir netfilter.ZoneDirection
}

// Clone returns an independent copy.
func (l *List) Clone() List { return List{slices.Clone(l.entries), l.last} }

// Subject returns the packet's connection, nil if it has none, and its entry;
// false if the packet cannot be counted.
func Subject(c *netfilter.Context) (*netfilter.Conn, Entry, bool) {
	conn := c.Conn
	e := Entry{}
	if conn == nil {
		var ok bool
		if e.Tuple, ok = c.Engine.Tuple(); !ok {
			return nil, e, false
		}
		conn = c.Engine.FindConn(e.Tuple, 0, 0)
	}
	if conn != nil {
		e = Entry{conn.Tuples[netfilter.DirOriginal], conn.Zone, conn.ZoneDir}
	}
	return conn, e, true
}

// Add adds the packet's connection unless it is present, and returns the number
// of connections; false if the packet cannot be counted.
//
// The kernel does not check for duplicates again within one jiffy, and so may
// count a connection twice. This is modelled only for two rules that count one
// packet in the same list; every packet is treated as if it came in a later
// jiffy than the one before.
func (l *List) Add(c *netfilter.Context) (int, bool) {
	conn, e, ok := Subject(c)
	if !ok {
		return 0, false
	}
	return l.AddEntry(c, conn, e), true
}

// AddEntry is like Add, for an entry returned by Subject.
func (l *List) AddEntry(c *netfilter.Context, conn *netfilter.Conn, e Entry) int {
	const tracked = netfilter.ConnConfirmed | netfilter.ConnAssured
	assured := conn != nil && conn.Status&tracked == tracked
	if l.last == c.Serial && c.Serial != 0 && !assured {
		l.entries = append(l.entries, e)
		return len(l.entries)
	}
	found := l.sweep(c, e, assured)
	if !found && (!assured || len(l.entries) == 0) {
		l.entries = append(l.entries, e)
		l.last = c.Serial
	}
	return len(l.entries)
}

// maxGone is the maximum number of entries removed at once
// (CONNCOUNT_GC_MAX_NODES).
const maxGone = 64

// sweep removes entries whose connections no longer exist or are closed. It
// stops at the entry of the packet's connection, except for an assured
// connection, which is not added again and whose entry is removed like others
// (__nf_conncount_add, nf_conncount_gc_list).
func (l *List) sweep(c *netfilter.Context, e Entry, assured bool) (found bool) {
	kept := l.entries[:0]
	gone := 0
	for i, old := range l.entries {
		if gone > maxGone {
			kept = append(kept, l.entries[i:]...)
			break
		}
		conn := c.Engine.FindConn(old.Tuple, old.Zone, old.ZoneDir)
		if conn != nil && !assured && old == e {
			kept = append(kept, l.entries[i:]...)
			found = true
			break
		}
		if conn == nil || closed(conn) {
			gone++
			continue
		}
		kept = append(kept, old)
	}
	l.entries = kept
	return found
}

// closed reports whether a connection no longer counts (already_closed).
func closed(conn *netfilter.Conn) bool {
	if conn.Tuples[netfilter.DirOriginal].Proto != packet.ProtoTCP || conn.Proto == nil {
		return false
	}
	state := conn.Proto.String()
	return state == "TIME_WAIT" || state == "CLOSE"
}
