package eval

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// meta loads metadata of the packet (net/netfilter/nft_meta.c,
// nft_meta_get_eval).
type meta struct {
	dst register
	key nft.MetaKey
}

func (e *meta) eval(m *machine) {
	if !metaLoaders[e.key](m, e.dst) {
		m.breakRule()
	}
}

// metaLoaders store the value of each key; false if there is none, which breaks
// the rule.
var metaLoaders = [...]func(m *machine, r register) bool{
	nft.MetaLen: func(m *machine, r register) bool {
		m.regs.store32(r, uint32(m.c.Packet.Len()))
		return true
	},
	nft.MetaProtocol: func(m *machine, r register) bool {
		m.regs.storeBE16(r, m.c.Family.EtherType())
		return true
	},
	nft.MetaNFProto: func(m *machine, r register) bool {
		m.regs.store8(r, uint8(familyNumber(m.c.Family)))
		return true
	},
	nft.MetaL4Proto: func(m *machine, r register) bool {
		m.regs.store8(r, m.info.proto)
		return m.info.hasTransport
	},
	nft.MetaPriority: func(m *machine, r register) bool {
		m.regs.store32(r, m.c.Packet.Priority)
		return true
	},
	nft.MetaMark: func(m *machine, r register) bool {
		m.regs.store32(r, m.c.Packet.Mark)
		return true
	},
	nft.MetaCPU: func(m *machine, r register) bool {
		m.regs.store32(r, m.c.Packet.CPU)
		return true
	},
	nft.MetaPktType: func(m *machine, r register) bool {
		m.regs.store8(r, uint8(m.c.Engine.PacketType()))
		return true
	},
	nft.MetaPRandom: func(m *machine, r register) bool {
		hi, lo := m.c.Engine.Pick(1<<16), m.c.Engine.Pick(1<<16)
		m.regs.store32(r, hi<<16|lo)
		return true
	},
	nft.MetaSecPath: func(m *machine, r register) bool {
		m.regs.store8(r, boolByte(len(m.c.Packet.IPsecIn) > 0))
		return true
	},
	nft.MetaSkUID: func(m *machine, r register) bool {
		s := m.c.Packet.Socket
		if s == nil || s.NoFile {
			return false
		}
		m.regs.store32(r, s.UID)
		return true
	},
	nft.MetaSkGID: func(m *machine, r register) bool {
		s := m.c.Packet.Socket
		if s == nil || s.NoFile {
			return false
		}
		m.regs.store32(r, s.GID)
		return true
	},
	nft.MetaCgroup: func(m *machine, r register) bool {
		s := m.c.Packet.Socket
		if s == nil {
			return false
		}
		m.regs.store32(r, s.ClassID)
		return true
	},
	nft.MetaRtClassID: func(m *machine, r register) bool {
		m.regs.store32(r, m.c.Engine.Realm())
		return m.c.Engine.HasRoute()
	},
	nft.MetaIIF:      func(m *machine, r register) bool { m.storeIndex(r, m.c.In); return true },
	nft.MetaOIF:      func(m *machine, r register) bool { m.storeIndex(r, m.c.Out); return true },
	nft.MetaIIFName:  func(m *machine, r register) bool { m.storeName(r, m.c.In); return true },
	nft.MetaOIFName:  func(m *machine, r register) bool { m.storeName(r, m.c.Out); return true },
	nft.MetaIIFType:  func(m *machine, r register) bool { return m.storeType(r, m.c.In) },
	nft.MetaOIFType:  func(m *machine, r register) bool { return m.storeType(r, m.c.Out) },
	nft.MetaIIFGroup: func(m *machine, r register) bool { return m.storeGroup(r, m.c.In) },
	nft.MetaOIFGroup: func(m *machine, r register) bool { return m.storeGroup(r, m.c.Out) },
	nft.MetaIIFKind:  func(m *machine, r register) bool { return m.storeKind(r, m.c.In) },
	nft.MetaOIFKind:  func(m *machine, r register) bool { return m.storeKind(r, m.c.Out) },
	nft.MetaSDIF:     func(m *machine, r register) bool { m.regs.store32(r, 0); return true },
	nft.MetaSDIFName: func(m *machine, r register) bool { m.storeName(r, ""); return true },
	nft.MetaTime: func(m *machine, r register) bool {
		m.regs.store64(r, uint64(m.c.Engine.Now().UnixNano()))
		return true
	},
	nft.MetaDay: func(m *machine, r register) bool {
		m.regs.store8(r, uint8(m.c.Engine.Now().UTC().Weekday()))
		return true
	},
	nft.MetaHour: func(m *machine, r register) bool {
		now := m.c.Engine.Now().UTC()
		m.regs.store32(r, uint32(now.Sub(now.Truncate(24*time.Hour))/time.Second))
		return true
	},
}

// familyNumber returns the number of a family (include/uapi/linux/netfilter.h,
// NFPROTO_*).
func familyNumber(f netfilter.Family) int {
	if f == netfilter.IPv6 {
		return 10
	}
	return 2
}

func boolByte(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// storeIndex stores the index of a link, 0 for none.
func (m *machine) storeIndex(r register, name string) { m.regs.store32(r, m.linkIndex(name)) }

// nameBytes is the length of names of links in rules (IFNAMSIZ).
const nameBytes = 16

func (m *machine) storeName(r register, name string) {
	m.regs.clear(r, nameBytes)
	copy(m.regs.bytes(r, nameBytes), name)
}

func (m *machine) storeType(r register, name string) bool {
	l, ok := m.c.Engine.Link(name)
	m.regs.store16(r, l.Type)
	return ok
}

func (m *machine) storeGroup(r register, name string) bool {
	l, ok := m.c.Engine.Link(name)
	m.regs.store32(r, l.Group)
	return ok
}

func (m *machine) storeKind(r register, name string) bool {
	l, ok := m.c.Engine.Link(name)
	m.storeName(r, l.Kind)
	return ok && l.Kind != ""
}

// metaSet sets metadata of the packet (nft_meta_set_eval).
type metaSet struct {
	key nft.MetaKey
	src register
}

func (e *metaSet) eval(m *machine) {
	switch e.key {
	case nft.MetaMark:
		m.c.Edit().Mark = m.regs.load32(e.src)
	case nft.MetaPriority:
		m.c.Edit().Priority = m.regs.load32(e.src)
	case nft.MetaPktType:
		if t := m.regs.load8(e.src); t <= uint8(netfilter.ToOther) {
			m.c.Engine.SetPacketType(netfilter.PacketType(t))
		}
	case nft.MetaNFTrace:
		m.c.Engine.SetTrace(m.regs.load8(e.src) != 0)
	}
}
