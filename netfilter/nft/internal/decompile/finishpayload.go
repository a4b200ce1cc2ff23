package decompile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// header returns the header that contains a payload, and the number of bits of other
// headers before it.
func (f *finisher) header(p *syntax.Payload) (*syntax.Header, int) {
	h := f.protos.Header[syntax.LayerOf(p.Base)]
	if h == nil || h == syntax.Unknown || len(h.Fields) == 0 {
		return nil, 0
	}
	// Nft assigns bytes at the beginning of a frame to the innermost header
	// (src/payload.c, get_stacked_desc).
	if p.Base != nft.LinkHeader || p.Off < 8*h.Bytes {
		return h, 0
	}
	skip := 0
	for _, s := range f.protos.Stacked {
		if p.Off-skip < 8*s.Bytes {
			return s, skip
		}
		skip += 8 * s.Bytes
	}
	return h, skip
}

// complete determines the field of a payload.
func (f *finisher) complete(p *syntax.Payload) {
	h, skip := f.header(p)
	if h == nil {
		return
	}
	for i := range h.Fields {
		fd := &h.Fields[i]
		if fd.Off != p.Off-skip || fd.Len != p.Bits || !f.hasField(fd) {
			continue
		}
		p.Header, p.Field = h, fd
		p.Set(f.typeOf(h, fd), fd.Len, fd.Order)
		return
	}
}

// typeOf returns the type by which the values of a field are written.
func (f *finisher) typeOf(h *syntax.Header, fd *syntax.Field) *syntax.Type {
	if h == syntax.IP && fd.Name == "frag-off" && f.program.release >= syntax.Release117 {
		return syntax.HexType
	}
	return fd.Type
}

// hasField reports whether ICMP packets of the type that was tested have the field.
func (f *finisher) hasField(fd *syntax.Field) bool {
	return fd.ICMP == 0 || f.protos.ICMP == 0 || f.protos.ICMP == 1 || fd.ICMP == f.protos.ICMP
}

// payloadRel processes a comparison of bytes of the packet.
func (f *finisher) payloadRel(s *syntax.ExprStmt, rel *syntax.Rel, pay *syntax.Payload) {
	if v, ok := rel.R.(*syntax.Value); ok && (rel.Op == syntax.Eq || rel.Op == syntax.Neq) {
		f.expand(s, rel, pay, v)
		return
	}
	if ref, ok := rel.R.(*syntax.SetRef); ok && rel.Op == syntax.Eq && ref.Init != nil && len(ref.Init.Elems) > 0 {
		if v, ok := ref.Init.Elems[0].Key.(*syntax.Value); ok {
			f.icmpOf(pay, v)
		}
	}
	f.complete(pay)
	give(rel.R, pay.Type, pay.Order)
	rel.R = finish(rel.R)
	f.dropFor(pay)
	f.put(s)
}

// icmpOf records the ICMP type from a comparison of the first byte of the header.
func (f *finisher) icmpOf(pay *syntax.Payload, v *syntax.Value) {
	h := f.protos.Header[syntax.TransportLayer]
	if pay.Base != nft.TransportHeader || pay.Off != 0 || pay.Bits != 8 || v.Bits != 8 || f.protos.ICMP > 1 {
		return
	}
	if h == syntax.ICMP || h == syntax.ICMP6 {
		f.protos.ICMP = int(v.N.Lo) + 1
	}
}

