package classify

import "slices"

// Cursor iterates over the rules of an index that a packet can match. The zero value is
// ready for Begin, which may be called again for another packet or index; a reused cursor
// allocates only if it must grow.
type Cursor struct {
	x      *Index
	listed []int32 // the narrow rules to be evaluated, in order
	next   int     // index in listed
	wide   int     // the wide rule to be evaluated next, as an index in Index.wides
	vectors
}

// fewRules is the number of wide rules up to which all of them are yielded.
const fewRules = 24

// Begin prepares the cursor for a packet.
func (c *Cursor) Begin(x *Index, k *Key) {
	c.x = x
	c.listed, c.next = c.listed[:0], 0
	for i := range x.narrow {
		a := &x.narrow[i]
		for at := a.path[a.find(k.on(a.dimension))]; at != none; at = a.nodes[at].up {
			c.listed = append(c.listed, a.nodes[at].rules...)
		}
	}
	slices.Sort(c.listed)
	c.wide = 0
	if len(x.wides) > fewRules {
		c.begin(x, k)
		c.wide = c.first(0)
	}
}

// Next returns the first rule from rule i on that must be evaluated; Len of the index if
// there is none. Successive calls must not decrease i.
func (c *Cursor) Next(i int) int {
	for c.next < len(c.listed) && int(c.listed[c.next]) < i {
		c.next++
	}
	next := c.x.n
	if c.next < len(c.listed) {
		next = int(c.listed[c.next])
	}
	for c.wide < len(c.x.wides) && int(c.x.wides[c.wide]) < i {
		c.wide++
		if len(c.x.wides) > fewRules {
			c.wide = c.first(c.wide)
		}
	}
	if c.wide < len(c.x.wides) {
		next = min(next, int(c.x.wides[c.wide]))
	}
	return next
}
