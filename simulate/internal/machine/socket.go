package machine

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

// FindSocket returns the socket of a list that receives a packet from src to dst on the
// link dev, of those for which wanted returns true; nil if there is none.
func FindSocket(list []host.Socket, proto uint8, src, dst netip.AddrPort, dev string, wanted func(*host.Socket) bool) *host.Socket {
	var best *host.Socket
	most := 0
	for i := range list {
		s := &list[i]
		if n := score(s, proto, src, dst, dev); n > most && wanted(s) {
			best, most = s, n
		}
	}
	return best
}

// Any is the condition of FindSocket that all sockets meet.
func Any(*host.Socket) bool { return true }

// Listening reports whether the socket has no remote end.
func Listening(s *host.Socket) bool { return !s.Remote.IsValid() }

// Connected reports whether the socket has a remote end.
func Connected(s *host.Socket) bool { return s.Remote.IsValid() }

// score returns the lookup score of a socket for a packet from src to dst; 0 if it does
// not match. A connected socket scores higher than one bound to the address, and that
// higher than one bound to any address (net/ipv4/udp.c, compute_score;
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

// Owner returns the properties of a socket that rules can match.
func Owner(s *host.Socket) *packet.Socket {
	o := s.Owner
	o.Wildcard = o.Wildcard || !s.Addr.IsValid() || s.Addr.IsUnspecified()
	return &o
}
