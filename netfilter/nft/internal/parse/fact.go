package parse

import (
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// fact parses a property of the packet; nil if the next token does not begin one.
func (p *parser) fact() syntax.Expr {
	t := p.tok()
	if t.is("@") && p.peek(2).is(",") {
		return p.rawPayload()
	}
	if t.kind != word {
		return nil
	}
	start := t.start
	e := p.factAt(t)
	if e != nil {
		e.Info().At = p.from(start)
	}
	return e
}

// bareMeta are the keys of meta that may be written without meta.
var bareMeta = map[string]bool{"mark": true, "iif": true, "iifname": true, "iiftype": true, "oif": true, "oifname": true,
	"oiftype": true, "skuid": true, "skgid": true, "nftrace": true, "rtclassid": true, "ibrname": true, "obrname": true,
	"ibriport": true, "obriport": true, "pkttype": true, "cpu": true, "iifgroup": true, "oifgroup": true, "cgroup": true,
	"time": true, "day": true, "hour": true}

func (p *parser) factAt(t token) syntax.Expr {
	switch t.text {
	case "meta":
		return p.meta()
	case "ct":
		if p.peek(1).is("count") {
			return nil
		}
		return p.ct()
	case "rt":
		return p.rt()
	case "fib":
		return p.fib()
	case "socket":
		return p.socket()
	case "osf":
		return p.osf()
	case "numgen":
		return p.numgen()
	case "jhash", "symhash":
		return p.hash()
	case "ipsec":
		return p.xfrm()
	case "exthdr", "hbh", "rt0", "rt2", "srh", "frag", "dst", "mh":
		return p.exthdr()
	}
	if h := syntax.HeaderByName(t.text); h != nil {
		return p.payload(h)
	}
	if bareMeta[t.text] {
		p.pos++
		return p.metaKey(t)
	}
	return nil
}

var metaAliases = map[string]string{"ibriport": "ibrname", "obriport": "obrname", "secpath": "ipsec", "meta": "meta"}

func (p *parser) meta() syntax.Expr {
	p.expect("meta")
	t := p.next()
	return p.metaKey(t)
}

func (p *parser) metaKey(t token) syntax.Expr {
	if t.kind != word {
		p.fail(span(t), "syntax error, unexpected %s, expecting a key of meta", t.text)
	}
	return p.metaNamed(Ident{t.text, span(t)})
}

// metaNamed returns the expression of a key of meta.
func (p *parser) metaNamed(id Ident) syntax.Expr {
	name := id.Name
	if a, ok := metaAliases[name]; ok {
		name = a
	}
	k, ok := syntax.KeyByName(syntax.MetaKeys, name)
	if !ok {
		p.fail(id.At, "syntax error, unexpected %s, expecting a key of meta", id.Name)
	}
	return &syntax.Meta{Key: k}
}

// direction parses original or reply.
func (p *parser) direction() nft.CTDir {
	switch w, _ := p.acceptAny("original", "reply"); w {
	case "original":
		return nft.Original
	case "reply":
		return nft.Reply
	}
	return nft.NoDir
}

// directed are the keys of ct that have a value for each direction.
var directed = map[string]bool{"saddr": true, "daddr": true, "ip saddr": true, "ip daddr": true, "ip6 saddr": true, "ip6 daddr": true,
	"l3proto": true, "protocol": true, "proto-src": true, "proto-dst": true, "zone": true, "bytes": true, "packets": true, "avgpkt": true}

func (p *parser) ct() syntax.Expr {
	p.expect("ct")
	e := &syntax.CT{Dir: p.direction()}
	t := p.next()
	switch t.text {
	case "saddr", "daddr":
		e.Key = nft.CTSrc
		if t.text == "daddr" {
			e.Key = nft.CTDst
		}
		return e
	case "ip", "ip6":
		w := p.expect("saddr", "daddr")
		e.Key, _ = syntax.KeyByName(syntax.CTKeys, t.text+" "+w)
		return e
	}
	if e.Dir != nft.NoDir && !directed[t.text] {
		p.fail(span(t), "syntax error, unexpected %s, a direction does not fit it", t.text)
	}
	k, ok := syntax.KeyByName(syntax.CTKeys, t.text)
	if !ok || t.kind != word {
		p.fail(span(t), "syntax error, unexpected %s, expecting a key of ct", t.text)
	}
	e.Key = k
	return e
}

func (p *parser) rt() syntax.Expr {
	switch p.peek(1).text {
	case "classid", "nexthop", "mtu", "ipsec":
		p.pos++
		t := p.next()
		if t.text == "nexthop" {
			return &syntax.RT{Key: nft.RTNextHop4, Generic: true}
		}
		k, _ := syntax.KeyByName(syntax.RTKeys, t.text)
		return &syntax.RT{Key: k}
	case "ip", "ip6":
		p.pos++
		f := p.next().text
		p.expect("nexthop")
		if f == "ip6" {
			return &syntax.RT{Key: nft.RTNextHop6}
		}
		return &syntax.RT{Key: nft.RTNextHop4}
	}
	return p.exthdr()
}

var fibFlagBits = map[string]uint32{"saddr": nft.FibSAddr, "daddr": nft.FibDAddr, "mark": nft.FibMark, "iif": nft.FibIIF, "oif": nft.FibOIFFlag}

func (p *parser) fib() syntax.Expr {
	p.expect("fib")
	e := &syntax.Fib{}
	start := p.tok().start
	for {
		t := p.next()
		f, ok := fibFlagBits[t.text]
		if !ok {
			p.fail(span(t), "syntax error, unexpected %s", t.text)
		}
		e.Flags |= f
		if !p.accept(".") {
			break
		}
	}
	at := p.from(start)
	if t := p.next(); !setFibResult(e, t.text) {
		p.fail(span(t), "syntax error, unexpected %s, expecting oif or oifname or type", t.text)
	}
	p.fibFlags(e.Flags, at)
	return e
}

// setFibResult sets the result of a lookup in the routing tables by its keyword; false
// if there is no such keyword.
func setFibResult(e *syntax.Fib, word string) bool {
	switch word {
	case "oif":
		e.Result = nft.FibOIF
	case "oifname":
		e.Result = nft.FibOIFName
	case "type":
		e.Result = nft.FibAddrType
	case "check":
		e.Result = nft.FibOIF
		e.Flags |= nft.FibPresent
	default:
		return false
	}
	return true
}

func (p *parser) fibFlags(f uint32, at syntax.Span) {
	switch {
	case f&(nft.FibSAddr|nft.FibDAddr) == 0:
		p.fail(at, "fib: need either saddr or daddr")
	case f&(nft.FibSAddr|nft.FibDAddr) == nft.FibSAddr|nft.FibDAddr:
		p.fail(at, "fib: saddr and daddr are mutually exclusive")
	case f&(nft.FibIIF|nft.FibOIFFlag) == nft.FibIIF|nft.FibOIFFlag:
		p.fail(at, "fib: iif and oif are mutually exclusive")
	}
}

func (p *parser) socket() syntax.Expr {
	p.expect("socket")
	t := p.next()
	k, ok := syntax.KeyByName(syntax.SocketKeys, t.text)
	if !ok {
		p.fail(span(t), "syntax error, unexpected %s", t.text)
	}
	e := &syntax.Socket{Key: k}
	if k == nft.SocketCgroupV2 {
		p.expect("level")
		e.Level = uint32(p.uint(8))
	}
	return e
}

func (p *parser) osf() syntax.Expr {
	p.expect("osf")
	e := &syntax.OSF{}
	if p.accept("ttl") {
		switch p.expect("loose", "skip") {
		case "loose":
			e.TTL = 1
		default:
			e.TTL = 2
		}
	}
	e.Version = p.expect("name", "version") == "version"
	return e
}

func (p *parser) numgen() syntax.Expr {
	p.expect("numgen")
	e := &syntax.Numgen{Random: p.expect("inc", "random") == "random"}
	p.expect("mod")
	e.Mod = uint32(p.uint(32))
	if p.accept("offset") {
		e.Offset = uint32(p.uint(32))
	}
	return e
}

func (p *parser) hash() syntax.Expr {
	e := &syntax.Hash{}
	if p.next().text == "jhash" {
		e.Arg = p.concatExpr()
	}
	p.expect("mod")
	e.Mod = uint32(p.uint(32))
	if e.Arg != nil && p.accept("seed") {
		e.Seed, e.HasSeed = uint32(p.uint(32)), true
	}
	if p.accept("offset") {
		e.Offset = uint32(p.uint(32))
	}
	return e
}

func (p *parser) xfrm() syntax.Expr {
	p.expect("ipsec")
	e := &syntax.Xfrm{Out: p.expect("in", "out") == "out"}
	if p.accept("spnum") {
		t := p.tok()
		e.Num = uint32(p.uint(32))
		if e.Num > 255 {
			p.fail(span(t), "value too large")
		}
	}
	t := p.next()
	name := t.text
	if name == "ip" || name == "ip6" {
		name += " " + p.expect("saddr", "daddr")
	}
	k, ok := syntax.KeyByName(syntax.XfrmKeys, name)
	if !ok {
		p.fail(span(t), "syntax error, unexpected %s", t.text)
	}
	e.Key = k
	return e
}

// rawPayload parses "@base,offset,length".
func (p *parser) rawPayload() syntax.Expr {
	start := p.tok().start
	p.expect("@")
	t := p.next()
	b, ok := payloadBases[t.text]
	if !ok {
		p.fail(span(t), "syntax error, unexpected %s", t.text)
	}
	p.expect(",")
	off := int(p.uint(16))
	p.expect(",")
	length := span(p.tok())
	e := p.rawBits(b, off, int(p.uint(16)), length)
	e.At = p.from(start)
	return e
}

var payloadBases = map[string]nft.PayloadBase{"ll": nft.LinkHeader, "nh": nft.NetworkHeader, "th": nft.TransportHeader, "ih": nft.InnerHeader}

// rawBits returns an expression for bits of a header.
func (p *parser) rawBits(b nft.PayloadBase, off, n int, length syntax.Span) *syntax.Payload {
	if n == 0 || n > 128 {
		p.fail(length, "a length of %d bits is out of range: 1 to 128", n)
	}
	if b == nft.TransportHeader && n == 16 {
		for i := range syntax.TH.Fields {
			if f := &syntax.TH.Fields[i]; f.Off == off {
				return fieldOf(syntax.TH, f)
			}
		}
	}
	e := &syntax.Payload{Base: b, Off: off}
	e.Set(syntax.HexType, n, syntax.Big)
	return e
}

// fieldOf returns the expression for a field of a header.
func fieldOf(h *syntax.Header, f *syntax.Field) *syntax.Payload {
	e := &syntax.Payload{Base: h.Base, Off: f.Off, Header: h, Field: f}
	e.Set(f.Type, f.Len, f.Order)
	return e
}

// payload parses the field of a header; nil if the word is not the name of a header
// here.
func (p *parser) payload(h *syntax.Header) syntax.Expr {
	t := p.peek(1)
	switch {
	case h == syntax.TCP && t.is("option"):
		return p.tcpOption()
	case h == syntax.IP && t.is("option"):
		return p.namedOption(nft.ExthdrIPOption)
	case h == syntax.SCTP && t.is("chunk"):
		return p.namedOption(nft.ExthdrSCTPChunk)
	case h == syntax.DCCP && t.is("option"):
		p.pos += 2
		return &syntax.Exthdr{Op: nft.ExthdrDCCPOption, Type: uint8(p.uint(8)), Present: true}
	}
	if t.kind != word {
		return nil
	}
	name := t.text
	switch {
	case h == syntax.ARP && (name == "saddr" || name == "daddr"):
		name += " " + p.peek(2).text
		if h.Field(name) == nil {
			return nil
		}
		p.pos++
	case h == syntax.VLAN && name == "cfi":
		name = "dei"
	}
	f := h.Field(name)
	if f == nil {
		return nil
	}
	p.pos += 2
	return fieldOf(h, f)
}

// namedOption parses "ip option NAME FIELD" and the like.
func (p *parser) namedOption(op nft.ExthdrOp) syntax.Expr {
	p.pos += 2
	t := p.next()
	o := syntax.OptionByName(op, t.text)
	if o == nil {
		p.fail(span(t), "syntax error, unexpected %s", t.text)
	}
	return p.optionField(&syntax.Exthdr{Op: op, Type: o.Type, Option: o})
}

// optionField parses the field of an option. Without a field the presence of the option
// is tested.
func (p *parser) optionField(e *syntax.Exthdr) syntax.Expr {
	if t := p.tok(); t.kind == word {
		if f := e.Option.Field(t.text); f != nil {
			p.pos++
			setField(e, f)
			return e
		}
	}
	e.Present = true
	return e
}

// setField sets the field of an expression for an option.
func setField(e *syntax.Exthdr, f *syntax.Field) {
	e.Field, e.Off = f, f.Off
	e.Set(f.Type, f.Len, f.Order)
}

func (p *parser) tcpOption() syntax.Expr {
	p.pos += 2
	if p.tok().is("@") {
		p.pos++
		e := &syntax.Exthdr{Op: nft.ExthdrTCPOption, Type: uint8(p.uint(8))}
		p.expect(",")
		e.Off = int(p.uint(16))
		p.expect(",")
		e.Set(syntax.HexType, int(p.uint(16)), syntax.Big)
		return e
	}
	if p.tok().kind == number {
		e := &syntax.Exthdr{Op: nft.ExthdrTCPOption, Type: uint8(p.uint(8))}
		for _, o := range syntax.OptionsOf(e.Op) {
			if o.Type == e.Type {
				e.Option = o
				return p.optionField(e)
			}
		}
		switch {
		case p.accept("length"):
			e.Off = 8
		case p.accept("kind"):
		default:
			e.Present = true
			return e
		}
		e.Set(syntax.IntegerType, 8, syntax.Big)
		return e
	}
	t := p.next()
	o := syntax.OptionByName(nft.ExthdrTCPOption, t.text)
	if o == nil {
		p.fail(span(t), "syntax error, unexpected %s, expecting a TCP option", t.text)
	}
	if o.Name == "sack" && p.tok().kind == number {
		n := p.uint(8)
		if n > 3 {
			p.fail(span(t), "invalid sack block")
		}
		o = syntax.OptionByName(nft.ExthdrTCPOption, "sack"+strconv.Itoa(int(n)))
	}
	return p.optionField(&syntax.Exthdr{Op: nft.ExthdrTCPOption, Type: o.Type, Option: o})
}

// exthdr parses the field of an IPv6 extension header.
func (p *parser) exthdr() syntax.Expr {
	t := p.next()
	if t.text == "exthdr" {
		n := p.next()
		o := syntax.OptionByName(nft.ExthdrIPv6, n.text)
		if o == nil {
			p.fail(span(n), "syntax error, unexpected %s", n.text)
		}
		return &syntax.Exthdr{Op: nft.ExthdrIPv6, Type: o.Type, Option: o, Present: true}
	}
	o := syntax.OptionByName(nft.ExthdrIPv6, t.text)
	e := &syntax.Exthdr{Op: nft.ExthdrIPv6, Type: o.Type, Option: o}
	n := p.next()
	name := n.text
	if p.tok().is("[") {
		p.pos++
		name += "[" + strconv.Itoa(int(p.uint(8))) + "]"
		p.expect("]")
	}
	f := o.Field(name)
	if f == nil {
		p.fail(span(n), "syntax error, unexpected %s, expecting a field of %s", strings.TrimSpace(name), t.text)
	}
	setField(e, f)
	return e
}
