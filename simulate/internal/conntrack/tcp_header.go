package conntrack

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// tcpHeader is what the tracker reads of a TCP segment.
type tcpHeader struct {
	seq, ack uint32
	end      uint32 // number after the segment; SYN and FIN count as a byte each
	win      uint32 // as it stands there, without scaling
	flags    packet.TCPFlags
	kind     tcpKind
	options  []byte
}

func (h *tcpHeader) has(f packet.TCPFlags) bool { return h.flags&f != 0 }

// tcpHeader reads the header; false if it is cut short, the checksum is bad or
// the flags make no sense (nf_conntrack_proto_tcp.c, tcp_error).
func (t *Table) tcpHeader(s *segment) (h tcpHeader, ok bool) {
	b, ok := packet.ReadTCP(s.body())
	if !ok || t.checks(s) && !s.sumOK(len(b), packet.ProtoTCP) {
		return h, false
	}
	h = tcpHeader{seq: b.Seq(), ack: b.Ack(), win: uint32(b.Window()), flags: b.Flags(), options: b.Options()}
	h.kind = kindOf(h.flags)
	h.end = h.seq + uint32(len(b.Payload()))
	if h.has(packet.SYN) {
		h.end++
	}
	if h.has(packet.FIN) {
		h.end++
	}
	return h, sensible(h.flags)
}

// sensible reports whether the combination of flags may occur; PSH, ECE and
// CWR do not matter (tcp_valid_flags).
func sensible(f packet.TCPFlags) bool {
	const (
		fin, syn, rst = packet.FIN, packet.SYN, packet.RST
		ack, urg      = packet.ACK, packet.URG
	)
	switch f & (fin | syn | rst | ack | urg) {
	case syn, syn | urg, syn | ack, rst, rst | ack, fin | ack, fin | ack | urg, ack, ack | urg:
		return true
	}
	return false
}

// before reports whether sequence number a comes before b; after, whether it
// comes behind it (include/net/tcp.h).
func before(a, b uint32) bool { return int32(a-b) < 0 }
func after(a, b uint32) bool  { return before(b, a) }

const (
	tcpTimestampOnly    = "\x01\x01\x08\x0a" // how options begin that hold nothing but a timestamp
	tcpTimestampOnlyLen = 12
	tcpHighestScale     = 14
	sackBlock           = 8
)

// sackEdge returns the highest number acknowledged: ack, or the right edge of a
// block behind it (tcp_sack).
func (h *tcpHeader) sackEdge() uint32 {
	edge := h.ack
	if len(h.options) == tcpTimestampOnlyLen && string(h.options[:4]) == tcpTimestampOnly {
		return edge
	}
	for o := range packet.WholeOptions(h.options) {
		data := o.Data()
		if o.Kind != packet.TCPOptionSACK || len(data) < sackBlock || len(data)%sackBlock != 0 {
			continue
		}
		for ; len(data) > 0; data = data[sackBlock:] {
			if right := binary.BigEndian.Uint32(data[4:]); after(right, edge) {
				edge = right
			}
		}
		break
	}
	return edge
}
