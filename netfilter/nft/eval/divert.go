package eval

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// tproxy assigns the packet to a transparent local socket; if there is none, it
// breaks (net/netfilter/nft_tproxy.c).
type tproxy struct {
	family           netfilter.Family
	any              bool // both families
	hasAddr, hasPort bool
	addr, port       register
}

func (e *tproxy) eval(m *machine) {
	if !e.any && e.family != m.c.Family || m.info.proto != packet.ProtoTCP && m.info.proto != packet.ProtoUDP ||
		m.info.fragment || m.bytes(m.info.transport, 4) == nil {
		m.breakRule()
		return
	}
	var addr netip.Addr
	if e.hasAddr {
		addr = m.loadAddr(e.addr)
	} else {
		addr = netip.IPv4Unspecified()
		if m.c.Family == netfilter.IPv6 {
			addr = netip.IPv6Unspecified()
		}
	}
	port := m.c.Packet.DstPort()
	if e.hasPort {
		port = m.regs.loadBE16(e.port)
	}
	if !m.c.Engine.AssignSocket(addr, port) {
		m.breakRule()
	}
}

// enqueue passes the packet to a user space program
// (net/netfilter/nft_queue.c).
type enqueue struct {
	hasSrc      bool
	src         register // holds the number of the queue
	first, last uint16
	bypass      bool
}

func (e *enqueue) eval(m *machine) {
	first, last := e.first, e.last
	if e.hasSrc {
		first = m.regs.load16(e.src)
		last = first
	}
	m.decide(m.c.Engine.Queue(first, last, e.bypass))
}

// duplicate sends a copy of the packet to a gateway
// (net/ipv4/netfilter/nft_dup_ipv4.c).
type duplicate struct {
	addr, device register
	hasDevice    bool
}

func (e *duplicate) eval(m *machine) {
	out := ""
	if e.hasDevice {
		out = m.linkName(m.regs.load32(e.device))
	}
	m.c.Engine.Duplicate(m.loadAddr(e.addr), out)
}

// synproxy completes the TCP handshake of a client in place of the server
// (net/netfilter/nft_synproxy.c).
type synproxy struct{ config netfilter.SynProxy }

func (e *synproxy) eval(m *machine) {
	if m.info.proto != packet.ProtoTCP || m.info.fragment {
		m.breakRule()
		return
	}
	h := m.tcpHeader()
	if h == nil {
		m.verdict = verdict{code: codeDrop}
		return
	}
	const opens, ends = packet.SYN, packet.FIN | packet.RST
	flags := packet.TCPFlags(h[13])
	if flags&ends != 0 || flags&(opens|packet.ACK) == opens|packet.ACK || flags&(opens|packet.ACK) == 0 {
		return
	}
	m.decide(m.c.Engine.AnswerSYN(e.config))
}
