package eval

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// set is a set or map as it is when the ruleset is loaded.
type set struct {
	index    int // in the state
	model    *nft.Set
	keyLen   int // bytes
	dataLen  int // bytes
	kind     nft.DataKind
	parts    fields
	interval bool
	timeout  time.Duration // 0: elements do not expire
	size     int           // maximum number of elements; 0: unlimited
	stateful []stateful    // stateful expressions of new elements, declared with the set
	elements []*element
	catchAll *element
	find     finder
}

// finder looks up a key among the elements present when the set was loaded.
type finder interface {
	// find returns the first element in the order of insertion that matches the key
	// and is there; nil if there is none.
	find(key []byte, l lifetimes) *element
}

// finish builds the index of a set whose elements are known.
func (s *set) finish() {
	var plain []*element
	for i, e := range s.elements {
		e.order = i
		if e.catchAll {
			s.catchAll = e
		} else {
			plain = append(plain, e)
		}
	}
	switch {
	case !s.interval:
		s.find = newExactFinder(plain)
	case len(s.parts) == 1:
		s.find = newIntervalFinder(plain)
	default:
		s.find = newConcatFinder(plain, s.parts)
	}
}

// exactFinder looks up elements of one value.
type exactFinder map[string]*element

func newExactFinder(elements []*element) exactFinder {
	f := make(exactFinder, len(elements))
	for _, e := range elements {
		if _, ok := f[string(e.from)]; !ok {
			f[string(e.from)] = e
		}
	}
	return f
}

func (f exactFinder) find(key []byte, l lifetimes) *element {
	if e := f[string(key)]; e != nil && l.has(e) {
		return e
	}
	return nil
}
