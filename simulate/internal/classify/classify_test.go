package classify_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/classify"
)

// drawn is a rule's conditions in a form that is easily checked.
type drawn struct {
	fields map[classify.Field][]classify.Span
	invert map[classify.Field]bool
	mark   *struct{ value, mask uint32 }
}

func (d *drawn) rule() classify.Rule {
	var r classify.Rule
	for f, spans := range d.fields {
		in := classify.Union(append([]classify.Span(nil), spans...)...)
		if d.invert[f] {
			in = in.Not()
		}
		r.Limit(f, in)
	}
	if d.mark != nil {
		v := classify.Number(d.mark.value)
		r.LimitMark(d.mark.mask, classify.Union(classify.Span{First: v, Last: v}))
	}
	return r
}

// values are few, so that spans touch and overlap and packets hit their ends.
func value(r *rand.Rand) classify.Value {
	v := classify.Value{Hi: uint64(r.IntN(3)), Lo: uint64(r.IntN(40))}
	switch r.IntN(20) {
	case 0:
		return classify.Max
	case 1:
		v.Lo = ^uint64(0)
	}
	return v
}

func before(a, b classify.Value) bool { return a.Hi < b.Hi || a.Hi == b.Hi && a.Lo < b.Lo }

func draw(r *rand.Rand) *drawn {
	d := &drawn{fields: map[classify.Field][]classify.Span{}, invert: map[classify.Field]bool{}}
	for range r.IntN(4) {
		f := classify.Field(r.IntN(int(classify.Mark)))
		d.invert[f] = r.IntN(3) == 0
		for range 1 + r.IntN(3) {
			s := classify.Span{First: value(r), Last: value(r)}
			if r.IntN(2) == 0 {
				s.Last = s.First
			}
			d.fields[f] = append(d.fields[f], s)
		}
	}
	if r.IntN(4) == 0 {
		d.mark = &struct{ value, mask uint32 }{uint32(r.IntN(8)), uint32(r.IntN(8))}
	}
	return d
}

func (d *drawn) holds(fields map[classify.Field]classify.Value, mark uint32) bool {
	for f, spans := range d.fields {
		in := false
		for _, s := range spans {
			in = in || !before(fields[f], s.First) && !before(s.Last, fields[f])
		}
		if in == d.invert[f] {
			return false
		}
	}
	return d.mark == nil || mark&d.mark.mask == d.mark.value
}

// TestCandidates compares what a cursor yields with the conditions themselves:
// it leaves out no rule that matches.
func TestCandidates(t *testing.T) {
	var c classify.Cursor
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := []int{0, 1, 5, 63, 64, 65, 200, 4095, 4097, 9000}[r.IntN(10)]
		rules, list := make([]classify.Rule, n), make([]*drawn, n)
		for i := range rules {
			list[i] = draw(r)
			rules[i] = list[i].rule()
		}
		x := classify.New(rules)
		for range 20 {
			var k classify.Key
			fields := map[classify.Field]classify.Value{}
			for f := range classify.Mark {
				fields[f] = value(r)
				k.Set(f, fields[f])
			}
			mark := uint32(r.IntN(8))
			k.SetMark(mark)
			c.Begin(x, &k)
			at := c.Next(0)
			for i := range n {
				if at == i {
					at = c.Next(i + 1)
					continue
				}
				require.False(t, list[i].holds(fields, mark), "seed %d: rule %d of %d is left out", seed, i, n)
			}
			require.Equal(t, n, at)
		}
	}
}

// TestSkips asks for rules at a distance, as a walk that jumps does.
func TestSkips(t *testing.T) {
	rules := make([]classify.Rule, 30000)
	one := classify.Number(uint16(1))
	for i := range rules {
		if i%3 != 0 {
			rules[i].Limit(classify.Proto, classify.Union(classify.Span{First: one, Last: one}))
		}
	}
	x := classify.New(rules)
	var c classify.Cursor
	c.Begin(x, &classify.Key{})
	for _, want := range [][2]int{{0, 0}, {1, 3}, {3, 3}, {4096, 4098}, {8191, 8193}, {20001, 20001}, {29998, 30000}, {30000, 30000}} {
		require.Equal(t, want[1], c.Next(want[0]), fmt.Sprint(want[0]))
	}
}

func TestAllocations(t *testing.T) {
	rules := make([]classify.Rule, 5000)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range rules {
		rules[i] = draw(r).rule()
	}
	x := classify.New(rules)
	var c classify.Cursor
	var k classify.Key
	walk := func() {
		c.Begin(x, &k)
		for i := c.Next(0); i < x.Len(); i = c.Next(i + 1) {
		}
	}
	walk()
	require.Zero(t, testing.AllocsPerRun(10, walk))
}
