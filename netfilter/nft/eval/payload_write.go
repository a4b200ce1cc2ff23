package eval

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// payloadWrite changes bytes of the packet (net/netfilter/nft_payload.c,
// nft_payload_set_eval).
type payloadWrite struct {
	src            register
	base           nft.PayloadBase
	offset, length int
	checksum       nft.ChecksumType
	checksumOffset int
	pseudoHeader   bool // the checksum of the transport protocol covers the bytes, too
}

func (e *payloadWrite) eval(m *machine) {
	at, ok := e.start(m)
	if !ok || m.bytes(at+e.offset, e.length) == nil {
		m.breakRule()
		return
	}
	m.c.Engine.MakeWritable(at + e.offset + e.length)
	p := m.c.Edit()
	p.Unshare()
	after := p.UpdateChecksum()
	if !e.writeInternet(m, p, at) {
		m.breakRule()
		return
	}
	copy(p.Wire()[at+e.offset:], m.regs.bytes(e.src, e.length))
	after()
	if e.checksum == nft.SCTPChecksum && m.info.proto == packet.ProtoSCTP && !m.info.fragment {
		updateSCTP(p.Wire()[m.info.transport:])
	}
}

// start returns the offset of the header that the offset is relative to. Writes
// to the link layer header are ignored: nothing reads it afterwards.
func (e *payloadWrite) start(m *machine) (int, bool) {
	switch e.base {
	case nft.NetworkHeader:
		return 0, true
	case nft.TransportHeader:
		return m.info.transport, m.info.hasTransport && !m.info.fragment
	case nft.InnerHeader:
		return m.innerOffset()
	}
	return 0, false
}

// writeInternet updates the checksums that cover the bytes to be written; false
// if a checksum is beyond the end of the packet. A checksum left to the link is
// not changed.
func (e *payloadWrite) writeInternet(m *machine, p *packet.Packet, at int) bool {
	w := p.Wire()
	offloaded := p.ChecksumOffloaded()
	if (e.base == nft.TransportHeader || e.base == nft.InnerHeader) && offloaded {
		return true
	}
	old, next := w[at+e.offset:at+e.offset+e.length], m.regs.bytes(e.src, e.length)
	if e.checksum == nft.InetChecksum {
		if at+e.checksumOffset+2 > len(w) {
			return false
		}
		replaceSum(w[at+e.checksumOffset:], old, next)
	}
	if !e.pseudoHeader || offloaded {
		return true
	}
	if sum, ok := m.transportChecksum(); ok {
		if sum+2 > len(w) {
			return false
		}
		replaceSum(w[sum:], old, next)
	}
	return true
}

// replaceSum updates a checksum for bytes that change. A result of 0 is written
// as 0xffff (nft_csum_replace).
func replaceSum(field, old, next []byte) {
	sum := uint32(^binary.BigEndian.Uint16(field)) + uint32(packet.Checksum(old, 0)) + uint32(^packet.Checksum(next, 0))
	sum = sum&0xffff + sum>>16
	v := ^uint16(sum + sum>>16)
	if v == 0 {
		v = 0xffff
	}
	binary.BigEndian.PutUint16(field, v)
}

// transportChecksum returns the offset of the transport checksum, whose pseudo
// header covers the addresses (nft_payload_l4csum_offset).
func (m *machine) transportChecksum() (int, bool) {
	if !m.info.hasTransport || m.info.fragment {
		return 0, false
	}
	at := m.info.transport
	switch m.info.proto {
	case packet.ProtoTCP:
		return at + 16, true
	case packet.ProtoUDP:
		if sum := m.bytes(at+6, 2); sum == nil || sum[0]|sum[1] == 0 {
			return 0, false
		}
		return at + 6, true
	case packet.ProtoUDPLite:
		return at + 6, true
	case packet.ProtoICMPv6:
		return at + 2, true
	}
	return 0, false
}

// updateSCTP computes the checksum of an SCTP packet (nft_payload_csum_sctp).
func updateSCTP(h []byte) {
	if len(h) < 12 {
		return
	}
	clear(h[8:12])
	binary.LittleEndian.PutUint32(h[8:], packet.SCTPChecksum(h))
}
