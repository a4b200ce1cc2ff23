package netfilter

import "github.com/packetpath/packetpath/netfilter/packet"

// Facts is what extensions may ask about links, routes and sockets. It is part
// of Engine.
type Facts interface {
	// FromEthernet reports whether the packet came in with an Ethernet header.
	FromEthernet(c *Context) bool
	// LostEthernet reports whether the packet is on an Ethernet link but has
	// lost that header: the copy of a packet that the host sends to a group.
	LostEthernet(c *Context) bool
	// LinkHeader returns the link layer header in front of the packet, and whether
	// it is known: nil for a packet made here, which has none yet, and empty where
	// the link has none or the packet lost it.
	LinkHeader(c *Context) (header []byte, known bool)
	// FindsQuote reports whether a rule that changes the header which an ICMPv6
	// error quotes, up to byte n of the packet, does find it. It does not where the
	// packet was put together from fragments and the first of them ends before, for
	// the rule then changes a copy, nor where a process sent the packet, header and
	// all, for the kernel then does not know where the transport header is, unless
	// it put the packet together.
	FindsQuote(c *Context, n int) bool
	// LinkGroup returns the group of a link, as "ip link set group" gives it.
	LinkGroup(name string) uint32
	// PacketType returns who the packet is for at the link layer. Packets of
	// the host itself are for it.
	PacketType(c *Context) PacketType
	// ReversePath reports whether an answer to the packet, which came in by
	// Context.In, would leave by the same link. It does for what came by lo.
	ReversePath(c *Context, o ReversePath) bool
	// Realm returns the realm of the packet's route; 0 if it has none.
	Realm(c *Context) uint32
	// LocalSocket returns the socket of the host that a packet is for which
	// came in: the one connected to its sender, else one that listens; nil if
	// there is none.
	LocalSocket(c *Context) *packet.Socket
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

// ReversePath says what the answer to a packet is to be judged by.
type ReversePath struct {
	Loose       bool // it may leave by any link
	ValidMark   bool // the packet's mark takes part in routing
	AcceptLocal bool // the sender may have an address of the host's own
}
