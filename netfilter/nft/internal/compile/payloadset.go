package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// payloadSet evaluates a write to the packet. A field that does not fill whole bytes,
// or fills an odd number of bytes under a checksum, is read, changed and written back.
func (c *compiler) payloadSet(s *syntax.PayloadSet) syntax.Stmt {
	p := *s.To.(*syntax.Payload)
	c.fieldOf(&p)
	sum := p.Header != nil && p.Header.ChecksumAt != 0
	first := p.Off % 8
	size := (p.Bits + first + 7) / 8
	out := &syntax.PayloadSet{Span: s.Span}
	if first == 0 && p.Bits%8 == 0 && (!sum || size%2 == 0) {
		out.To = &p
		out.Val = c.value(s.Val, p.Type, p.Bits, p.Order)
		return out
	}
	val := c.value(s.Val, p.Type, p.Bits, p.Order)
	start := p.Off / 8
	shift := 8*size - p.Bits - first
	if sum && size%2 == 1 {
		size++
		if start%2 == 1 {
			start--
		} else {
			shift += 8
		}
	}
	v, ok := val.(*syntax.Value)
	if !ok {
		failHint(s.Span, "kernels before 6.13 combine facts with constants only", "Right hand side of binary operation (|) must be constant")
	}
	whole := &syntax.Payload{Base: p.Base, Off: 8 * start, Header: p.Header}
	whole.Set(syntax.HexType, 8*size, syntax.Big)
	read := *whole
	constant := func(n syntax.Num) *syntax.Value {
		x := &syntax.Value{N: n}
		x.Set(syntax.HexType, 8*size, syntax.Big)
		return x
	}
	mask := syntax.Ones(p.Bits).Shl(shift).Xor(syntax.Ones(8 * size))
	and := &syntax.Binop{Op: syntax.And, L: &read, R: constant(mask)}
	and.Common = whole.Common
	or := &syntax.Binop{Op: syntax.Xor, L: and, R: constant(v.N.Shl(shift))}
	or.Common = whole.Common
	out.To, out.Val = whole, or
	if p.Header != nil && p.Header.Base == nft.NetworkHeader && pseudo(&p) {
		out.To = &syntax.Payload{Common: whole.Common, Base: p.Base, Off: whole.Off, Header: p.Header, Field: p.Field}
	}
	return out
}

// pseudo reports whether a field is part of the transport's pseudo header.
func pseudo(p *syntax.Payload) bool {
	if p.Header == nil || p.Field == nil {
		return false
	}
	for _, n := range p.Header.Pseudo {
		if n == p.Field.Name {
			return true
		}
	}
	return false
}
