package eval

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// transform loads a property of an IPsec transform (net/netfilter/nft_xfrm.c).
type transform struct {
	dst    register
	key    nft.XfrmKey
	out    bool
	number int // 0 is the outermost transform of an incoming packet
}

func (e *transform) eval(m *machine) {
	list := m.c.Packet.IPsecIn
	if e.out {
		list = m.c.Packet.IPsecOut
	}
	if e.number >= len(list) || !e.load(m, &list[e.number]) {
		m.breakRule()
	}
}

// load stores the property; false if the transform has none. Only those in
// tunnel mode have addresses.
func (e *transform) load(m *machine, t *packet.Transform) bool {
	switch e.key {
	case nft.XfrmReqID:
		m.regs.store32(e.dst, t.ReqID)
		return true
	case nft.XfrmSPI:
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], t.SPI)
		m.regs.store(e.dst, b[:])
		return true
	}
	if t.Mode != packet.TunnelMode {
		return false
	}
	a := t.Src
	if e.key == nft.XfrmDAddrIP4 || e.key == nft.XfrmDAddrIP6 {
		a = t.Dst
	}
	if a.Is4() != (e.key == nft.XfrmDAddrIP4 || e.key == nft.XfrmSAddrIP4) {
		return false
	}
	m.regs.store(e.dst, a.AsSlice())
	return true
}
