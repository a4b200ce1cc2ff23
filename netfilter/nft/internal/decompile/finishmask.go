package decompile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// relBinop processes a comparison of an expression under a mask.
func (f *finisher) relBinop(rel *syntax.Rel, b *syntax.Binop) syntax.Expr {
	right := rel.R.Info().Type
	value, isValue := rel.R.(*syntax.Value)
	mask, isMask := b.R.(*syntax.Value)
	equality := rel.Op == syntax.Eq || rel.Op == syntax.Neq
	switch {
	case b.Op == syntax.And && equality && right.IsBitmask():
		return flagTest(rel, b, value)
	case b.Op == syntax.And && isValue && isMask && b.L.Info().Type != nil && b.L.Info().Type.Prefix && isPrefix(mask.N, mask.Bits) &&
		!(f.program.release >= syntax.Release117 && b.L.Info().Type.Hex > 0):
		pre := &syntax.Prefix{Base: value, Len: mask.N.Count()}
		pre.Common = value.Common
		return &syntax.Rel{Op: rel.Op, L: b.L, R: pre}
	case b.Op == syntax.And && isMask:
		if pay, ok := b.L.(*syntax.Payload); ok {
			if n, ok := f.trim(pay, mask.N, mask.Bits); ok {
				rel.L = pay
				shiftRight(rel.R, n)
				return f.trimmed(rel, pay)
			}
		}
		if x, ok := b.L.(*syntax.Exthdr); ok {
			if n, ok := trimExthdr(x, mask.N, mask.Bits); ok {
				rel.L = x
				shiftRight(rel.R, n)
				give(rel.R, x.Common.Type, x.Order)
			} else if x.Op == nft.ExthdrIPv6 {
				x.Field = nil // nft does not name a field under a mask
			}
		}
	case b.Op == syntax.Shr:
		inner, ok := b.L.(*syntax.Binop)
		n, ok2 := b.R.(*syntax.Value)
		if ok && ok2 {
			if pay, shift, ok := f.field(inner); ok && shift == int(n.N.Lo) {
				f.complete(pay)
				f.dropFor(pay)
				rel.L = pay
				give(rel.R, pay.Type, pay.Order)
			}
		}
	}
	return rel
}

func isPrefix(mask syntax.Num, bits int) bool {
	return mask.IsZero() || mask == syntax.Ones(mask.Count()).Shl(bits-mask.Count())
}

// trimmed processes a comparison of a field whose mask was removed.
func (f *finisher) trimmed(rel *syntax.Rel, pay *syntax.Payload) syntax.Expr {
	f.complete(pay)
	give(rel.R, pay.Type, pay.Order)
	if v, ok := rel.R.(*syntax.Value); ok {
		v.Type, v.Order, v.Bits = pay.Type, pay.Order, pay.Bits
		f.dropFor(pay)
		if rel.Op == syntax.Eq {
			f.protos.Learn(pay, v.N.Lo)
		}
		return rel
	}
	if r, ok := rel.R.(*syntax.Range); ok {
		retype(r, pay.Type)
	}
	f.dropFor(pay)
	return rel
}

// flagTest processes a comparison of flags under a mask.
func flagTest(rel *syntax.Rel, b *syntax.Binop, value *syntax.Value) syntax.Expr {
	if value != nil && value.N.IsZero() {
		op := syntax.Neg
		if rel.Op == syntax.Neq {
			op = syntax.Implicit
		}
		r := syntax.Expr(list(b.R))
		if l := r.(*syntax.List); len(l.Items) == 1 {
			r = l.Items[0]
		}
		return &syntax.Rel{Op: op, L: b.L, R: r}
	}
	if mask, ok := b.R.(*syntax.Value); ok && value != nil && mask.N == value.N {
		return rel
	}
	if value == nil {
		if _, ok := rel.R.(*syntax.Binop); !ok {
			return rel
		}
	}
	one := func(e syntax.Expr) syntax.Expr {
		if l := list(e); len(l.Items) > 1 {
			return l
		}
		return e
	}
	return &syntax.FlagCmp{Op: rel.Op, Expr: b.L, Mask: one(b.R), Value: one(rel.R)}
}

// shiftRight shifts constants to the position of the field that they are compared with.
func shiftRight(e syntax.Expr, n int) {
	switch e := e.(type) {
	case *syntax.Value:
		e.N = e.N.Shr(n)
	case *syntax.Range:
		shiftRight(e.From, n)
		shiftRight(e.To, n)
	case *syntax.Prefix:
		shiftRight(e.Base, n)
	default:
		shiftSet(e, n)
	}
}

func shiftSet(e syntax.Expr, n int) {
	ref, ok := e.(*syntax.SetRef)
	if !ok || ref.Init == nil {
		return
	}
	for _, x := range ref.Init.Elems {
		if x.Key != nil {
			shiftRight(x.Key, n)
		}
	}
}

// trim reduces a payload to the fields that a mask selects. It returns the number of
// bits by which constants have to be shifted.
func (f *finisher) trim(pay *syntax.Payload, mask syntax.Num, bits int) (int, bool) {
	h, skip := f.header(pay)
	if h == nil || mask.IsZero() {
		return 0, false
	}
	low, high := mask.Low(), mask.Low()
	for mask.Bit(high) && high < 128 {
		high++
	}
	lead := (bits+7)/8*8 - high
	off, left, n := pay.Off-skip+lead, pay.Bits, 0
	for i := range h.Fields {
		fd := &h.Fields[i]
		if fd.Off != off {
			continue
		}
		if fd.Len > left {
			return 0, false
		}
		left, off, n = left-fd.Len, off+fd.Len, n+fd.Len
		if left == 0 {
			return 0, false
		}
		if low+n == high {
			pay.Off, pay.Bits = pay.Off+lead, n
			return low, true
		}
	}
	return 0, false
}

func trimExthdr(x *syntax.Exthdr, mask syntax.Num, bits int) (int, bool) {
	if x.Field != nil || mask.IsZero() {
		return 0, false
	}
	low, n := mask.Low(), mask.Count()
	if mask != syntax.Ones(n).Shl(low) {
		return 0, false
	}
	off := x.Off + (bits+7)/8*8 - low - n
	for _, o := range syntax.OptionsOf(x.Op) {
		if o.Type != x.Type {
			continue
		}
		for i := range o.Fields {
			if fd := &o.Fields[i]; fd.Off == off && fd.Len == n {
				x.Option, x.Field, x.Off = o, fd, off
				x.Set(fd.Type, fd.Len, fd.Order)
				return low, true
			}
		}
	}
	return 0, false
}