// expand splits a comparison into comparisons of the fields that it covers.
func (f *finisher) expand(s *syntax.ExprStmt, rel *syntax.Rel, pay *syntax.Payload, v *syntax.Value) {
	layer := syntax.LayerOf(pay.Base)
	done := 0
	total := pay.Bits
	for _, part := range f.fields(pay) {
		n := part.Bits
		piece := &syntax.Value{N: v.N.Shr(total - done - n).And(syntax.Ones(n))}
		piece.Set(part.Type, n, part.Order)
		done += n
		var right syntax.Expr = piece
		if fd := part.Field; fd != nil && n < fd.Len {
			piece.N, piece.Bits = piece.N.Shl(fd.Len-n), fd.Len
			pre := &syntax.Prefix{Base: piece, Len: n}
			pre.Set(part.Type, fd.Len, part.Order)
			right = pre
		} else if part.Order == syntax.Host && n%8 == 0 {
			piece.N = syntax.FromBytes(piece.N.Bytes(n/8, syntax.Big), syntax.Host)
		}
		one := &syntax.Rel{Op: rel.Op, L: part, R: right}
		stmt := &syntax.ExprStmt{Span: s.Span, Expr: one}
		_, isKey := syntax.IsKey(part)
		stacked := false
		if isKey && rel.Op == syntax.Eq {
			if up := f.protos.Header[layer].Upper(piece.N.Lo); up != nil && f.protos.Header[layer] != nil && up.Base == pay.Base {
				stacked = true
			}
			f.protos.Learn(part, piece.N.Lo)
		}
		f.put(stmt)
		at := layer
		if stacked {
			at--
		}
		f.dropFor(part)
		if rel.Op == syntax.Eq && isKey {
			f.keep(stmt, one, at)
		}
	}
}

// fields splits a payload into the fields that it covers.
func (f *finisher) fields(pay *syntax.Payload) []*syntax.Payload {
	h, skip := f.header(pay)
	if h == nil {
		return []*syntax.Payload{pay}
	}
	var out []*syntax.Payload
	off, left := pay.Off-skip, pay.Bits
	for i := range h.Fields {
		fd := &h.Fields[i]
		if fd.Off != off || !f.hasField(fd) {
			continue
		}
		part := &syntax.Payload{Base: pay.Base, Off: off + skip, Header: h, Field: fd}
		if fd.Len > left {
			part.Set(f.typeOf(h, fd), left, fd.Order)
			return append(out, part)
		}
		part.Set(f.typeOf(h, fd), fd.Len, fd.Order)
		out = append(out, part)
		left, off = left-fd.Len, off+fd.Len
		if left == 0 {
			return out
		}
	}
	return append(out, payload(pay.Base, (off+skip)/8, left/8))
}

// dropFor removes the test for the header that a field lies in: the field's
// name implies it.
func (f *finisher) dropFor(p *syntax.Payload) {
	if p.Field == nil {
		return
	}
	l := syntax.LayerOf(p.Base)
	dep := f.dep(l)
	if f.deps[l] == nil && dep == nil {
		return
	}
	if p.Header == syntax.TH && f.program.release >= syntax.Release117 {
		// Any protocol with ports: the test is kept, and the bytes are written
		// by their offset.
		p.Header, p.Field = nil, nil
		p.Set(syntax.HexType, p.Bits, syntax.Big)
		return
	}
	if dep == nil || f.mayDrop(p, dep) {
		f.drop(l)
	}
}

func (f *finisher) mayDrop(p *syntax.Payload, dep *syntax.Rel) bool {
	of, isPayload := dep.L.(*syntax.Payload)
	switch f.protos.Family {
	case nft.Bridge, nft.Netdev, nft.Inet:
		if isPayload && of.Base == nft.NetworkHeader && (of.Header == syntax.IP || of.Header == syntax.IP6) && p.Base == nft.TransportHeader {
			return false
		}
		if isPayload && dep.Op == syntax.Eq && of.Base == p.Base {
			if _, key := syntax.IsKey(p); key {
				return false
			}
			if p.Base == nft.LinkHeader {
				return f.mayDropLink(of, dep)
			}
		}
	}
	if p.Base != nft.TransportHeader || !isPayload || of.Base != nft.TransportHeader {
		return true
	}
	if of.Header == syntax.ICMP || of.Header == syntax.ICMP6 {
		return p.Field.ICMP != 0 && of.Header == p.Header && f.icmp == p.Field.ICMP
	}
	return true
}

func (f *finisher) mayDropLink(of *syntax.Payload, dep *syntax.Rel) bool {
	if of.Header == syntax.VLAN {
		return false
	}
	if v, ok := dep.R.(*syntax.Value); ok && of.Header == syntax.Ether && v.Bits == 16 {
		return v.N.Lo == 0x8100
	}
	return true
}
