package eval

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// routeFact loads a property of the packet's route (net/netfilter/nft_rt.c,
// nft_rt_get_eval).
type routeFact struct {
	dst register
	key nft.RTKey
}

// defaultMSS is the segment size if the path MTU is too small or unknown
// (TCP_MSS_DEFAULT).
const defaultMSS = 536

func (e *routeFact) eval(m *machine) {
	if !m.c.Engine.HasRoute() {
		m.breakRule()
		return
	}
	switch e.key {
	case nft.RTClassID:
		m.regs.store32(e.dst, m.c.Engine.Realm())
	case nft.RTNextHop4, nft.RTNextHop6:
		if (m.c.Family == netfilter.IPv4) != (e.key == nft.RTNextHop4) {
			m.breakRule()
			return
		}
		m.regs.store(e.dst, m.c.Engine.Gateway().AsSlice())
	case nft.RTTCPMSS:
		m.regs.store16(e.dst, m.segmentSize())
	case nft.RTXfrm:
		m.regs.store8(e.dst, boolByte(len(m.c.Packet.IPsecOut) > 0))
	}
}

// segmentSize returns the maximum TCP segment size for the packet's route and
// for the reverse route (get_tcpmss).
func (m *machine) segmentSize() uint16 {
	headers := 20 + 20
	if m.c.Family == netfilter.IPv6 {
		headers = 40 + 20
	}
	mtu := m.c.Engine.PathMTU()
	if mtu <= headers || mtu > 0xffff {
		return defaultMSS
	}
	return uint16(mtu - headers)
}
