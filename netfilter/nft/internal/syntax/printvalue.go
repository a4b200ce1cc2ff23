package syntax

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// value writes a constant by its type.
func (p *Printer) value(v *Value) {
	t := v.Type
	if t == nil {
		p.put("0x", v.N.Hex(1), " [invalid type]")
		return
	}
	if t.Kind == String {
		text := v.S
		if v.Wild {
			text += "*"
		} else if strings.HasSuffix(text, "*") {
			text = text[:len(text)-1] + `\*`
		}
		p.put(`"`, text, `"`)
		return
	}
	p.put(p.number(t, v.N))
}

// number writes a number by its type.
func (p *Printer) number(t *Type, n Num) string {
	if t == CTLabelType {
		if n.Count() == 1 {
			return N(uint64(n.Low())).String()
		}
		return "0x" + n.Hex(1)
	}
	if t.Print != nil {
		if s, ok := t.Print(p, n); ok {
			return s
		}
	} else if t.Symbols != nil && !p.NumericSymbols && n.Hi == 0 && !p.numericCode(t) {
		if s, ok := t.Symbols.Text(n.Lo); ok {
			if t == RealmType || t == DevGroupType {
				return `"` + s + `"`
			}
			return s
		}
	}
	switch {
	case t.Kind == Bitmask:
		return "0x" + n.Hex(1)
	case t.Hex > 0:
		return "0x" + n.Hex(t.Hex)
	}
	return n.String()
}

// numericCode reports whether a code is written as a number: its meaning depends on the
// ICMP type, which older releases of nft ignore.
func (p *Printer) numericCode(t *Type) bool {
	return p.Release >= Release117 && !p.codes && (t == ICMPCode || t == ICMPv6Code)
}

var baseWords = [...]string{"@ll", "@nh", "@th", "@ih", "@tun"}

func (p *Printer) payload(e *Payload) {
	if e.Field != nil {
		p.put(e.Header.Name, " ", e.Field.Name)
		return
	}
	p.put(baseWords[e.Base], ",", N(uint64(e.Off)).String(), ",", N(uint64(e.Bits)).String())
}

func (p *Printer) exthdr(e *Exthdr) {
	num := func(n int) string { return N(uint64(n)).String() }
	switch e.Op {
	case nft.ExthdrIPv6:
		switch {
		case e.Present && e.Option != nil:
			p.put("exthdr ", e.Option.Name)
		case e.Field != nil:
			p.put(e.Option.Name, " ", e.Field.Name)
		case e.Option != nil:
			p.put(e.Option.Name, " unknown")
		default:
			p.put("exthdr ", num(int(e.Type)))
		}
		return
	case nft.ExthdrTCPOption:
		p.put("tcp option ")
		switch {
		case e.Option == nil && e.Present:
			p.put(num(int(e.Type)))
		case e.Option == nil || !e.Present && e.Field == nil && e.Option.Field("length") == nil:
			p.put("@", num(int(e.Type)), ",", num(e.Off), ",", num(e.Bits))
		case e.Present:
			p.put(e.Option.Name)
		case e.Field == nil:
			p.put(e.Option.Name, " unknown")
		default:
			p.put(e.Option.Name, " ", e.Field.Name)
		}
		return
	case nft.ExthdrIPOption:
		p.put("ip option ")
	case nft.ExthdrSCTPChunk:
		p.put("sctp chunk ")
	case nft.ExthdrDCCPOption:
		p.put("dccp option ", num(int(e.Type)))
		return
	}
	switch {
	case e.Option == nil:
		p.put(num(int(e.Type)))
	case e.Present:
		p.put(e.Option.Name)
	case e.Field != nil:
		p.put(e.Option.Name, " ", e.Field.Name)
	default:
		p.put(e.Option.Name, " unknown")
	}
}
