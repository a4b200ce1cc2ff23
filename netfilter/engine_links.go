package netfilter

import "github.com/packetpath/packetpath/netfilter/packet"

// LinkEngine gives extensions access to the links and to the link layer header
// the packet arrived with.
type LinkEngine interface {
	// Ethernet returns the addresses of the Ethernet header the packet arrived
	// with; both are zero if it has none, because the host itself sent it or it
	// arrived by a link without Ethernet headers.
	Ethernet() (src, dst packet.MAC)
	// FromEthernet reports whether the packet arrived with an Ethernet header.
	FromEthernet() bool
	// LostEthernet reports whether the packet arrived on an Ethernet link without
	// an Ethernet header, as the looped-back copy of a multicast packet that the
	// host sends does.
	LostEthernet() bool
	// LinkHeader returns the link layer header of the packet, and whether it is
	// known. The header is nil for a packet the host generated, which has none yet,
	// and empty if the link has none or the packet no longer has it.
	LinkHeader() (header []byte, known bool)
	// Link returns the facts about a link; false if the host has none of this name.
	Link(name string) (LinkInfo, bool)
	// LinkName returns the name of the link with an index; "" if there is none.
	LinkName(index uint32) string
	// PacketType returns the packet's type at the link layer. Packets that the host
	// itself sends have type ToHost.
	PacketType() PacketType
	// SetPacketType changes the packet's type at the link layer.
	SetPacketType(t PacketType)
}

// LinkInfo holds the properties of a link that rules can match.
type LinkInfo struct {
	Index uint32
	Type  uint16 // type of the hardware (include/uapi/linux/if_arp.h, ARPHRD_*)
	Group uint32 // as "ip link set group" gives it
	Kind  string // as "ip -d link" shows it, such as "vlan"; "" for a physical link and for lo
}

// PacketType says to whom a packet is addressed at the link layer
// (include/uapi/linux/if_packet.h, PACKET_*). The zero value is ToHost.
type PacketType uint8

// The types that rules can see. Packets addressed to other hosts
// (PACKET_OTHERHOST) are dropped before all rules unless a bridge forwards
// them.
const (
	ToHost PacketType = iota
	ToBroadcast
	ToMulticast
	ToOther
)
