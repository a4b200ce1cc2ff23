package eval

import (
	"math/bits"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// fib looks up the route of an address (net/netfilter/nft_fib.c).
type fib struct {
	dst    register
	query  netfilter.RouteQuery
	result nft.FibResult
	// present loads whether there is a route instead of the link.
	present bool
}

func (e *fib) eval(m *machine) {
	if e.result == nft.FibAddrType {
		m.regs.store32(e.dst, e.addrType(m))
		return
	}
	link := m.c.Engine.RouteLink(e.query)
	switch {
	case e.present:
		m.regs.store8(e.dst, boolByte(link != ""))
	case e.result == nft.FibOIF:
		m.storeIndex(e.dst, link)
	default:
		m.storeName(e.dst, link)
	}
}

// addrType returns the number of the address's type
// (include/uapi/linux/rtnetlink.h, RTN_*). An IPv6 address may have several
// types: the result of routing takes precedence over the type of the address
// itself (nft_fib_ipv6.c, __nft_fib6_eval_type).
func (e *fib) addrType(m *machine) uint32 {
	dev := ""
	switch {
	case e.query.In:
		dev = m.c.In
	case e.query.Out:
		dev = m.c.Out
	}
	a := m.c.Packet.Dst()
	if e.query.Source {
		a = m.c.Packet.Src()
	}
	t := m.c.Engine.AddrType(a, dev)
	if dev != "" && m.c.Family == netfilter.IPv6 {
		t = t&netfilter.AddrLocal | m.c.Engine.AddrType(a, "")&^netfilter.AddrLocal
	}
	for _, first := range [...]netfilter.AddrType{netfilter.AddrAnycast, netfilter.AddrLocal, netfilter.AddrUnreachable, netfilter.AddrMulticast} {
		if t&first != 0 {
			t = first
			break
		}
	}
	return uint32(bits.TrailingZeros16(uint16(t)))
}
