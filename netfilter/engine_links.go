package netfilter

import "github.com/packetpath/packetpath/netfilter/packet"

// LinkEngine is what extensions may ask about the links and the frame that a packet
// came in.
type LinkEngine interface {
	// Ethernet returns the addresses of the Ethernet header the packet arrived
	// with; both are zero if it has none, being sent by the host itself or
	// having come by a link without such a header.
	Ethernet() (src, dst packet.MAC)
	// FromEthernet reports whether the packet came in with an Ethernet header.
	FromEthernet() bool
	// LostEthernet reports whether the packet is on an Ethernet link but has
	// lost that header: the copy of a packet that the host sends to a group.
	LostEthernet() bool
	// LinkHeader returns the link layer header in front of the packet, and whether
	// it is known: nil for a packet made here, which has none yet, and empty where
	// the link has none or the packet lost it.
	LinkHeader() (header []byte, known bool)
	// Link returns the facts about a link; false if the host has none of this name.
	Link(name string) (LinkInfo, bool)
	// LinkName returns the name of the link with an index; "" if there is none.
	LinkName(index uint32) string
	// PacketType returns who the packet is for at the link layer. Packets of
	// the host itself are for it.
	PacketType() PacketType
	// SetPacketType changes who the packet is for.
	SetPacketType(t PacketType)
}

// LinkInfo is what rules may ask about a link.
type LinkInfo struct {
	Index uint32
	Type  uint16 // of its hardware (include/uapi/linux/if_arp.h, ARPHRD_*)
	Group uint32 // as "ip link set group" gives it
	Kind  string // as "ip -d link" shows it, such as "vlan"; "" for a physical link and for lo
}

// PacketType is who a packet is for at the link layer (include/uapi/linux/
// if_packet.h, PACKET_*). The zero value is ToHost.
type PacketType uint8

// The types that rules can see. Packets to others are dropped ahead of all
// rules unless a bridge takes them.
const (
	ToHost PacketType = iota
	ToBroadcast
	ToMulticast
	ToOther
)
