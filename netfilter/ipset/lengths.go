package ipset

import "slices"

// lengths are the prefix lengths of the networks in a set, longest first
// (ip_set_hash_gen.h, mtype_add_cidr).
type lengths struct {
	list  []uint8
	count map[uint8]int
}

func (l *lengths) add(n uint8, by int) {
	if l.count == nil {
		l.count = map[uint8]int{}
	}
	before := l.count[n]
	l.count[n] = before + by
	switch {
	case before == 0:
		i, _ := slices.BinarySearchFunc(l.list, n, func(a, b uint8) int { return int(b) - int(a) })
		l.list = slices.Insert(l.list, i, n)
	case before+by == 0:
		l.list = slices.DeleteFunc(l.list, func(m uint8) bool { return m == n })
	}
}

// longest returns the longest prefix length, or otherwise if there is none.
func (l *lengths) longest(otherwise uint8) uint8 {
	if len(l.list) == 0 {
		return otherwise
	}
	return l.list[0]
}

// countLengths counts the networks of an entry.
func (s *Set) countLengths(e *Entry, by int) {
	n := 0
	for i, p := range s.Type.info().parts {
		if p == partNet {
			bits := e.Bits
			if i > 0 {
				bits = e.Bits2
			}
			s.lengths[n].add(bits, by)
			n++
		}
	}
}
