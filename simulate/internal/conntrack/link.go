package conntrack

import "github.com/packetpath/packetpath/netfilter"

// link inserts a connection whose tuples are not in use; both reports whether it is
// inserted with its original tuple as well as with its reply tuple.
func (t *Table) link(c *netfilter.Conn, both bool) {
	ref := t.newRecord()
	t.storeTuples(ref, c)
	t.store(ref, c)
	if h := t.handleOf(c); h != nil {
		h.ref = ref
	}
	r := t.records.edit(ref)
	r.prev, r.next, r.older, r.newer = t.last, noRef, noRef, noRef
	if t.last != noRef {
		t.records.edit(t.last).next = ref
	} else {
		t.first = ref
	}
	t.last = ref
	t.byTuple.add(ref<<1|uint32(netfilter.DirReply), (*tupleHasher)(t))
	if both {
		t.byTuple.add(ref<<1|uint32(netfilter.DirOriginal), (*tupleHasher)(t))
	}
	if c.Status&netfilter.ConnSrcNATDone != 0 {
		t.addSource(ref)
	}
}

// tupleHasher hashes the references in byTuple.
type tupleHasher Table

func (t *tupleHasher) hash(r uint32) uint64 {
	k := t.records.at(r >> 1).key(netfilter.Direction(r & 1))
	return k.hash()
}

func (t *Table) newRecord() uint32 {
	if t.free == noRef {
		return t.records.grow()
	}
	ref := t.free
	r := t.records.edit(ref)
	t.free = r.next
	*r = record{}
	return ref
}

// unlink removes a record from the indexes.
func (t *Table) unlink(ref uint32) {
	r := t.records.edit(ref)
	for d := netfilter.DirOriginal; d <= netfilter.DirReply; d++ {
		k := r.key(d)
		if slot, found, ok := t.slot(&k); ok && found == ref {
			t.byTuple.remove(slot, (*tupleHasher)(t))
		}
	}
	t.dropSource(ref, r)
	if r.prev != noRef {
		t.records.edit(r.prev).next = r.next
	} else {
		t.first = r.next
	}
	if r.next != noRef {
		t.records.edit(r.next).prev = r.prev
	} else {
		t.last = r.prev
	}
	if r.extra != 0 {
		*t.extras.edit(r.extra - 1) = extra{}
		t.freeExtras = append(t.freeExtras, r.extra-1)
	}
	*r = record{next: t.free}
	t.free = ref
}
