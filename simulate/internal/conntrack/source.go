package conntrack

import (
	"iter"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
)

// source is what translated connections are found by when a further one from
// the same source is to be translated alike (nf_nat_core.c, hash_by_src).
type source struct {
	addr  netip.Addr
	port  uint16 // ICMP: the identifier
	proto uint8
	zone  uint16 // 0 if the zone does not hold for both directions
}

func sourceOf(t netfilter.Tuple, z Zone) source {
	s := source{addr: t.Src, port: t.SrcPort, proto: t.Proto}
	if z.Dir == 0 {
		s.zone = z.ID
	}
	return s
}

// SameSource yields the connections that come from the source of a tuple and
// whose source translation is decided, latest first (find_appropriate_src).
func (t *Table) SameSource(tuple netfilter.Tuple, z Zone) iter.Seq[*netfilter.Conn] {
	const d = netfilter.DirOriginal
	return func(yield func(*netfilter.Conn) bool) {
		for _, e := range slices.Backward(t.bySource[sourceOf(tuple, z)]) {
			if e.conn.Expires.After(t.now) && ZoneOf(e.conn).in(d) == z.in(d) && !yield(e.conn) {
				return
			}
		}
	}
}

func (t *Table) addSource(e *entry) {
	if e.conn.Status&netfilter.ConnSrcNATDone != 0 {
		s := sourceOf(e.conn.Tuples[netfilter.DirOriginal], ZoneOf(e.conn))
		t.bySource[s] = append(t.bySource[s], e)
	}
}

func (t *Table) dropSource(e *entry) {
	s := sourceOf(e.conn.Tuples[netfilter.DirOriginal], ZoneOf(e.conn))
	list := t.bySource[s]
	i := slices.Index(list, e)
	switch {
	case i < 0:
	case len(list) == 1:
		delete(t.bySource, s)
	default:
		t.bySource[s] = slices.Delete(list, i, i+1)
	}
}
