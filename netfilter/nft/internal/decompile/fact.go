package decompile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// fact returns the expression that x loads into a register; nil if x does not only load
// a register.
func (p *program) fact(x nft.Expr) syntax.Expr {
	var e syntax.Expr
	var dest nft.Reg
	switch x := x.(type) {
	case *nft.Payload:
		e, dest = payload(x.Base, x.Offset, x.Len), x.Dest
	case *nft.Exthdr:
		e, dest = exthdr(x.Op, x.Type, x.Offset, x.Len, x.Present), x.Dest
	case *nft.Meta:
		k := syntax.MetaKeys[x.Key]
		m := &syntax.Meta{Key: x.Key}
		m.Set(k.Type, k.Bits, k.Order)
		e, dest = m, x.Dest
	case *nft.CT:
		k := syntax.CTKeys[x.Key]
		c := &syntax.CT{Key: x.Key, Dir: x.Dir}
		c.Set(k.Type, k.Bits, k.Order)
		e, dest = c, x.Dest
	case *nft.RT:
		k := syntax.RTKeys[x.Key]
		r := &syntax.RT{Key: x.Key}
		r.Set(k.Type, k.Bits, k.Order)
		e, dest = r, x.Dest
	case *nft.Socket:
		k := syntax.SocketKeys[x.Key]
		s := &syntax.Socket{Key: x.Key, Level: x.Level}
		s.Set(k.Type, k.Bits, k.Order)
		e, dest = s, x.Dest
	case *nft.OSF:
		o := &syntax.OSF{TTL: x.TTL, Version: x.Flags&nft.OSFVersion != 0}
		o.Set(syntax.StringType, 128, syntax.Host)
		e, dest = o, x.Dest
	case *nft.Fib:
		f := &syntax.Fib{Flags: x.Flags, Result: x.Result}
		f.Common = FibInfo(x.Result, x.Flags)
		e, dest = f, x.Dest
	case *nft.Numgen:
		n := &syntax.Numgen{Random: x.Random, Mod: x.Mod, Offset: x.Offset}
		n.Set(syntax.IntegerType, 32, syntax.Host)
		e, dest = n, x.Dest
	case *nft.Hash:
		h := &syntax.Hash{Mod: x.Mod, Offset: x.Offset, Seed: x.Seed, HasSeed: x.HasSeed}
		h.Set(syntax.IntegerType, 32, syntax.Host)
		if !x.Sym {
			h.Arg = p.get(x.Source)
			if h.Arg.Info().Bytes() < x.Len {
				h.Arg = p.concat(x.Source, x.Len)
			}
		}
		e, dest = h, x.Dest
	case *nft.Xfrm:
		k := syntax.XfrmKeys[x.Key]
		f := &syntax.Xfrm{Key: x.Key, Out: x.Out, Num: x.Num}
		f.Set(k.Type, k.Bits, k.Order)
		e, dest = f, x.Dest
	default:
		return nil
	}
	p.set(dest, e)
	return e
}

// FibInfo returns the type of the result of a Fib.
func FibInfo(r nft.FibResult, flags uint32) syntax.Common {
	i := syntax.Common{}
	switch {
	case flags&nft.FibPresent != 0:
		i.Set(syntax.BooleanType, 8, syntax.Host)
	case r == nft.FibOIF:
		i.Set(syntax.IfIndexType, 32, syntax.Host)
	case r == nft.FibOIFName:
		i.Set(syntax.IfNameType, 128, syntax.Host)
	default:
		i.Set(syntax.FibAddrType, 32, syntax.Host)
	}
	return i
}

func payload(base nft.PayloadBase, off, n int) *syntax.Payload {
	e := &syntax.Payload{Base: base, Off: 8 * off}
	e.Set(syntax.HexType, 8*n, syntax.Big)
	if base == nft.TransportHeader && n == 2 {
		for i := range syntax.TH.Fields {
			if fd := &syntax.TH.Fields[i]; fd.Off == e.Off {
				e.Header, e.Field = syntax.TH, fd
				e.Set(fd.Type, fd.Len, fd.Order)
			}
		}
	}
	return e
}

// exthdr returns the field at an offset of an option.
func exthdr(op nft.ExthdrOp, typ uint8, off, n int, present bool) *syntax.Exthdr {
	e := &syntax.Exthdr{Op: op, Type: typ, Off: 8 * off, Present: present}
	e.Set(syntax.IntegerType, 8*n, syntax.Big)
	for _, o := range syntax.OptionsOf(op) {
		if o.Type != typ {
			continue
		}
		if e.Option == nil {
			e.Option = o
		}
		if present {
			break
		}
		for i := range o.Fields {
			// Of IPv6 headers with the same number nft uses the last, of
			// other options the first.
			if f := &o.Fields[i]; f.Off == e.Off && f.Len == e.Bits && (e.Field == nil || op == nft.ExthdrIPv6) {
				e.Option, e.Field = o, f
				e.Set(f.Type, f.Len, f.Order)
			}
		}
	}
	if present {
		e.Set(syntax.BooleanType, 8, syntax.Host)
	} else if e.Option == nil {
		e.Common.Type = syntax.HexType
	} else if e.Field == nil && op == nft.ExthdrIPv6 {
		e.Common.Type = nil
	}
	return e
}
