package conntrack

import (
	"iter"

	"github.com/packetpath/packetpath/netfilter"
)

// sourceOf returns the key of bySource, by which existing translated connections from
// the same source are found: the source of a key, and the zone if it applies to both
// directions (nf_nat_core.c, hash_by_src).
func sourceOf(k *key, z Zone) key {
	s := key{src: k.src, srcPort: k.srcPort, proto: k.proto, six: k.six}
	if z.Dir == netfilter.ZoneBoth {
		s.zone = z.ID
	}
	return s
}

// source returns the key of a record in bySource.
func (r *record) source() key {
	k := r.key(netfilter.DirOriginal)
	return sourceOf(&k, Zone{r.zone, r.zoneDir})
}

// sourceHasher hashes the references in bySource.
type sourceHasher Table

func (t *sourceHasher) hash(ref uint32) uint64 {
	k := t.records.at(ref).source()
	return k.hash()
}

// sourceSlot returns the slot of a source in bySource; false if there is none.
func (t *Table) sourceSlot(k *key) (slot, ref uint32, ok bool) {
	if t.bySource.n == 0 {
		return 0, noRef, false
	}
	for slot = t.bySource.home(k.hash()); ; slot = t.bySource.next(slot) {
		ref, ok = t.bySource.get(slot)
		if !ok {
			return 0, noRef, false
		}
		if t.records.at(ref).source() == *k {
			return slot, ref, true
		}
	}
}

// SameSource yields the connections with the source of a tuple whose source translation
// is set up, latest first (find_appropriate_src). Expired ones are removed.
func (t *Table) SameSource(tuple netfilter.Tuple, z Zone) iter.Seq[*netfilter.Conn] {
	const d = netfilter.DirOriginal
	return func(yield func(*netfilter.Conn) bool) {
		k := keyOf(&tuple, z.in(d), d)
		source := sourceOf(&k, z)
		_, ref, _ := t.sourceSlot(&source)
		for ref != noRef {
			r := t.records.at(ref)
			older := r.older
			switch {
			case t.expires(ref) <= nanos(t.now):
				t.kill(ref)
			case r.key(d).zone == k.zone && !yield(t.use(ref)):
				return
			}
			ref = older
		}
	}
}

// addSource inserts a record at the head of the list of its source.
func (t *Table) addSource(ref uint32) {
	r := t.records.edit(ref)
	r.sourced = true
	k := r.source()
	slot, latest, ok := t.sourceSlot(&k)
	if !ok {
		t.bySource.add(ref, (*sourceHasher)(t))
		return
	}
	r.older = latest
	t.records.edit(latest).newer = ref
	t.bySource.set(slot, ref)
}

// dropSource removes a record from the list of its source.
func (t *Table) dropSource(ref uint32, r *record) {
	if !r.sourced {
		return
	}
	if r.older != noRef {
		t.records.edit(r.older).newer = r.newer
	}
	if r.newer != noRef {
		t.records.edit(r.newer).older = r.older
		return
	}
	k := r.source()
	slot, _, _ := t.sourceSlot(&k)
	if r.older == noRef {
		t.bySource.remove(slot, (*sourceHasher)(t))
	} else {
		t.bySource.set(slot, r.older)
	}
}
