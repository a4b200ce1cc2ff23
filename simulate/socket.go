package simulate

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

// check refuses what cannot be bound.
func (s *Socket) check() error {
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

// score tells how well the socket suits a packet from src to dst; 0 if it does
// not. A connected one suits better than one bound to the address, and that
// better than one bound to any (net/ipv4/udp.c, compute_score;
// net/ipv4/inet_hashtables.c, __inet_lookup).
func (s *Socket) score(proto uint8, src, dst netip.AddrPort, dev string) int {
	score := 1
	if s.Proto != proto || s.Port != dst.Port() || s.Dev != "" && s.Dev != dev {
		return 0
	}
	if s.Dev != "" {
		score++
	}
	switch {
	case !s.Addr.IsValid():
	case s.Addr.Is4() != dst.Addr().Is4():
		return 0
	case s.Addr == dst.Addr():
		score += 4
	case !s.Addr.IsUnspecified():
		return 0
	}
	switch {
	case s.Remote == src:
		score += 16
	case s.Remote.IsValid():
		return 0
	}
	return score
}

// owner describes the socket to rules.
func (s *Socket) owner() *packet.Socket {
	o := s.Owner
	o.Wildcard = o.Wildcard || !s.Addr.IsValid() || s.Addr.IsUnspecified()
	return &o
}

// Open adds a socket to the host from now on.
func (s *Session) Open(sock Socket) error {
	if err := sock.check(); err != nil {
		return err
	}
	s.sockets = append(s.sockets[:len(s.sockets):len(s.sockets)], sock)
	return nil
}

// socketFor returns the socket a packet from src to dst is for; nil if there is
// none.
func (s *Session) socketFor(proto uint8, src, dst netip.AddrPort, dev string) *Socket {
	return s.bestSocket(proto, src, dst, dev, func(*Socket) bool { return true })
}

// bestSocket is socketFor among the sockets wanted.
func (s *Session) bestSocket(proto uint8, src, dst netip.AddrPort, dev string, wanted func(*Socket) bool) *Socket {
	var best *Socket
	most := 0
	for i := range s.sockets {
		sock := &s.sockets[i]
		if n := sock.score(proto, src, dst, dev); n > most && wanted(sock) {
			best, most = sock, n
		}
	}
	return best
}

// knowsSockets reports whether it was said which sockets the host has.
func (s *Session) knowsSockets() bool { return s.sockets != nil || len(s.streams) != 0 }

// ends returns where the packet came from and where it goes.
func (f *flow) ends() (src, dst netip.AddrPort) {
	return netip.AddrPortFrom(f.pkt.Src(), f.pkt.SrcPort()), netip.AddrPortFrom(f.pkt.Dst(), f.pkt.DstPort())
}
