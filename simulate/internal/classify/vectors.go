package classify

import "math/bits"

// vectors finds the wide rules all of whose conditions hold, block by block.
type vectors struct {
	n      int
	views  []view
	order  []int     // of the views: those that leave fewest rules first
	sparse [][]int32 // lists of all views; those of one stand together
	dense  []*vector // vectors of all views, likewise

	block int        // whose words are in acc; -1 for none
	live  uint64     // the words of acc that are not 0
	acc   [64]uint64 // rules of the block
}

// view refers to the vectors of one axis that apply to the packet.
type view struct {
	free                 *vector
	count                int // number of rules that they allow
	sparseFrom, sparseTo int
	denseFrom, denseTo   int
}

// blockSize is the number of rules of a block, which has as many words as a word has bits.
const blockSize = 64 * 64

func (c *vectors) begin(x *Index, k *Key) {
	c.n, c.block = len(x.wides), -1
	c.views, c.order, c.sparse, c.dense = c.views[:0], c.order[:0], c.sparse[:0], c.dense[:0]
	for i := range x.wide {
		c.look(&x.wide[i], k)
		// Insertion sort, because there are few.
		c.order = append(c.order, i)
		for j := i; j > 0 && c.views[c.order[j]].count < c.views[c.order[j-1]].count; j-- {
			c.order[j], c.order[j-1] = c.order[j-1], c.order[j]
		}
	}
}

// look finds the nodes that hold the packet's value.
func (c *vectors) look(a *wideAxis, k *Key) {
	v := view{free: &a.free, count: a.frees, sparseFrom: len(c.sparse), denseFrom: len(c.dense)}
	for at := a.path[a.find(k.on(a.dimension))]; at != none; at = a.nodes[at].up {
		rules := a.nodes[at].rules
		v.count += len(rules)
		if a.dense[at].words != nil {
			c.dense = append(c.dense, &a.dense[at])
		} else {
			c.sparse = append(c.sparse, rules)
		}
	}
	v.sparseTo, v.denseTo = len(c.sparse), len(c.dense)
	c.views = append(c.views, v)
}

// first returns the first rule from rule i on that all axes leave; n if there is
// none.
func (c *vectors) first(i int) int {
	for i < c.n {
		if b := i / blockSize; b != c.block {
			c.fill(b)
		}
		word := i % blockSize / 64
		if rest := c.acc[word] >> (i & 63); c.live&(1<<word) != 0 && rest != 0 {
			return i + bits.TrailingZeros64(rest)
		}
		if later := c.live >> word >> 1; later != 0 {
			i = c.block*blockSize + (word+1+bits.TrailingZeros64(later))*64
			continue
		}
		i = (c.block + 1) * blockSize
	}
	return c.n
}

// fill ANDs the axes over a block.
func (c *vectors) fill(block int) {
	c.block = block
	words := min((c.n+63)/64-block*64, 64)
	c.live = ^uint64(0) >> (64 - words)
	for i := range words {
		c.acc[i] = ^uint64(0)
	}
	if last := c.n - block*blockSize; last < blockSize && last&63 != 0 {
		c.acc[words-1] = 1<<(last&63) - 1
	}
	for _, i := range c.order {
		if c.and(&c.views[i]); c.live == 0 {
			return
		}
	}
}

// and leaves of the block the rules that an axis leaves.
func (c *vectors) and(v *view) {
	var has [64]uint64
	from := c.block * 64
	copy(has[:], v.free.words[from:])
	some := v.free.summary[c.block]
	for _, d := range c.dense[v.denseFrom:v.denseTo] {
		for i, w := range d.words[from:min(from+64, len(d.words))] {
			has[i] |= w
		}
		some |= d.summary[c.block]
	}
	some |= c.scatter(&has, v)
	live := uint64(0)
	for rest := c.live & some; rest != 0; rest &= rest - 1 {
		w := bits.TrailingZeros64(rest)
		if c.acc[w] &= has[w]; c.acc[w] != 0 {
			live |= 1 << w
		}
	}
	c.live = live
}

// scatter adds the lists of an axis to the words of a block and returns which
// words that were.
func (c *vectors) scatter(has *[64]uint64, v *view) (some uint64) {
	first, end := int32(c.block)*blockSize, int32(c.block+1)*blockSize
	lists := c.sparse[v.sparseFrom:v.sparseTo]
	for i, list := range lists {
		n := 0
		for n < len(list) && list[n] < end {
			if r := list[n] - first; r >= 0 {
				has[r>>6] |= 1 << (r & 63)
				some |= 1 << (r >> 6)
			}
			n++
		}
		lists[i] = list[n:]
	}
	return some
}
