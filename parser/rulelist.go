package parser

import (
	"container/heap"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
)

// longChain is the minimum number of rules for which a chain is stored as a
// ruleList when rules are inserted or deleted within it.
const longChain = 64

// blockSize is the maximum number of rules in a block of a ruleList.
const blockSize = 512

// ruleList is the rules of a long chain in blocks, so that inserting, deleting
// and finding one does not move or compare all the others.
type ruleList struct {
	blocks []*block
	length int
	// byHash indexes rules by the hash of their text; nil until the first search.
	byHash map[uint64]*sameHash
	hash   ruleHash
	work   int // number of blocks and rules visited or moved
}

// block is a run of rules.
type block struct {
	index int // in ruleList.blocks
	items []*listed
}

// listed is a rule in a list.
type listed struct {
	rule  *netfilter.Rule
	block *block
	same  *sameHash // the rules with the same hash; nil until the first search
	place int       // index in that heap
}

// sameHash is a heap of rules with the same hash, ordered by position in the
// chain.
type sameHash []*listed

func newRuleList(rules []*netfilter.Rule) *ruleList {
	l := &ruleList{length: len(rules)}
	for part := range slices.Chunk(rules, blockSize/2) {
		b := &block{index: len(l.blocks), items: make([]*listed, 0, blockSize)}
		for _, r := range part {
			b.items = append(b.items, &listed{rule: r, block: b})
		}
		l.blocks = append(l.blocks, b)
	}
	return l
}

// rules returns the rules in their order.
func (l *ruleList) rules() []*netfilter.Rule {
	out := make([]*netfilter.Rule, 0, l.length)
	for _, b := range l.blocks {
		for _, it := range b.items {
			out = append(out, it.rule)
		}
	}
	return out
}

// locate returns the block of rule i and its index there. The position after
// the last rule is in the last block.
func (l *ruleList) locate(i int) (*block, int) {
	last := len(l.blocks) - 1
	l.work++
	for n, b := range l.blocks {
		if i < len(b.items) || n == last {
			return b, i
		}
		i -= len(b.items)
		l.work++
	}
	b := &block{}
	l.blocks = []*block{b}
	return b, 0
}

func (l *ruleList) at(i int) *netfilter.Rule {
	b, n := l.locate(i)
	return b.items[n].rule
}

func (l *ruleList) insert(i int, r *netfilter.Rule) {
	b, n := l.locate(i)
	it := &listed{rule: r, block: b}
	l.work += len(b.items) - n
	b.items = slices.Insert(b.items, n, it)
	l.length++
	if len(b.items) > blockSize {
		l.split(b)
	}
	l.note(it)
}

// split moves half of a block into a new one.
func (l *ruleList) split(b *block) {
	half := len(b.items) / 2
	next := &block{items: append(make([]*listed, 0, blockSize), b.items[half:]...)}
	clear(b.items[half:])
	b.items = b.items[:half]
	for _, it := range next.items {
		it.block = next
	}
	l.blocks = slices.Insert(l.blocks, b.index+1, next)
	l.number(b.index + 1)
}

// number updates the indices of the blocks from index from on.
func (l *ruleList) number(from int) {
	l.work += len(l.blocks) - from
	for i := from; i < len(l.blocks); i++ {
		l.blocks[i].index = i
	}
}

func (l *ruleList) delete(i int) {
	b, n := l.locate(i)
	l.remove(b, n)
}

func (l *ruleList) remove(b *block, n int) {
	b.items[n].forget()
	l.work += len(b.items) - n
	b.items = slices.Delete(b.items, n, n+1)
	l.length--
	if len(b.items) == 0 {
		l.blocks = slices.Delete(l.blocks, b.index, b.index+1)
		l.number(b.index)
	}
}

func (l *ruleList) replace(i int, r *netfilter.Rule) {
	b, n := l.locate(i)
	b.items[n].forget()
	it := &listed{rule: r, block: b}
	b.items[n] = it
	l.note(it)
}

// note adds a rule to the index.
func (l *ruleList) note(it *listed) {
	if l.byHash == nil {
		return
	}
	h := l.hash.of(it.rule)
	s := l.byHash[h]
	if s == nil {
		s = &sameHash{}
		l.byHash[h] = s
	}
	it.same = s
	heap.Push(s, it)
}

// forget removes a rule from the index.
func (it *listed) forget() {
	if it.same != nil {
		heap.Remove(it.same, it.place)
	}
}

// find returns the first rule equal to r and its position; nil if there is
// none.
func (l *ruleList) find(r *netfilter.Rule, same func(a, b *netfilter.Rule) bool) (*block, int) {
	if l.byHash == nil {
		l.byHash = make(map[uint64]*sameHash, l.length)
		for _, b := range l.blocks {
			for _, it := range b.items {
				l.note(it)
			}
		}
	}
	s := l.byHash[l.hash.of(r)]
	if s == nil || s.Len() == 0 {
		return nil, 0
	}
	if it := (*s)[0]; same(it.rule, r) {
		n := slices.Index(it.block.items, it)
		l.work += n + it.block.index
		return it.block, n
	}
	return l.scan(r, same) // a hash collision, or rules with the same text that differ
}

// scan compares every rule.
func (l *ruleList) scan(r *netfilter.Rule, same func(a, b *netfilter.Rule) bool) (*block, int) {
	l.work += l.length
	for _, b := range l.blocks {
		if n := slices.IndexFunc(b.items, func(it *listed) bool { return same(it.rule, r) }); n >= 0 {
			return b, n
		}
	}
	return nil, 0
}

// Len, Less, Swap, Push and Pop make a heap of the rules.
func (s sameHash) Len() int { return len(s) }

func (s sameHash) Less(i, j int) bool { return s[i].before(s[j]) }

func (s sameHash) Swap(i, j int) {
	s[i], s[j] = s[j], s[i]
	s[i].place, s[j].place = i, j
}

func (s *sameHash) Push(x any) {
	it := x.(*listed)
	it.place = len(*s)
	*s = append(*s, it)
}

func (s *sameHash) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

// before reports whether a rule precedes another one.
func (a *listed) before(b *listed) bool {
	if a.block != b.block {
		return a.block.index < b.block.index
	}
	return slices.Index(a.block.items, a) < slices.Index(a.block.items, b)
}
