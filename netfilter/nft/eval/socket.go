package eval

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// socketFact loads a property of the local socket that receives or sent the
// packet (net/netfilter/nft_socket.c).
type socketFact struct {
	dst register
	key nft.SocketKey
}

func (e *socketFact) eval(m *machine) {
	s := m.socket()
	if s == nil {
		m.breakRule()
		return
	}
	switch e.key {
	case nft.SocketTransparent:
		m.regs.store8(e.dst, boolByte(s.Transparent))
	case nft.SocketMark:
		m.regs.store32(e.dst, s.Mark)
	case nft.SocketWildcard:
		m.regs.store8(e.dst, boolByte(s.Wildcard))
	default:
		m.breakRule()
	}
}

// socket returns the socket; nil if there is none. Only sockets of TCP and UDP
// can be looked up, and only for incoming packets (nft_socket_do_lookup).
func (m *machine) socket() *packet.Socket {
	if s := m.c.Packet.Socket; s != nil {
		return s
	}
	if m.c.In == "" || !m.info.hasTransport || m.info.fragment {
		return nil
	}
	return m.c.Engine.LocalSocket()
}

// fingerprint loads the name of the sender's operating system (net/netfilter/
// nft_osf.c). No fingerprints are loaded.
type fingerprint struct{ dst register }

func (e *fingerprint) eval(m *machine) {
	if m.c.Packet.Family() != packet.IPv4 || m.c.Packet.TCPFlags()&packet.SYN == 0 {
		m.breakRule()
		return
	}
	m.c.Engine.Assume("no fingerprints of operating systems are loaded")
	m.storeName(e.dst, "unknown")
}
