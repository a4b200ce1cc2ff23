package netfilter

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// SocketEngine gives extensions access to the sockets of the host.
type SocketEngine interface {
	// LocalSocket returns the local socket that would receive the incoming packet:
	// the one connected to its source, else a listening one; nil if there is none.
	LocalSocket() *packet.Socket
	// AssignSocket gives the packet to a transparent local socket: one connected to
	// the packet's sender, else one that listens on this address and port; false
	// if there is none. An unspecified address is that of the link
	// (include/net/netfilter/nf_tproxy.h, nf_tproxy_assign_sock).
	AssignSocket(a netip.Addr, port uint16) bool
}
