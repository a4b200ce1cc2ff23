package ipset

import (
	"iter"
	"maps"
	"slices"
)

// token identifies the owner of an entry, a bucket or a set in copy-on-write:
// only the Sets or store with the same token may modify it; others must copy it
// first.
type token struct{ _ byte }

// smallChange is the number of changes that a copy may hold without being
// merged, regardless of the size of its base.
const smallChange = 64

// cowSlice is a slice with copy-on-write: copies share unchanged elements, so
// that the cost of a copy does not depend on its length. The zero value is
// empty.
type cowSlice[T any] struct {
	base    []T
	sealed  bool      // base is shared and read-only
	changed map[int]T // elements in place of those of base
	tail    []T       // elements after those of base
}

func (s *cowSlice[T]) len() int { return len(s.base) + len(s.tail) }

func (s *cowSlice[T]) at(i int) T {
	if i >= len(s.base) {
		return s.tail[i-len(s.base)]
	}
	if v, ok := s.changed[i]; ok {
		return v
	}
	return s.base[i]
}

func (s *cowSlice[T]) set(i int, v T) {
	switch {
	case i >= len(s.base):
		s.tail[i-len(s.base)] = v
	case !s.sealed:
		s.base[i] = v
	default:
		if s.changed == nil {
			s.changed = map[int]T{}
		}
		s.changed[i] = v
	}
}

func (s *cowSlice[T]) push(v T) {
	if s.sealed {
		s.tail = append(s.tail, v)
	} else {
		s.base = append(s.base, v)
	}
}

// seal makes the slice ready to be copied. If many elements have changed since
// the last seal, the changes are merged into base.
func (s *cowSlice[T]) seal() {
	if n := len(s.changed) + len(s.tail); n > smallChange && n > len(s.base)/8 {
		merged := make([]T, s.len())
		for i := range merged {
			merged[i] = s.at(i)
		}
		*s = cowSlice[T]{base: merged}
	}
	s.sealed = true
}

// clone returns an independent copy of a sealed slice.
func (s *cowSlice[T]) clone() cowSlice[T] {
	return cowSlice[T]{base: s.base, sealed: true, changed: maps.Clone(s.changed), tail: slices.Clone(s.tail)}
}

// cowMap is a map with copy-on-write: copies share unchanged entries. A key
// whose value is the zero value is not in the map. The zero value is empty.
type cowMap[K, V comparable] struct {
	base    map[K]V
	sealed  bool    // base is shared and read-only
	changed map[K]V // values in place of those of base
}

func (m *cowMap[K, V]) get(k K) V {
	if v, ok := m.changed[k]; ok {
		return v
	}
	return m.base[k]
}

func (m *cowMap[K, V]) set(k K, v V) {
	var zero V
	switch {
	case m.sealed:
		if m.changed == nil {
			m.changed = map[K]V{}
		}
		m.changed[k] = v
	case v == zero:
		delete(m.base, k)
	default:
		if m.base == nil {
			m.base = map[K]V{}
		}
		m.base[k] = v
	}
}

// all yields the keys in the map, in no order, with their values.
func (m *cowMap[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		var zero V
		for k, v := range m.changed {
			if v != zero && !yield(k, v) {
				return
			}
		}
		for k, v := range m.base {
			if _, ok := m.changed[k]; !ok && !yield(k, v) {
				return
			}
		}
	}
}

// seal makes the map ready to be copied.
func (m *cowMap[K, V]) seal() {
	if n := len(m.changed); n > smallChange && n > len(m.base)/8 {
		merged := cowMap[K, V]{base: maps.Clone(m.base)}
		for k, v := range m.changed {
			merged.set(k, v)
		}
		*m = merged
	}
	m.sealed = true
}

// clone returns an independent copy of a sealed map.
func (m *cowMap[K, V]) clone() cowMap[K, V] {
	return cowMap[K, V]{base: m.base, sealed: true, changed: maps.Clone(m.changed)}
}
