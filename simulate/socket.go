package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

// score tells how well a socket suits a packet from src to dst; 0 if it does
// not. A connected one suits better than one bound to the address, and that
// better than one bound to any (net/ipv4/udp.c, compute_score;
// net/ipv4/inet_hashtables.c, __inet_lookup).
func score(s *host.Socket, proto uint8, src, dst netip.AddrPort, dev string) int {
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

// ownerOf describes a socket to rules.
func ownerOf(s *host.Socket) *packet.Socket {
	o := s.Owner
	o.Wildcard = o.Wildcard || !s.Addr.IsValid() || s.Addr.IsUnspecified()
	return &o
}

// Open adds a socket to the host from now on.
func (s *Session) Open(sock host.Socket) error {
	if err := sock.Check(); err != nil {
		return err
	}
	s.sockets = append(s.sockets[:len(s.sockets):len(s.sockets)], sock)
	return nil
}

// socketFor returns the socket a packet from src to dst is for; nil if there is
// none.
func (s *Session) socketFor(proto uint8, src, dst netip.AddrPort, dev string) *host.Socket {
	return s.bestSocket(proto, src, dst, dev, func(*host.Socket) bool { return true })
}

// bestSocket is socketFor among the sockets wanted.
func (s *Session) bestSocket(proto uint8, src, dst netip.AddrPort, dev string, wanted func(*host.Socket) bool) *host.Socket {
	var best *host.Socket
	most := 0
	for i := range s.sockets {
		sock := &s.sockets[i]
		if n := score(sock, proto, src, dst, dev); n > most && wanted(sock) {
			best, most = sock, n
		}
	}
	return best
}

// knowsSockets reports whether it was said which sockets the host has.
func (s *Session) knowsSockets() bool { return s.sockets != nil || len(s.streams) != 0 }

// ends returns where the packet came from and where it goes.
func (tr *transit) ends() (src, dst netip.AddrPort) {
	return netip.AddrPortFrom(tr.pkt.Src(), tr.pkt.SrcPort()), netip.AddrPortFrom(tr.pkt.Dst(), tr.pkt.DstPort())
}
