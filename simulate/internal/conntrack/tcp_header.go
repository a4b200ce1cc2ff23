package conntrack

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// tcpHeader is a TCP segment as parsed by the tracker.
type tcpHeader struct {
	seq, ack uint32
	end      uint32 // sequence number after the segment; SYN and FIN count as one byte each
	win      uint32 // the window field, without scaling
	flags    packet.TCPFlags
	kind     tcpKind
	options  []byte
}

func (h *tcpHeader) has(f packet.TCPFlags) bool { return h.flags&f != 0 }

// tcpHeader parses the header; it returns what is wrong if the header is truncated, the
// checksum is bad or the combination of flags is invalid, else ""
// (nf_conntrack_proto_tcp.c, tcp_error).
func (t *Table) tcpHeader(s *segment) (h tcpHeader, fault string) {
	b, ok := packet.ReadTCP(s.body())
	switch {
	case !ok:
		return h, cutHeader
	case t.checks(s) && !s.sumOK(len(b), packet.ProtoTCP):
		return h, badChecksum
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
	if !sensible(h.flags) {
		fault = "no segment has this combination of TCP flags"
	}
	return h, fault
}

// sensible reports whether the combination of flags is valid; PSH, ECE and CWR are
// ignored (tcp_valid_flags).
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

// before reports whether sequence number a is less than b in modular arithmetic; after,
// whether it is greater (include/net/tcp.h).
func before(a, b uint32) bool { return int32(a-b) < 0 }
func after(a, b uint32) bool  { return before(b, a) }

const (
	tcpTimestampOnly    = "\x01\x01\x08\x0a" // options of a segment with a timestamp only
	tcpTimestampOnlyLen = 12
	tcpHighestScale     = 14
	sackBlock           = 8
)

// sackEdge returns the highest acknowledged sequence number: ack, or the greatest right
// edge of a SACK block after it (tcp_sack).
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
