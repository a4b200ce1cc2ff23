package eval

import (
	"net/netip"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// ct loads a property of the packet's connection (net/netfilter/nft_ct.c,
// nft_ct_get_eval).
type ct struct {
	dst    register
	key    nft.CTKey
	hasDir bool
	dir    netfilter.Direction
}

func (e *ct) eval(m *machine) {
	if e.key == nft.CTState {
		m.regs.store32(e.dst, stateBit(m.c.CTState))
		return
	}
	conn := m.c.Conn
	if conn == nil || conn.Status&netfilter.ConnTemplate != 0 || !e.load(m, conn) {
		m.breakRule()
	}
}

// The bits of ct state (include/uapi/linux/netfilter/nf_conntrack_common.h,
// NF_CT_STATE_*).
const (
	stateInvalid     = 1
	stateEstablished = 2
	stateRelated     = 4
	stateNew         = 8
	stateUntracked   = 64
)

func stateBit(r netfilter.CTState) uint32 {
	switch r {
	case netfilter.CTUntracked:
		return stateUntracked
	case netfilter.CTNew:
		return stateNew
	case netfilter.CTEstablished, netfilter.CTEstablishedReply:
		return stateEstablished
	case netfilter.CTRelated, netfilter.CTRelatedReply:
		return stateRelated
	}
	return stateInvalid
}

// load stores the value of the key; false if the connection has none.
func (e *ct) load(m *machine, conn *netfilter.Conn) bool {
	switch e.key {
	case nft.CTDirection:
		m.regs.store8(e.dst, uint8(m.c.CTState.Direction()))
	case nft.CTStatus:
		m.regs.store32(e.dst, uint32(conn.Status))
	case nft.CTMark:
		m.regs.store32(e.dst, conn.Mark)
	case nft.CTSecMark:
		m.regs.store32(e.dst, 0)
	case nft.CTExpiration:
		m.regs.store32(e.dst, millisecondsLeft(m.c.Engine.Now(), conn))
	case nft.CTHelperName:
		if conn.Master == nil || conn.Master.Helper == "" {
			return false
		}
		m.storeName(e.dst, conn.Master.Helper)
	case nft.CTLabels:
		m.regs.store(e.dst, conn.Labels[:])
	case nft.CTPkts, nft.CTBytes, nft.CTAvgPkt:
		m.regs.store64(e.dst, e.counted(conn))
	case nft.CTZone:
		m.regs.store16(e.dst, e.zone(conn))
	case nft.CTL3Proto:
		m.regs.store8(e.dst, uint8(familyNumber(packet.FamilyOf(conn.Tuples[0].Src))))
	case nft.CTProtocol:
		m.regs.store8(e.dst, conn.Tuples[e.dir].Proto)
	case nft.CTSrc, nft.CTSrcIP, nft.CTSrcIP6:
		return e.storeAddr(m, conn.Tuples[e.dir].Src)
	case nft.CTDst, nft.CTDstIP, nft.CTDstIP6:
		return e.storeAddr(m, conn.Tuples[e.dir].Dst)
	case nft.CTProtoSrc:
		m.regs.storeBE16(e.dst, conn.Tuples[e.dir].SrcPort)
	case nft.CTProtoDst:
		m.regs.storeBE16(e.dst, conn.Tuples[e.dir].DstPort)
	default:
		return false
	}
	return true
}

// storeAddr stores an address; false if the key is for the other family.
func (e *ct) storeAddr(m *machine, a netip.Addr) bool {
	switch e.key {
	case nft.CTSrcIP, nft.CTDstIP:
		if !a.Is4() {
			return false
		}
	case nft.CTSrcIP6, nft.CTDstIP6:
		if a.Is4() {
			return false
		}
	}
	m.regs.store(e.dst, a.AsSlice())
	return true
}

// counted returns the counters of the connection, in one direction or both; 0
// if it has no counters.
func (e *ct) counted(conn *netfilter.Conn) uint64 {
	if !conn.HasCounters {
		return 0
	}
	n := conn.Counters[e.dir]
	if !e.hasDir {
		n = conn.Counters[netfilter.DirOriginal]
		n.Packets += conn.Counters[netfilter.DirReply].Packets
		n.Bytes += conn.Counters[netfilter.DirReply].Bytes
	}
	switch e.key {
	case nft.CTPkts:
		return n.Packets
	case nft.CTBytes:
		return n.Bytes
	}
	if n.Packets == 0 {
		return 0
	}
	return n.Bytes / n.Packets
}

// zone returns the zone of a direction (include/net/netfilter/
// nf_conntrack_zones.h, nf_ct_zone_id).
func (e *ct) zone(conn *netfilter.Conn) uint16 {
	if !e.hasDir || conn.ZoneDir == 0 || conn.ZoneDir == 1+netfilter.ZoneDirection(e.dir) {
		return conn.Zone
	}
	return 0
}

// millisecondsLeft returns the time until a connection expires. For one that is
// not confirmed the kernel's value cannot be predicted.
func millisecondsLeft(now time.Time, conn *netfilter.Conn) uint32 {
	if conn.Status&netfilter.ConnConfirmed == 0 {
		return 0
	}
	left := netfilter.Jiffies(conn.Expires) - netfilter.Jiffies(now)
	return uint32(max(left, 0) * 1000 / netfilter.HZ)
}

// ctSet changes the packet's connection (nft_ct_set_eval). Without one it does
// nothing.
type ctSet struct {
	key    nft.CTKey
	src    register
	hasDir bool
	dir    netfilter.Direction
}

func (e *ctSet) eval(m *machine) {
	if e.key == nft.CTZone {
		e.setZone(m)
		return
	}
	conn := m.c.Conn
	if conn == nil || conn.Status&netfilter.ConnTemplate != 0 {
		return
	}
	switch e.key {
	case nft.CTMark:
		conn.Mark = m.regs.load32(e.src)
	case nft.CTLabels:
		if conn.HasLabels {
			copy(conn.Labels[:], m.regs.bytes(e.src, len(conn.Labels)))
		}
	}
}

// setZone sets the zone in which the packet is tracked. It has no effect on a
// packet that is tracked already (nft_ct_set_zone_eval).
func (e *ctSet) setZone(m *machine) {
	if m.c.Conn != nil || m.c.CTState == netfilter.CTUntracked {
		return
	}
	t := netfilter.TrackConfig{Zone: m.regs.load16(e.src)}
	if e.hasDir {
		t.ZoneDir = 1 + netfilter.ZoneDirection(e.dir)
	}
	m.c.Engine.Track(t)
}

// notrack exempts the packet from connection tracking (nft_notrack_eval).
type notrack struct{}

func (*notrack) eval(m *machine) {
	if m.c.Conn == nil {
		m.c.Engine.Track(netfilter.TrackConfig{Untracked: true})
	}
}
