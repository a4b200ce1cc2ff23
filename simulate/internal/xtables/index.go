package xtables

import (
	"encoding/binary"
	"math"
	"sync"
	"sync/atomic"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/classify"
)

// An index skips rules of a chain that a packet cannot match. It does not change results,
// because the evaluation of those rules has no side effects, and they count for
// Walker.Work and Walker.Tallies as if they were evaluated.

// An IndexPolicy determines when indexes are used.
type IndexPolicy struct {
	From int // the length from which a chain has an index
	// After is the number of packets that traverse a chain before its index is built,
	// because that takes as long as evaluating all rules some hundred times.
	After int32
}

// DefaultIndexPolicy is the policy that measurements showed to be fastest.
var DefaultIndexPolicy = IndexPolicy{From: 24, After: 50}

// NoIndex disables indexes: all rules are evaluated.
var NoIndex = IndexPolicy{From: math.MaxInt}

// lazyIndex is an index that is built after a number of packets has traversed the chain.
type lazyIndex struct {
	passes atomic.Int32
	index  atomic.Pointer[classify.Index]
	making sync.Once
}

// of returns the index of the chain, nil if it has none yet.
func (l *lazyIndex) of(c *Chain, after int32) *classify.Index {
	if x := l.index.Load(); x != nil || l.passes.Add(1) <= after {
		return x
	}
	l.making.Do(func() {
		rules := make([]classify.Rule, len(c.rules))
		for i := range c.rules {
			rules[i] = c.rules[i].bounds()
		}
		l.index.Store(classify.New(rules))
	})
	return l.index.Load()
}

// bounds returns the conditions of a rule that can be told from the packet alone.
func (r *rule) bounds() classify.Rule {
	matches := make([]netfilter.Match, len(r.matches))
	for k := range r.matches {
		matches[k] = r.matches[k].Match
	}
	return classify.RuleOf(&r.source.Header, matches)
}

// next returns the first rule, from the frame's next one on, that must be evaluated; the
// number of rules if there is none.
func (w *Walker) next(at *frame) int {
	n := len(at.chain.rules)
	// For the first rules of a chain, evaluation is faster than an index.
	if n < w.Index.From || at.next < w.Index.From/3 || at.next >= n || at.judged || !w.indexable() {
		return at.next
	}
	if at.cursor != nil && at.edits == w.edits {
		return at.cursor.Next(at.next)
	}
	x := at.chain.index.of(at.chain, w.Index.After)
	if at.judged = x == nil; at.judged {
		return at.next
	}
	if at.cursor == nil {
		at.cursor = w.Cursors.take()
	}
	at.edits = w.edits
	at.cursor.Begin(x, &w.key.Key)
	return at.cursor.Next(at.next)
}

// skip advances the frame to the first rule that must be evaluated. It returns false if
// the rules before it exhaust Work, which ends the walk.
func (w *Walker) skip(t *Table, at *frame) bool {
	from := at.next
	at.next = w.next(at)
	n := int64(at.next - from)
	if n == 0 || w.Work == nil {
		return true
	}
	left := *w.Work
	if n <= left {
		*w.Work -= n
		return true
	}
	*w.Work = -1
	w.tally(at.chain, from, from+int(max(left, 0))+1, false)
	w.Recorder.Exhausted(t, at.chain)
	return false
}

// leave releases the cursor of the frame of a chain.
func (w *Walker) leave(at *frame) {
	if at.cursor != nil {
		w.Cursors.give(at.cursor)
		at.cursor = nil
	}
}

func (w *Walker) leaveAll(at *frame) {
	w.leave(at)
	for i := range w.stack {
		w.leave(&w.stack[i])
	}
	w.stack = w.stack[:0]
}

// packetKey is the lookup key of the packet for indexes.
type packetKey struct {
	classify.Key
	known bool // as of the last Refresh
	whole bool // bounds apply to the packet (netfilter.Bounded)
}

// indexable reports whether bounds apply to the packet (netfilter.Bounded), and computes
// its key.
func (w *Walker) indexable() bool {
	if !w.key.known {
		w.key.known = true
		w.key.whole = w.readKey()
	}
	return w.key.whole
}

// headerLen is the length of the transport header that bounded matches require.
func headerLen(proto uint8) int {
	switch proto {
	case packet.ProtoTCP:
		return 20
	case packet.ProtoSCTP, packet.ProtoDCCP:
		return 12
	}
	return 8
}

func (w *Walker) readKey() bool {
	t, k, c := &w.transport, &w.key, w.Context
	if !t.Found || t.FragOff != 0 {
		return false
	}
	k.Set(classify.Src, classify.Value{Hi: w.src.hi, Lo: w.src.lo})
	k.Set(classify.Dst, classify.Value{Hi: w.dst.hi, Lo: w.dst.lo})
	k.Set(classify.Proto, classify.Number(t.Proto))
	k.Set(classify.In, classify.Name(c.In))
	k.Set(classify.Out, classify.Name(c.Out))
	k.SetMark(c.Packet.Mark)
	var src, dst uint16
	if packet.HasPorts(t.Proto) {
		h := c.Packet.From(*t)
		if len(h) < headerLen(t.Proto) {
			return false
		}
		src, dst = binary.BigEndian.Uint16(h), binary.BigEndian.Uint16(h[2:])
	}
	k.Set(classify.SrcPort, classify.Number(src))
	k.Set(classify.DstPort, classify.Number(dst))
	return true
}

// Cursors is a free list of cursors. The zero value is empty. It must not be used by
// several goroutines at the same time.
type Cursors struct{ spare []*classify.Cursor }

func (c *Cursors) take() *classify.Cursor {
	if c == nil || len(c.spare) == 0 {
		return &classify.Cursor{}
	}
	last := len(c.spare) - 1
	cursor := c.spare[last]
	c.spare = c.spare[:last]
	return cursor
}

func (c *Cursors) give(cursor *classify.Cursor) {
	if c != nil {
		c.spare = append(c.spare, cursor)
	}
}
