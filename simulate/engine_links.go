package simulate

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Ethernet implements netfilter.LinkEngine.
func (tr *transit) Ethernet() (src, dst packet.MAC) {
	if tr.in == nil || tr.origin.local() || tr.in.NoHeader || tr.in.Loopback {
		return src, dst
	}
	if dst = tr.pkt.DstMAC; dst == (packet.MAC{}) {
		dst = tr.in.MAC
	}
	return tr.pkt.SrcMAC, dst
}

// FromEthernet implements netfilter.LinkEngine. Loopback copies of locally generated
// broadcast and multicast packets have no link header.
func (tr *transit) FromEthernet() bool {
	return tr.in != nil && !tr.in.Loopback && !tr.in.NoHeader && !tr.loopback.copied
}

// LostEthernet implements netfilter.LinkEngine.
func (tr *transit) LostEthernet() bool {
	return tr.in != nil && !tr.in.Loopback && !tr.in.NoHeader && tr.loopback.copied
}

// LinkHeader implements netfilter.LinkEngine (net/core/filter.c,
// bpf_internal_load_pointer_neg_helper; net/ethernet/eth.c, eth_header). Packets
// received on lo have an Ethernet header with zero addresses.
func (tr *transit) LinkHeader() ([]byte, bool) {
	switch {
	case tr.origin == teeCopy:
		return nil, false
	case tr.in == nil || tr.origin.local() && !tr.loopback.returned:
		return nil, true
	case tr.in.NoHeader || tr.loopback.copied:
		return []byte{}, true
	}
	src, dst := tr.pkt.SrcMAC, tr.pkt.DstMAC
	if dst == (packet.MAC{}) {
		dst = tr.in.MAC
	}
	if tr.in.Loopback {
		src, dst = packet.MAC{}, packet.MAC{}
	} else if src == (packet.MAC{}) || dst == (packet.MAC{}) {
		return nil, false
	}
	header := append(append(make([]byte, 0, 14), dst[:]...), src[:]...)
	return binary.BigEndian.AppendUint16(header, tr.c.Family.EtherType()), true
}

// The hardware types of links (include/uapi/linux/if_arp.h, ARPHRD_*).
const (
	typeEthernet = 1
	typeLoopback = 772
	typeNone     = 0xfffe
)

// Link implements netfilter.LinkEngine.
func (tr *transit) Link(name string) (netfilter.LinkInfo, bool) {
	l := tr.s.node.machine.Link(name)
	if l == nil || name == "" {
		return netfilter.LinkInfo{}, false
	}
	info := netfilter.LinkInfo{Index: uint32(l.Index), Type: typeEthernet, Group: l.Group, Kind: l.Kind}
	switch {
	case l.Loopback:
		info.Type = typeLoopback
	case l.NoHeader:
		info.Type = typeNone
	}
	return info, true
}

// LinkName implements netfilter.LinkEngine.
func (tr *transit) LinkName(index uint32) string {
	for _, l := range tr.s.node.machine.Links {
		if uint32(l.Index) == index {
			return l.Name
		}
	}
	return ""
}

// SetPacketType implements netfilter.LinkEngine.
func (tr *transit) SetPacketType(t netfilter.PacketType) { tr.skb.frame = frameState{true, t} }

// frameState is the packet type (skb->pkt_type) that rules have set.
type frameState struct {
	changed bool
	typ     netfilter.PacketType
}

// PacketType implements netfilter.LinkEngine (net/ethernet/eth.c, eth_type_trans;
// net/netfilter/xt_pkttype.c, pkttype_mt).
func (tr *transit) PacketType() netfilter.PacketType {
	switch mac := tr.pkt.DstMAC; {
	case tr.skb.frame.changed:
		return tr.skb.frame.typ
	case tr.loopedCopy() && (tr.c.Family == netfilter.IPv6 || packet.IsMulticast(tr.pkt.Dst())):
		return netfilter.ToMulticast
	case tr.loopedCopy():
		return netfilter.ToBroadcast
	case tr.origin.local() || tr.in == nil || tr.in.NoHeader || mac == (packet.MAC{}) || mac == tr.in.MAC:
		return netfilter.ToHost
	case mac == packet.MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}:
		return netfilter.ToBroadcast
	case mac[0]&1 != 0:
		return netfilter.ToMulticast
	}
	if tr.pkt.PhysIn != "" {
		return netfilter.ToHost // br_netfilter sets PACKET_HOST while the hooks run
	}
	return netfilter.ToOther
}

// loopedCopy reports whether the packet is the loopback copy of a broadcast or
// multicast packet, whose input link is the output link of the original. The input
// link of fragments that the host sends to itself is lo.
func (tr *transit) loopedCopy() bool {
	return tr.loopback.copied && tr.loopback.returned && !tr.in.Loopback
}
