package ipset

import "time"

// outcome is the result of a lookup.
type outcome uint8

const (
	miss    outcome = iota
	hit             // an entry
	noMatch         // an entry with nomatch
)

// lookup is a search for an element.
type lookup struct {
	now   time.Duration
	bytes uint64       // of the packet that is counted
	count bool         // count the packet in the entry that is found
	want  *CounterTest // what the counters must be; nil: anything
	info  *Entry       // the entry found, if its set has skbinfo
}

// CounterTest is a condition on the counters of an entry, the packet included.
type CounterTest struct{ Packets, Bytes Comparison }

// Comparison compares a counter with a value.
type Comparison struct {
	Op    CompareOp
	Value uint64
}

// CompareOp is the operator with which a counter is compared. The zero value is
// no comparison.
type CompareOp uint8

// The comparisons (include/uapi/linux/netfilter/ipset/ip_set.h, enum
// IPSET_COUNTER_*).
const (
	CompareNone CompareOp = iota
	CompareEQ
	CompareNE
	CompareLT
	CompareGT
)

func (c Comparison) holds(v uint64) bool {
	switch c.Op {
	case CompareEQ:
		return v == c.Value
	case CompareNE:
		return v != c.Value
	case CompareLT:
		return v < c.Value
	case CompareGT:
		return v > c.Value
	}
	return true
}

// meets reports whether the entry satisfies the conditions of the lookup
// (ip_set_core.c, ip_set_match_extensions). The packet is counted first.
func (l *lookup) meets(s *Set, e *Entry) bool {
	if s.expired(e, l.now) {
		return false
	}
	if s.Counters {
		if l.count {
			e = s.writable(e)
			e.Packets++
			e.Bytes += l.bytes
		}
		if l.want != nil && !(l.want.Packets.holds(e.Packets) && l.want.Bytes.holds(e.Bytes)) {
			return false
		}
	}
	if s.SKBInfo {
		l.info = e
	}
	return true
}

// exact looks for an element as it is.
func (l *lookup) exact(s *Set, e *Element) outcome {
	if entry := s.lookUp(s.Type.identity(*e)); entry != nil && l.meets(s, entry) {
		return entry.outcome()
	}
	return miss
}

func (e *Entry) outcome() outcome {
	if e.NoMatch {
		return noMatch
	}
	return hit
}

// network looks for an element of a type with one network. Among entries that
// differ only in their interface the first that matches decides. The result
// more reports whether shorter prefixes are to be tried after a miss; the
// kernel does not try them if the last entry of the network has another
// interface (ip_set_hash_gen.h, mtype_test_cidrs).
func (l *lookup) network(s *Set, e *Element) (o outcome, more bool) {
	if s.Type != HashNetIface {
		return l.exact(s, e), true
	}
	more = true
	for _, entry := range s.bucketOf(e) {
		switch {
		case entry == nil || s.expired(entry, l.now):
		case !entry.sameIface(e.Iface):
			more = false
		case l.meets(s, entry):
			return entry.outcome(), true
		default:
			more = true
		}
	}
	return miss, more
}

// test looks up an element: in a type with networks, all networks that could
// contain the address, longest prefix first; in other types, the element itself
// (mtype_test).
func (l *lookup) test(s *Set, e *Element) outcome {
	n := s.Type.networks()
	host := s.hostBits()
	if n == 0 || n == 1 && *s.networkBits(e) != host || n == 2 && (e.Bits != host || e.Bits2 != host) {
		o, _ := l.network(s, e)
		return o
	}
	if n == 2 {
		return l.testPairs(s, e)
	}
	for _, bits := range s.lengths[0].list {
		probe := *e
		*s.networkBits(&probe) = bits
		s.cut(&probe)
		if o, more := l.network(s, &probe); o != miss || !more {
			return o
		}
	}
	return miss
}

func (l *lookup) testPairs(s *Set, e *Element) outcome {
	for _, bits := range s.lengths[0].list {
		for _, bits2 := range s.lengths[1].list {
			probe := *e
			probe.Bits, probe.Bits2 = bits, bits2
			s.cut(&probe)
			if o := l.exact(s, &probe); o != miss {
				return o
			}
		}
	}
	return miss
}

// networkBits returns the prefix length of the only network of an element.
func (s *Set) networkBits(e *Element) *uint8 {
	if s.Type.info().parts[0] == partNet {
		return &e.Bits
	}
	return &e.Bits2
}

// cut clears the host bits of both addresses.
func (s *Set) cut(e *Element) {
	e.IP = cut(e.IP, e.Bits)
	if e.IP2.IsValid() {
		e.IP2 = cut(e.IP2, e.Bits2)
	}
}
