package syntax

import (
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// Expr writes an expression.
func (p *Printer) Expr(e Expr) {
	switch e := e.(type) {
	case *Symbol:
		p.put(e.Text)
	case *Value:
		p.value(e)
	case *Prefix:
		p.Expr(e.Base)
		p.put("/", strconv.Itoa(e.Len))
	case *Range:
		p.rangeExpr(e)
	case *List:
		for i, x := range e.Items {
			if i > 0 {
				p.put(",")
			}
			p.Expr(x)
		}
	case *Set:
		p.set(e)
	case *Elem:
		p.Elem(e)
	case *SetRef:
		if e.Init != nil {
			p.set(e.Init)
		} else {
			p.put("@", e.Name)
		}
	case *Concat:
		for i, x := range e.Parts {
			if i > 0 {
				p.put(" . ")
			}
			p.Expr(x)
		}
	case *Binop:
		p.operand(e.L, e)
		p.put(" ", e.Op.String(), " ")
		p.operand(e.R, e)
	case *Swap:
		p.Expr(e.Arg)
	case *Map:
		p.mapExpr(e)
	case *Verdict:
		p.verdict(e)
	case *Rel:
		p.rel(e)
	case *FlagCmp:
		p.flagCmp(e)
	default:
		p.fact(e)
	}
}

func (p *Printer) fact(e Expr) {
	switch e := e.(type) {
	case *Payload:
		p.payload(e)
	case *Exthdr:
		p.exthdr(e)
	case *Meta:
		k := MetaKeys[e.Key]
		if !k.Bare {
			p.put("meta ")
		}
		p.put(k.Name)
	case *CT:
		p.put("ct ")
		if e.Dir != nft.NoDir {
			p.put(e.Dir.String(), " ")
		}
		switch {
		case (e.Key == nft.CTSrc || e.Key == nft.CTDst) && e.Family == nft.IP:
			p.put("ip ")
		case (e.Key == nft.CTSrc || e.Key == nft.CTDst) && e.Family == nft.IP6:
			p.put("ip6 ")
		}
		p.put(CTKeys[e.Key].Name)
	case *RT:
		p.put("rt ", RTKeys[e.Key].Name)
	case *Socket:
		p.put("socket ", SocketKeys[e.Key].Name)
		if e.Key == nft.SocketCgroupV2 {
			p.put(" level ", strconv.Itoa(int(e.Level)))
		}
	case *OSF:
		p.put("osf ", [...]string{"", "ttl loose ", "ttl skip "}[e.TTL%3])
		if e.Version {
			p.put("version")
		} else {
			p.put("name")
		}
	case *Fib:
		f := nft.Fib{Flags: e.Flags}
		p.put("fib ", strings.Join(f.FlagNames(), " . "))
		if e.Flags&nft.FibPresent != 0 && p.Release >= Release117 {
			p.put(" check")
		} else {
			p.put(" ", e.Result.String())
		}
	case *Numgen:
		p.put("numgen ", map[bool]string{false: "inc", true: "random"}[e.Random], " mod ", utoa(e.Mod))
		if e.Offset != 0 {
			p.put(" offset ", utoa(e.Offset))
		}
	case *Hash:
		p.hash(e)
	case *Xfrm:
		p.put("ipsec ", map[bool]string{false: "in", true: "out"}[e.Out], " ")
		if e.Num != 0 || e.Key != nft.XfrmReqID && e.Key != nft.XfrmSPI {
			if e.Num != 0 {
				p.put("spnum ", utoa(e.Num), " ")
			}
		}
		p.put(XfrmKeys[e.Key].Name)
	}
}

func utoa(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

func (p *Printer) hash(e *Hash) {
	if e.Arg == nil {
		p.put("symhash")
	} else {
		p.put("jhash ")
		p.Expr(e.Arg)
	}
	p.put(" mod ", utoa(e.Mod))
	if e.Arg != nil && e.HasSeed {
		p.put(" seed 0x", strconv.FormatUint(uint64(e.Seed), 16))
	}
	if e.Offset != 0 {
		p.put(" offset ", utoa(e.Offset))
	}
}

// rangeExpr writes both ends of a range as numbers.
func (p *Printer) rangeExpr(e *Range) {
	saved := p.Options
	p.NumericProtocols, p.NumericSymbols = true, true
	if t := e.From.Info().Type; t == TimeType {
		p.NumericTime = true
	}
	p.Expr(e.From)
	p.put("-")
	p.Expr(e.To)
	p.Options = saved
}

// precedence of operators: an operand of lower precedence is put in parentheses.
func precedence(o Op) int {
	switch o {
	case Shl, Shr:
		return 1
	case And:
		return 2
	case Xor:
		return 3
	case Or:
		return 4
	}
	return 5
}

func (p *Printer) operand(e Expr, of Expr) {
	inside := e
	if s, ok := e.(*Swap); ok {
		inside = s.Arg
	}
	arg, ok := inside.(*Binop)
	outer, inner := of.(*Binop)
	if ok && inner && precedence(outer.Op) < precedence(arg.Op) {
		p.put("(")
		p.Expr(e)
		p.put(")")
		return
	}
	p.Expr(e)
}

func (p *Printer) mapExpr(e *Map) {
	p.Expr(e.Key)
	word := " map "
	if ref, ok := e.Map.(*SetRef); ok && ref.Set != nil && ref.Set.Data.Kind == nft.VerdictData || e.Type == VerdictType {
		word = " vmap "
	}
	p.put(word)
	p.Expr(e.Map)
}

func (p *Printer) verdict(v *Verdict) {
	p.put(v.Code.String())
	if v.Code == nft.Jump || v.Code == nft.Goto {
		p.put(" ", v.Chain)
	}
}

// rel writes a comparison. The sign of equality is only written where it is required.
func (p *Printer) rel(e *Rel) {
	p.operand(e.L, e)
	_, binop := e.L.(*Binop)
	_, value := e.R.(*Value)
	plain := !binop && !(value && e.R.Info().Type.IsBitmask())
	if e.Op == Implicit || e.Op == Eq && plain {
		p.put(" ")
	} else {
		p.put(" ", e.Op.String(), " ")
	}
	p.operand(e.R, e)
}

func (p *Printer) flagCmp(e *FlagCmp) {
	p.Expr(e.Expr)
	if p.Release >= Release117 {
		p.put(" & ")
		p.flags(e.Mask)
		if e.Op == Neq {
			p.put(" != ")
		} else {
			p.put(" == ")
		}
		p.bars(e.Value)
		return
	}
	if e.Op == Neq {
		p.put(" != ")
	} else {
		p.put(" ")
	}
	p.Expr(e.Value)
	p.put(" / ")
	p.Expr(e.Mask)
}

// flags writes a mask, in parentheses if it has several flags.
func (p *Printer) flags(e Expr) {
	if l, ok := e.(*List); ok && len(l.Items) > 1 {
		p.put("(")
		p.bars(e)
		p.put(")")
		return
	}
	p.bars(e)
}

func (p *Printer) bars(e Expr) {
	l, ok := e.(*List)
	if !ok {
		p.Expr(e)
		return
	}
	for i, x := range l.Items {
		if i > 0 {
			p.put(" | ")
		}
		p.Expr(x)
	}
}
