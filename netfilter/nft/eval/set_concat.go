package eval

// concatFinder looks up elements that are ranges of several fields. The first
// match in the order of insertion is used (net/netfilter/nft_set_pipapo.c).
// Elements are grouped by the set of fields that are single values: these
// fields are looked up in a hash table, the others are compared.
type concatFinder struct {
	parts  fields
	groups []concatGroup
}

// concatGroup holds the elements that have single values in the same fields.
type concatGroup struct {
	single []bool // by field
	lists  map[string][]*element
}

func newConcatFinder(elements []*element, parts fields) *concatFinder {
	f := &concatFinder{parts: parts}
	index := map[string]int{}
	for _, e := range elements {
		single := singleFields(e, parts)
		name := string(e.maskKey(single))
		at, ok := index[name]
		if !ok {
			at = len(f.groups)
			index[name] = at
			f.groups = append(f.groups, concatGroup{single: single, lists: map[string][]*element{}})
		}
		g := &f.groups[at]
		key := string(g.appendKey(nil, e.from, parts))
		g.lists[key] = append(g.lists[key], e)
	}
	return f
}

// singleFields reports which fields of an element are single values.
func singleFields(e *element, parts fields) []bool {
	single := make([]bool, len(parts))
	at := 0
	for i, n := range parts {
		single[i] = e.to == nil || string(e.from[at:at+n]) == string(e.to[at:at+n])
		at += n
	}
	return single
}

func (e *element) maskKey(single []bool) []byte {
	b := make([]byte, len(single))
	for i, s := range single {
		b[i] = boolByte(s)
	}
	return b
}

// appendKey appends those parts of a key that are single values in the group.
func (g *concatGroup) appendKey(b, key []byte, parts fields) []byte {
	at := 0
	for i, n := range parts {
		if g.single[i] {
			b = append(b, key[at:at+n]...)
		}
		at += n
	}
	return b
}

func (f *concatFinder) find(key []byte, l lifetimes) *element {
	var buf [registerBytes]byte
	var best *element
	for i := range f.groups {
		g := &f.groups[i]
		for _, e := range g.lists[string(g.appendKey(buf[:0], key, f.parts))] {
			if best != nil && e.order > best.order {
				break
			}
			if e.holds(key, f.parts) && l.has(e) {
				best = e
				break
			}
		}
	}
	return best
}
