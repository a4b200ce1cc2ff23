package netfilter

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// SocketEngine is what extensions may ask about the sockets of the host.
type SocketEngine interface {
	// LocalSocket returns the socket of the host that a packet is for which
	// came in: the one connected to its sender, else one that listens; nil if
	// there is none.
	LocalSocket() *packet.Socket
	// AssignSocket gives the packet to a transparent local socket: one connected to
	// the packet's sender, else one that listens on this address and port; false
	// if there is none. An unspecified address is that of the link
	// (include/net/netfilter/nf_tproxy.h, nf_tproxy_assign_sock).
	AssignSocket(a netip.Addr, port uint16) bool
}
