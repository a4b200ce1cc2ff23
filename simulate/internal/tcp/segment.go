package tcp

import (
	"bytes"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Segment holds the fields of a segment that a connection uses.
type Segment struct {
	Flags    packet.TCPFlags
	Seq, Ack uint32
	Length   uint32 // of the payload
	Options  []byte
}

// ReadSegment reads a segment with a complete header.
func ReadSegment(s packet.TCPSegment) Segment {
	return Segment{Flags: s.Flags(), Seq: s.Seq(), Ack: s.Ack(), Length: uint32(len(s.Payload())), Options: s.Options()}
}

// Has reports whether all of these flags are set.
func (g *Segment) Has(f packet.TCPFlags) bool { return g.Flags&f == f }

// Reset describes the RST that refuses a packet with a segment (net/ipv4/
// tcp_ipv4.c, tcp_v4_send_reset; net/ipv6/tcp_ipv6.c, tcp_v6_send_reset).
func Reset(p *netfilter.Packet, s packet.TCPSegment) packet.Spec {
	flags := s.Flags()
	spec := packet.Spec{Src: p.Dst(), Dst: p.Src(), Proto: packet.ProtoTCP, SrcPort: s.DstPort(), DstPort: s.SrcPort(),
		Flags: packet.RST, DontFragment: true}
	if flags&packet.ACK != 0 {
		spec.Seq = s.Ack()
		return spec
	}
	spec.Flags |= packet.ACK
	spec.Ack = s.Seq() + uint32(len(s.Payload()))
	if flags&packet.SYN != 0 {
		spec.Ack++
	}
	if flags&packet.FIN != 0 {
		spec.Ack++
	}
	return spec
}

// AcceptOptions returns the options of the SYN ACK that takes up what a SYN
// offers: the same ones up to the first that is not whole, the timestamp echoed
// (RFC 7323).
func AcceptOptions(offered []byte) []byte {
	accepted := bytes.Clone(offered)
	for o := range packet.Options(accepted) {
		switch {
		case o.Kind == packet.OptionEnd:
			return accepted
		case !o.Whole():
			return accepted[:o.Offset]
		case o.Kind == packet.TCPOptionTimestamp && o.Len == 10:
			copy(o.Bytes[6:], o.Bytes[2:6])
		}
	}
	return accepted
}
