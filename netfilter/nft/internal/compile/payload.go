package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// payload adds the tests that a field depends on.
func (c *compiler) payload(e *syntax.Payload) syntax.Expr {
	p := *e
	c.fieldOf(&p)
	if p.Off%8 != 0 || p.Bits%8 != 0 {
		return c.bits(&p, p.Off)
	}
	return &p
}

// fieldOf checks that the packet can have the header of a field, and adds the tests
// that ensure it.
func (c *compiler) fieldOf(p *syntax.Payload) {
	if p.Field == nil || p.Header == syntax.TH {
		return
	}
	layer := syntax.LayerOf(p.Base)
	if other := c.protos.Conflict(layer, p.Header); other != nil {
		fail(p.At, "conflicting protocols specified: %s vs. %s", other.Name, p.Header.Name)
	}
	switch have := c.protos.Header[layer]; {
	case have == nil:
		c.require(p, layer)
	case have == p.Header:
		if layer == syntax.LinkLayer {
			c.stack(p)
		}
	case layer == syntax.LinkLayer:
		c.linkConflict(p, have)
	default:
		fail(p.At, "conflicting protocols specified: %s vs. %s", have.Name, p.Header.Name)
	}
	c.icmp(p)
}

// stack adds the lengths of the link layer headers before that of a field to its
// offset.
func (c *compiler) stack(p *syntax.Payload) {
	for _, s := range c.protos.Stacked {
		p.Off += 8 * s.Bytes
	}
}

// require adds the tests for a header of a layer whose protocol is not known
// yet.
func (c *compiler) require(p *syntax.Payload, layer syntax.Layer) {
	if layer < c.protos.Base() {
		c.device(p)
		return
	}
	below := c.protos.Header[layer-1]
	if below == nil && layer == syntax.TransportLayer {
		switch p.Header {
		case syntax.ICMP, syntax.IGMP:
			c.network(syntax.IP, p.At, false)
			below = syntax.IP
		case syntax.ICMP6:
			c.network(syntax.IP6, p.At, false)
			below = syntax.IP6
		default:
			below = syntax.Service
		}
	}
	if below == nil {
		fail(p.At, "ambiguous payload specification: no %s protocol specified", [...]string{"link layer", "link layer", "network layer", "transport layer"}[layer-1])
	}
	n, ok := below.Number(p.Header)
	if !ok {
		fail(p.At, "conflicting protocols specified: %s vs. %s", below.Name, p.Header.Name)
	}
	if below == syntax.Ether && c.protos.Family == nft.Bridge && (p.Header == syntax.IP || p.Header == syntax.IP6) {
		below = syntax.NetdevDummy
	}
	c.announce(below, n)
	if c.protos.Header[layer] == nil || c.protos.Header[layer] == syntax.Unknown {
		c.protos.Header[layer] = p.Header
	}
}

// device adds the test for devices with Ethernet headers.
func (c *compiler) device(p *syntax.Payload) {
	if p.Base != nft.LinkHeader || c.protos.Family == nft.ARP && false {
		fail(p.At, "payload base is invalid for this family")
	}
	c.ether()
	if p.Header == syntax.VLAN {
		c.vlan(p)
	}
}

func (c *compiler) ether() {
	k := syntax.MetaKeys[nft.MetaIIFType]
	m := &syntax.Meta{Key: nft.MetaIIFType}
	m.Set(k.Type, k.Bits, k.Order)
	c.before(m, k.Type, 1)
}

// vlan adds the test for the VLAN tag after an Ethernet header.
func (c *compiler) vlan(p *syntax.Payload) {
	f := syntax.Ether.Field("type")
	typ := &syntax.Payload{Base: nft.LinkHeader, Off: f.Off, Header: syntax.Ether, Field: f}
	c.stack(typ)
	typ.Set(f.Type, f.Len, f.Order)
	c.before(typ, f.Type, 0x8100)
	c.stack(p)
}

// linkConflict resolves a conflict between two link layer headers.
func (c *compiler) linkConflict(p *syntax.Payload, have *syntax.Header) {
	if p.Header == syntax.VLAN && c.protos.Header[syntax.NetworkLayer] != nil {
		fail(p.At, "conflicting protocols specified: ether vs. vlan")
	}
	switch have {
	case syntax.InetDummy, syntax.NetdevDummy:
		// The network header is the same; a test is added.
		c.ether()
		if p.Header == syntax.VLAN {
			c.vlan(p)
		}
		return
	}
	for _, s := range c.protos.Stacked {
		if s == p.Header {
			return
		}
	}
	if _, ok := have.Number(p.Header); !ok {
		fail(p.At, "conflicting protocols specified: %s vs. %s", have.Name, p.Header.Name)
	}
	if have == syntax.Ether {
		c.vlan(p)
		return
	}
	c.stack(p)
}

// icmp adds the test for the ICMP types that have a field.
func (c *compiler) icmp(p *syntax.Payload) {
	need := p.Field.ICMP
	if need == 0 {
		return
	}
	have := c.protos.ICMP
	if need == 9 && have == 9 || need == 129 && (have == 129 || have == 130) || have == need {
		return
	}
	if have > 1 {
		fail(p.At, "incompatible icmp match: rule has %d, need %d", have-1, need-1)
	}
	f := p.Header.Field("type")
	typ := &syntax.Payload{Base: nft.TransportHeader, Off: f.Off, Header: p.Header, Field: f}
	typ.Set(f.Type, f.Len, f.Order)
	if need != 9 && need != 129 {
		c.before(typ, f.Type, uint64(need-1))
		c.protos.ICMP = need
		return
	}
	c.protos.ICMP = need
	reply := uint64(0)
	if need == 129 {
		reply = 129
	}
	set := &nft.Set{Key: keyType(typ), Constant: true}
	for _, n := range []uint64{min(uint64(need-1), reply), max(uint64(need-1), reply)} {
		set.Elements = append(set.Elements, nft.Element{Key: string([]byte{byte(n)})})
	}
	ref := &syntax.SetRef{Set: set, Init: &syntax.Set{}}
	c.stmts = append(c.stmts, &syntax.ExprStmt{Expr: &syntax.Rel{Op: syntax.Eq, L: typ, R: ref}})
}
