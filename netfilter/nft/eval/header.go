package eval

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// extension loads bytes of an extension header or option (net/netfilter/
// nft_exthdr.c). With present it loads whether the header is there.
type extension struct {
	dst     register
	kind    nft.ExthdrOp
	number  uint8
	offset  int
	length  int
	present bool
}

func (e *extension) eval(m *machine) {
	b, found := e.find(m)
	switch {
	case e.present && found != unusable:
		m.regs.store8(e.dst, boolByte(found == there))
	case b == nil:
		m.breakRule()
	default:
		m.regs.store(e.dst, b)
	}
}

// presence is the result of the search for a header or option.
type presence uint8

const (
	absent presence = iota
	there
	unusable // the packet cannot have such headers
)

// find returns the bytes; nil if they are missing.
func (e *extension) find(m *machine) ([]byte, presence) {
	switch e.kind {
	case nft.ExthdrIPv6:
		return e.findIPv6(m)
	case nft.ExthdrTCPOption:
		return e.findTCP(m)
	case nft.ExthdrIPOption:
		return e.findIPv4(m)
	case nft.ExthdrSCTPChunk:
		return e.findSCTP(m)
	}
	return e.findDCCP(m)
}

// findIPv6 looks for an IPv6 extension header (nft_exthdr_ipv6_eval).
func (e *extension) findIPv6(m *machine) ([]byte, presence) {
	if m.c.Packet.Family() != packet.IPv6 {
		return nil, unusable
	}
	at, found := m.c.Packet.ExtensionHeader(e.number)
	if found != packet.HeaderFound {
		return nil, absent
	}
	return m.bytes(at+e.offset, e.length), there
}

// tcpHeader returns the TCP header with its options; nil if the packet has no
// complete one (nft_tcp_header_pointer).
func (m *machine) tcpHeader() []byte {
	if !m.info.hasTransport || m.info.proto != packet.ProtoTCP || m.info.fragment {
		return nil
	}
	h := m.bytes(m.info.transport, 20)
	if h == nil {
		return nil
	}
	n := int(h[12]>>4) * 4
	if n < 20 {
		return nil
	}
	return m.bytes(m.info.transport, n)
}

// findTCP looks for a TCP option (nft_exthdr_tcp_eval).
func (e *extension) findTCP(m *machine) ([]byte, presence) {
	h := m.tcpHeader()
	at, n := tcpOption(h, e.number)
	if at < 0 || at+n > len(h) || e.offset+e.length > n {
		return nil, absent
	}
	return h[at+e.offset : at+e.offset+e.length], there
}

// tcpOption returns the offset of the first TCP option of a kind in a header, and its
// length, which may be beyond the end; -1 if there is none. An option without a
// length counts as one byte (optlen).
func tcpOption(h []byte, kind uint8) (at, n int) {
	for i := 20; i < len(h)-1; i += n {
		n = 1
		if h[i] > 1 {
			n = max(int(h[i+1]), 1)
		}
		if h[i] == kind {
			return i, n
		}
	}
	return -1, 0
}

// findSCTP looks for a chunk (nft_exthdr_sctp_eval).
func (e *extension) findSCTP(m *machine) ([]byte, presence) {
	if !m.info.hasTransport || m.info.proto != packet.ProtoSCTP || m.info.fragment {
		return nil, absent
	}
	at := m.info.transport + 12
	for {
		h := m.bytes(at, 4)
		if h == nil {
			return nil, absent
		}
		n := int(binary.BigEndian.Uint16(h[2:]))
		if h[0] == e.number {
			if e.present {
				return nil, there
			}
			return m.bytes(at+e.offset, e.length), there
		}
		if n < 4 {
			return nil, absent
		}
		at += (n + 3) &^ 3
		if at >= m.c.Packet.Len() {
			return nil, absent
		}
	}
}

// findDCCP looks for an option of DCCP (nft_exthdr_dccp_eval).
func (e *extension) findDCCP(m *machine) ([]byte, presence) {
	if !m.info.hasTransport || m.info.proto != packet.ProtoDCCP || m.info.fragment {
		return nil, absent
	}
	h := m.bytes(m.info.transport, 12)
	if h == nil {
		return nil, absent
	}
	options := m.bytes(m.info.transport, int(h[4])*4)
	for i := dccpHeaderLen(h); i < len(options); {
		if options[i] == e.number {
			return nil, there
		}
		if options[i] < 32 {
			i++
			continue
		}
		if i+1 >= len(options) || options[i+1] < 2 {
			break
		}
		i += int(options[i+1])
	}
	return nil, absent
}

// dccpHeaderLen returns where the options begin (include/linux/dccp.h,
// dccp_packet_hdr_len, with the generic header's length before it).
func dccpHeaderLen(h []byte) int {
	n := 12
	if h[8]&1 != 0 {
		n = 16
	}
	switch h[8] >> 1 & 15 {
	case 0:
		return n + 4
	case 1:
		return n + 12
	case 2:
		return n
	}
	return n + 8
}
