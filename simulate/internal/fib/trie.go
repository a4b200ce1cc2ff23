package fib

// trie is a path-compressed binary tree of prefixes. Values sit at nodes; every
// node knows the nearest ancestor that has one, so a search that is not content
// with the longest match walks up prefix by prefix, as the kernel's do.
type trie[T any] struct {
	nodes []trieNode
	vals  []T
}

type trieNode struct {
	key   bitkey // bits beyond plen are zero
	plen  int16
	val   int32 // index into vals, -1 for a mere fork
	up    int32 // nearest ancestor with a value, -1 for none
	child [2]int32
}

const none = -1

// at returns the value of a prefix, adding it if needed. The pointer is good
// until the next call. seal must follow the last call.
func (t *trie[T]) at(k bitkey, plen int) *T {
	n := t.insert(k, plen)
	nd := &t.nodes[n]
	if nd.val == none {
		nd.val = int32(len(t.vals))
		var zero T
		t.vals = append(t.vals, zero)
	}
	return &t.vals[nd.val]
}

func (t *trie[T]) add(k bitkey, plen int) int32 {
	t.nodes = append(t.nodes, trieNode{key: k, plen: int16(plen), val: none, up: none, child: [2]int32{none, none}})
	return int32(len(t.nodes) - 1)
}

// insert returns the node of a prefix.
func (t *trie[T]) insert(k bitkey, plen int) int32 {
	if len(t.nodes) == 0 {
		t.add(bitkey{}, 0) // the root is always 0/0
	}
	n := int32(0)
	for {
		nd := t.nodes[n]
		if plen == int(nd.plen) {
			return n
		}
		b := k.bit(int(nd.plen))
		c := nd.child[b]
		if c == none {
			leaf := t.add(k, plen)
			t.nodes[n].child[b] = leaf
			return leaf
		}
		child := t.nodes[c]
		share := min(k.common(child.key), plen, int(child.plen))
		if share == int(child.plen) {
			n = c
			continue
		}
		return t.split(n, b, c, k, plen, share)
	}
}

// split puts a node between n and its child c where their prefixes part from
// k/plen after share bits, and returns the node of k/plen.
func (t *trie[T]) split(n int32, b int, c int32, k bitkey, plen, share int) int32 {
	mid := t.add(k.masked(share), share)
	t.nodes[n].child[b] = mid
	t.nodes[mid].child[t.nodes[c].key.bit(share)] = c
	if share == plen {
		return mid
	}
	leaf := t.add(k, plen)
	t.nodes[mid].child[k.bit(share)] = leaf
	return leaf
}

// masked clears all but the first n bits.
func (k bitkey) masked(n int) bitkey {
	switch {
	case n <= 0:
		return bitkey{}
	case n < 64:
		return bitkey{hi: k.hi &^ (^uint64(0) >> n)}
	case n == 64:
		return bitkey{hi: k.hi}
	case n < 128:
		return bitkey{k.hi, k.lo &^ (^uint64(0) >> (n - 64))}
	}
	return k
}

// seal forgets empty values and fills in the up links. It reports whether any
// value is left.
func (t *trie[T]) seal(empty func(*T) bool) bool {
	left := false
	for i := range t.nodes {
		if nd := &t.nodes[i]; nd.val != none {
			if empty(&t.vals[nd.val]) {
				nd.val = none
			} else {
				left = true
			}
		}
	}
	t.link()
	return left
}

func (t *trie[T]) link() {
	type job struct{ node, up int32 }
	if len(t.nodes) == 0 {
		return
	}
	work := []job{{0, none}}
	for len(work) > 0 {
		j := work[len(work)-1]
		work = work[:len(work)-1]
		nd := &t.nodes[j.node]
		nd.up = j.up
		up := j.up
		if nd.val != none {
			up = j.node
		}
		for _, c := range nd.child {
			if c != none {
				work = append(work, job{c, up})
			}
		}
	}
}

// find returns the node with the longest prefix of k that has a value, or none.
// width is the number of bits of k.
func (t *trie[T]) find(k bitkey, width int) int32 {
	best := int32(none)
	if len(t.nodes) == 0 {
		return best
	}
	for n := int32(0); n != none; {
		nd := &t.nodes[n]
		if k.common(nd.key) < int(nd.plen) {
			break
		}
		if nd.val != none {
			best = n
		}
		if int(nd.plen) == width {
			break
		}
		n = nd.child[k.bit(int(nd.plen))]
	}
	return best
}

func (t *trie[T]) val(n int32) *T { return &t.vals[t.nodes[n].val] }
func (t *trie[T]) up(n int32) int32 {
	return t.nodes[n].up
}
