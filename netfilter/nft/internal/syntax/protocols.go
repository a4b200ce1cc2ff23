package syntax

import "github.com/packetpath/packetpath/netfilter/nft"

// Layer is a protocol layer. Layer 0 is the device.
type Layer int

// The layers.
const (
	NoLayer Layer = iota
	LinkLayer
	NetworkLayer
	TransportLayer
	InnerLayer
)

// LayerOf returns the layer of a payload's base.
func LayerOf(b nft.PayloadBase) Layer { return Layer(b) + 1 }

// Unknown stands for a protocol whose header is not modelled.
var Unknown = &Header{Name: "unknown"}

// Protocols are the headers of a packet known at a position in a rule, by
// layer.
type Protocols struct {
	Family  nft.Family
	Header  [InnerLayer + 1]*Header
	Stacked []*Header // link layer headers before the innermost
	ICMP    int       // the ICMP type, plus one; 0 if not known
	// Either holds the possible headers of a layer, if a rule tests for several.
	Either [InnerLayer + 1][]*Header
}

// NewProtocols returns the protocols implied by the family.
func NewProtocols(f nft.Family) *Protocols {
	p := &Protocols{Family: f}
	switch f {
	case nft.IP:
		p.Header[NetworkLayer] = IP
	case nft.IP6:
		p.Header[NetworkLayer] = IP6
	case nft.ARP:
		p.Header[NetworkLayer] = ARP
	case nft.Inet:
		p.Header[LinkLayer] = InetDummy
	case nft.Bridge:
		p.Header[LinkLayer] = Ether
	case nft.Netdev:
		p.Header[LinkLayer] = NetdevDummy
	}
	return p
}

// Base returns the lowest layer that the family's packets have.
func (p *Protocols) Base() Layer {
	switch p.Family {
	case nft.IP, nft.IP6, nft.ARP:
		return NetworkLayer
	}
	return LinkLayer
}

// set sets the header of a layer.
func (p *Protocols) set(l Layer, h *Header) { p.Header[l] = h }

// Conflict returns another header that a layer may have according to a test
// for several; nil if there is none.
func (p *Protocols) Conflict(l Layer, h *Header) *Header {
	if len(p.Either[l]) < 2 {
		return nil
	}
	for _, x := range p.Either[l] {
		if x != h {
			return x
		}
	}
	return nil
}

// LearnAny records that an expression has one of several values.
func (p *Protocols) LearnAny(e Expr, values []uint64) {
	var seen [InnerLayer + 1][]*Header
	for _, n := range values {
		before := p.Header
		p.Learn(e, n)
		for l := range p.Header {
			if p.Header[l] != before[l] || len(values) > 1 && p.Header[l] != nil && len(seen[l]) > 0 {
				seen[l] = append(seen[l], p.Header[l])
			}
		}
	}
	for l := range seen {
		if len(seen[l]) > 1 {
			p.Either[l] = seen[l]
		}
	}
}

// IsKey reports whether an expression determines the next header, and the layer of the
// expression.
func IsKey(e Expr) (Layer, bool) {
	switch e := e.(type) {
	case *Payload:
		if e.Field != nil && e.Header.Key == e.Field.Name {
			return LayerOf(e.Base), true
		}
	case *Meta:
		switch e.Key {
		case nft.MetaIIFType:
			return NoLayer, true
		case nft.MetaNFProto, nft.MetaProtocol:
			return LinkLayer, true
		case nft.MetaL4Proto:
			return NetworkLayer, true
		}
	case *CT:
		switch e.Key {
		case nft.CTL3Proto:
			return LinkLayer, true
		case nft.CTProtocol:
			return NetworkLayer, true
		}
	}
	return NoLayer, false
}

// Learn records that an expression has a value.
func (p *Protocols) Learn(e Expr, n uint64) {
	switch e := e.(type) {
	case *Payload:
		p.learnPayload(e, n)
	case *Meta:
		p.learnMeta(e.Key, n)
	case *CT:
		if e.Key != nft.CTProtocol {
			return
		}
		if h := p.Header[NetworkLayer].Upper(n); h != nil {
			p.set(TransportLayer, h)
		}
	}
}

func (p *Protocols) learnPayload(e *Payload, n uint64) {
	if _, ok := IsKey(e); !ok {
		return
	}
	here := p.Header[LayerOf(e.Base)]
	if here == nil {
		return
	}
	if here == ICMP || here == ICMP6 {
		p.ICMP = int(n) + 1
		return
	}
	up := here.Upper(n)
	if up == nil {
		return
	}
	if up.Base == here.Base {
		if up.Base != nft.LinkHeader {
			return
		}
		p.Stacked = append(p.Stacked, here)
	}
	p.set(LayerOf(up.Base), up)
}

func (p *Protocols) learnMeta(k nft.MetaKey, n uint64) {
	known := func(h *Header) *Header {
		if h == nil {
			return Unknown
		}
		return h
	}
	switch k {
	case nft.MetaIIFType:
		switch {
		case p.Family == nft.Bridge:
		case n == 1:
			p.set(LinkLayer, Ether)
		default:
			p.set(LinkLayer, Unknown)
		}
	case nft.MetaNFProto:
		p.set(NetworkLayer, known(InetDummy.Upper(n)))
	case nft.MetaL4Proto:
		p.set(TransportLayer, known(Service.Upper(n)))
	case nft.MetaProtocol:
		if p.Family == nft.Bridge || p.Family == nft.Netdev {
			p.set(NetworkLayer, known(NetdevDummy.Upper(n)))
		}
	}
}
