package conntrack

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// tcpHeader is what the tracker reads of a TCP segment.
type tcpHeader struct {
	seq, ack uint32
	end      uint32 // number behind the segment; SYN and FIN count as a byte each
	win      uint32 // as it stands there, without scaling
	flags    packet.TCPFlags
	kind     tcpKind
	options  []byte
}

func (h *tcpHeader) has(f packet.TCPFlags) bool { return h.flags&f != 0 }

// tcpHeader reads the header; false if it is cut short, the checksum is bad or
// the flags make no sense (nf_conntrack_proto_tcp.c, tcp_error).
func (t *Table) tcpHeader(s *segment) (h tcpHeader, ok bool) {
	b := s.body()
	if len(b) < 20 {
		return h, false
	}
	size := int(b[12]>>4) * 4
	if size < 20 || size > len(b) || t.checks(s) && !s.sumOK(len(b), packet.ProtoTCP) {
		return h, false
	}
	h = tcpHeader{
		seq:     binary.BigEndian.Uint32(b[4:]),
		ack:     binary.BigEndian.Uint32(b[8:]),
		win:     uint32(binary.BigEndian.Uint16(b[14:])),
		flags:   packet.TCPFlags(b[13]),
		options: b[20:size],
	}
	h.kind = kindOf(h.flags)
	h.end = h.seq + uint32(len(b)-size)
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

// TCP options the tracker knows (include/net/tcp.h, TCPOPT_*).
const (
	tcpOptEnd, tcpOptNop    = 0, 1
	tcpOptScale             = 3
	tcpOptSackOK            = 4
	tcpOptSack              = 5
	tcpOptTimestamp         = 8
	tcpTimestampOnly        = "\x01\x01\x08\x0a"
	tcpTimestampOnlyLen     = 12
	tcpHighestScale         = 14
	sackBlock, optionHeader = 8, 2
)

// eachOption calls f with the kind and data of the options up to the first
// that is malformed, until f returns false.
func eachOption(b []byte, f func(kind byte, data []byte) bool) {
	for len(b) > 0 {
		switch b[0] {
		case tcpOptEnd:
			return
		case tcpOptNop:
			b = b[1:]
			continue
		}
		if len(b) < optionHeader || b[1] < optionHeader || int(b[1]) > len(b) {
			return
		}
		if !f(b[0], b[optionHeader:b[1]]) {
			return
		}
		b = b[b[1]:]
	}
}

// sackEdge returns the highest number acknowledged: ack, or the right edge of a
// block behind it (tcp_sack).
func (h *tcpHeader) sackEdge() uint32 {
	edge := h.ack
	if len(h.options) == tcpTimestampOnlyLen && string(h.options[:4]) == tcpTimestampOnly {
		return edge
	}
	eachOption(h.options, func(kind byte, data []byte) bool {
		if kind != tcpOptSack || len(data) < sackBlock || len(data)%sackBlock != 0 {
			return true
		}
		for ; len(data) > 0; data = data[sackBlock:] {
			if right := binary.BigEndian.Uint32(data[4:]); after(right, edge) {
				edge = right
			}
		}
		return false
	})
	return edge
}
