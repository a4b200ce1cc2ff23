package host

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Socket is a TCP, UDP or UDP-Lite socket of the host that packets may be for.
type Socket struct {
	Proto uint8
	// Addr is the address it is bound to; the zero Addr is any of both families,
	// 0.0.0.0 any of IPv4, :: any of IPv6.
	Addr netip.Addr
	Port uint16
	// Remote is the other end of a connected socket; with the zero value a TCP
	// socket listens and any other one hears everybody.
	Remote netip.AddrPort
	Dev    string // the link it is bound to; "" for any
	Owner  packet.Socket
}

// Check returns an error if the kernel would not bind such a socket.
func (s *Socket) Check() error {
	switch s.Proto {
	case packet.ProtoTCP, packet.ProtoUDP, packet.ProtoUDPLite:
	default:
		return fmt.Errorf("socket of protocol %d: only TCP, UDP and UDP-Lite have sockets here", s.Proto)
	}
	if s.Port == 0 {
		return fmt.Errorf("%s socket without a port", packet.ProtocolName(s.Proto))
	}
	if s.Remote.IsValid() && s.Addr.IsValid() && s.Remote.Addr().Is4() != s.Addr.Is4() {
		return fmt.Errorf("%s socket: address %s and other end %s are of different families", packet.ProtocolName(s.Proto), s.Addr, s.Remote)
	}
	return nil
}
