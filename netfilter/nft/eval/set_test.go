package eval

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// randomElements draws ranges and single values of keys with fields of one byte
// in four, as concatenations have them.
func randomElements(r *rand.Rand, fieldCount, n int) []*element {
	list := make([]*element, n)
	for i := range list {
		e := &element{order: i}
		for range fieldCount {
			a, b := byte(r.IntN(8)), byte(r.IntN(8))
			if r.IntN(2) == 0 {
				b = a
			}
			e.from = append(e.from, min(a, b), 0, 0, 0)
			e.to = append(e.to, max(a, b), 0, 0, 0)
		}
		list[i] = e
	}
	return list
}

// The first element in the order of insertion that holds is found, whatever the
// finder does to find it.
func TestConcatFinder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := 1 + r.IntN(3)
		parts := make(fields, n)
		for i := range parts {
			parts[i] = 4
		}
		list := randomElements(r, n, 1+r.IntN(20))
		f := newConcatFinder(list, parts)
		for range 50 {
			var key []byte
			for range n {
				key = append(key, byte(r.IntN(8)), 0, 0, 0)
			}
			var want *element
			for _, e := range list {
				if e.holds(key, parts) {
					want = e
					break
				}
			}
			require.Same(t, want, f.find(key, always))
		}
	}
}

// always are the lifetimes of elements that do not expire.
var always = lifetimes{&State{}, &set{}, time.Time{}}

func TestIntervalFinder(t *testing.T) {
	f := newIntervalFinder([]*element{{from: []byte{40}, to: []byte{50}}, {from: []byte{10}, to: []byte{19}}, {from: []byte{20}}})
	for key, want := range map[byte]int{9: -1, 10: 0, 19: 0, 20: 1, 21: -1, 40: 2, 50: 2, 51: -1} {
		e := f.find([]byte{key}, always)
		if want < 0 {
			require.Nil(t, e, key)
			continue
		}
		require.Same(t, f[want], e, key)
	}
}

// setOf returns a table whose chain drops what is in the set and else adds the
// source to it.
func setOf(s *nft.Set, op nft.DynsetOp) *nft.Table {
	s.Name, s.Key = "s", nft.Type{Fields: []nft.Field{{Type: "ipv4_addr", Bits: 32}}}
	src := &nft.Payload{Base: nft.NetworkHeader, Offset: 12, Len: 4, Dest: r0}
	table := chainOf([]nft.Expr{src, &nft.Lookup{Set: nft.SetRef{Name: "s"}, Source: r0}, drop},
		[]nft.Expr{src, &nft.Dynset{Op: op, Set: nft.SetRef{Name: "s"}, Key: r0}})
	table.Sets = []*nft.Set{s}
	return table
}

func TestElementsExpire(t *testing.T) {
	b := newBench(t, setOf(&nft.Set{HasTimeout: true, Elements: []nft.Element{{Key: "\x0a\x00\x00\x01", Timeout: time.Minute}}}, nft.DynsetDelete), build(t, syn))
	v, _ := b.run()
	require.Equal(t, netfilter.Drop, v)
	b.engine.Clock = loaded.Add(time.Minute)
	v, _ = b.run()
	require.Equal(t, netfilter.Accept, v)
}

func TestRulesAddElements(t *testing.T) {
	b := newBench(t, setOf(&nft.Set{Dynamic: true, Timeout: time.Minute}, nft.DynsetAdd), build(t, syn))
	for i, want := range []netfilter.Verdict{netfilter.Accept, netfilter.Drop} {
		v, _ := b.run()
		require.Equal(t, want, v, i)
	}
	b.engine.Clock = loaded.Add(time.Hour)
	v, _ := b.run()
	require.Equal(t, netfilter.Accept, v, "the element has expired")
}

func TestFullSet(t *testing.T) {
	table := setOf(&nft.Set{Dynamic: true, Size: 1, Elements: []nft.Element{{Key: "\x0a\x00\x00\x09"}}}, nft.DynsetAdd)
	table.Chains[0].Rules[1].Exprs = append(table.Chains[0].Rules[1].Exprs, drop)
	v, _ := newBench(t, table, build(t, syn)).run()
	require.Equal(t, netfilter.Accept, v, "the rule broke")
}

func TestCatchAll(t *testing.T) {
	table := setOf(&nft.Set{Interval: true, Elements: []nft.Element{{Default: true}}}, nft.DynsetDelete)
	v, _ := newBench(t, table, build(t, syn)).run()
	require.Equal(t, netfilter.Drop, v)
}
