package conntrack

// hasher returns the hash of the element that a reference refers to.
type hasher interface{ hash(ref uint32) uint64 }

// slots is a hash table of references with open addressing and linear probing. Its user
// compares and hashes the elements that the references refer to.
type slots struct {
	refs paged[uint32] // reference + 1; 0 is a free slot
	n    int
}

const slotBits = 12 // of a page

func newSlots() slots { return slots{refs: paged[uint32]{bits: slotBits}} }

func (s *slots) clone() slots { return slots{s.refs.clone(), s.n} }

// home returns the slot at which the search for a hash starts; none if the table is
// empty.
func (s *slots) home(hash uint64) uint32 {
	return uint32(hash>>32) & s.mask()
}

func (s *slots) mask() uint32 { return uint32(s.refs.n) - 1 }

// get returns the reference in a slot; false if it is free.
func (s *slots) get(slot uint32) (uint32, bool) {
	r := *s.refs.at(slot)
	return r - 1, r != 0
}

// set replaces the reference in a slot.
func (s *slots) set(slot, ref uint32) { *s.refs.edit(slot) = ref + 1 }

// next returns the following slot, wrapping around.
func (s *slots) next(slot uint32) uint32 { return (slot + 1) & s.mask() }

// add stores a reference in the first free slot from its home slot on.
func (s *slots) add(ref uint32, by hasher) {
	if 4*(s.n+1) > 3*s.refs.n {
		s.rehash(by)
	}
	s.place(ref, by.hash(ref))
	s.n++
}

func (s *slots) place(ref uint32, hash uint64) {
	slot := s.home(hash)
	for {
		if _, taken := s.get(slot); !taken {
			s.set(slot, ref)
			return
		}
		slot = s.next(slot)
	}
}

// rehash doubles the number of slots.
func (s *slots) rehash(by hasher) {
	old := s.refs
	s.refs = paged[uint32]{bits: slotBits}
	s.refs.resize(max(2*old.n, 8))
	for i := range old.pages {
		for _, r := range old.pages[i].items {
			if r != 0 {
				s.place(r-1, by.hash(r-1))
			}
		}
	}
}

// remove frees a slot and moves later references of the same probe sequences forward.
func (s *slots) remove(slot uint32, by hasher) {
	s.n--
	for at := s.next(slot); ; at = s.next(at) {
		ref, taken := s.get(at)
		if !taken {
			break
		}
		// A reference must not be moved before its home slot.
		if home := s.home(by.hash(ref)); (at-home)&s.mask() >= (at-slot)&s.mask() {
			s.set(slot, ref)
			slot = at
		}
	}
	*s.refs.edit(slot) = 0
}

// reset empties the slots.
func (s *slots) reset() {
	s.n = 0
	if s.refs.n > 1<<slotBits || len(s.refs.pages) > 0 && s.refs.pages[0].shared {
		s.refs.pages, s.refs.n = nil, 0
		return
	}
	for i := range s.refs.pages {
		clear(s.refs.pages[i].items)
	}
}
