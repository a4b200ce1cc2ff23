package decompile

import (
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// payloadSet processes a write to the packet. For a field that does not fill whole
// bytes, the bytes that contain it are loaded, masked and written back.
func (f *finisher) payloadSet(s *syntax.PayloadSet) {
	to := s.To.(*syntax.Payload)
	f.complete(to)
	f.dropFor(to)
	give(s.Val, to.Type, to.Order)
	if to.Field == nil {
		f.partialSet(s, to)
	}
	s.Val = f.expr(s.Val)
}

func (f *finisher) partialSet(s *syntax.PayloadSet, to *syntax.Payload) {
	b, ok := s.Val.(*syntax.Binop)
	if !ok {
		return
	}
	whole := syntax.Ones(to.Bits)
	var mask, value syntax.Num // the bits that are written, and their value
	switch l := b.L.(type) {
	case *syntax.Binop:
		m, ok := l.R.(*syntax.Value)
		v, ok2 := b.R.(*syntax.Value)
		if b.Op != syntax.Or || l.Op != syntax.And || !ok || !ok2 || !same(l.L, to) {
			return
		}
		mask, value = whole.Xor(m.N).Xor(v.N), v.N
	case *syntax.Payload:
		v, ok := b.R.(*syntax.Value)
		if !ok {
			return
		}
		switch b.Op {
		case syntax.And:
			mask = whole.Xor(v.N)
		case syntax.Or:
			mask, value = v.N, v.N
		default:
			return
		}
	default:
		return
	}
	part := *to
	n, ok := f.trim(&part, mask, to.Bits)
	if !ok {
		return
	}
	f.complete(&part)
	if part.Field == nil {
		return
	}
	f.dropFor(&part)
	v := &syntax.Value{N: value.Shr(n)}
	v.Set(part.Type, part.Bits, syntax.Big)
	s.To, s.Val = &part, v
}

func same(e syntax.Expr, to *syntax.Payload) bool {
	p, ok := e.(*syntax.Payload)
	return ok && p.Base == to.Base && p.Off == to.Off && p.Bits == to.Bits
}
