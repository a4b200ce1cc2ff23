package eval

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// payload loads bytes of the packet (net/netfilter/nft_payload.c,
// nft_payload_eval).
type payload struct {
	dst    register
	base   nft.PayloadBase
	offset int
	length int
}

func (e *payload) eval(m *machine) {
	var b []byte
	switch e.base {
	case nft.LinkHeader:
		b = m.linkBytes(e.offset, e.length)
	case nft.NetworkHeader:
		b = m.bytes(e.offset, e.length)
	case nft.TransportHeader:
		if m.info.hasTransport && (!m.info.fragment || e.fast()) {
			b = m.bytes(m.info.transport+e.offset, e.length)
		}
	case nft.InnerHeader:
		if inner, ok := m.innerOffset(); ok {
			b = m.bytes(inner+e.offset, e.length)
		}
	}
	if b == nil {
		m.breakRule()
		return
	}
	m.regs.store(e.dst, b)
}

// fast reports whether the kernel uses the fast path for the load, which does
// not check whether the packet is a later fragment
// (net/netfilter/nf_tables_core.c, nft_payload_fast_eval; nft_payload.c,
// nft_payload_select_ops).
func (e *payload) fast() bool {
	return (e.length == 1 || e.length == 2 || e.length == 4) && e.offset%e.length == 0
}

// bytes returns bytes of the packet, counted from the IP header; nil if it is too
// short.
func (m *machine) bytes(offset, n int) []byte {
	w := m.c.Packet.Wire()
	if offset < 0 || offset > len(w)-n {
		return nil
	}
	return w[offset : offset+n]
}

// linkBytes returns bytes counted from the link layer header, which is followed
// by the IP header; nil if the packet has no link layer header.
func (m *machine) linkBytes(offset, n int) []byte {
	header, _ := m.c.Engine.LinkHeader()
	if len(header) == 0 {
		return nil
	}
	if offset+n <= len(header) {
		return header[offset : offset+n]
	}
	all := append(header[:len(header):len(header)], m.c.Packet.Wire()...)
	if offset > len(all)-n {
		return nil
	}
	return all[offset : offset+n]
}

// innerOffset returns the offset of the payload of the transport protocol
// (net/netfilter/nft_payload.c, __nft_payload_inner_offset).
func (m *machine) innerOffset() (int, bool) {
	if !m.info.hasTransport || m.info.fragment {
		return 0, false
	}
	switch at := m.info.transport; m.info.proto {
	case packet.ProtoUDP:
		return at + 8, true
	case packet.ProtoTCP:
		if h := m.bytes(at, 20); h != nil {
			return at + int(h[12]>>4)*4, true
		}
	case packet.ProtoGRE:
		if h := m.bytes(at, 4); h != nil {
			return at + greLength(h), true
		}
	case protoIPIP:
		return at, true
	}
	return 0, false
}

// greLength returns the length of a GRE header of version 0 (nft_payload.c,
// __nft_payload_inner_offset).
func greLength(h []byte) int {
	n := 4
	for _, flag := range []byte{0x80, 0x20, 0x10} { // checksum, key, sequence number
		if h[0]&flag != 0 {
			n += 4
		}
	}
	return n
}

// protoIPIP is the protocol of IPv4 packets in IPv4 packets.
const protoIPIP = 4
