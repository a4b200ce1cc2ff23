package tcp

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// HeaderLen is the length of a header without options.
const HeaderLen = 20

// Complete reports that b begins with a whole header, options included.
func Complete(b []byte) bool {
	if len(b) < HeaderLen {
		return false
	}
	n := int(b[12]>>4) * 4
	return n >= HeaderLen && n <= len(b)
}

// Segment is what a connection looks at in a segment.
type Segment struct {
	Flags    packet.TCPFlags
	Seq, Ack uint32
	Length   uint32 // of the payload
	Options  []byte
}

// ReadSegment reads a segment with a complete header.
func ReadSegment(b []byte) Segment {
	head := int(b[12]>>4) * 4
	return Segment{Flags: packet.TCPFlags(b[13]), Seq: Seq(b), Ack: Ack(b), Length: uint32(len(b) - head), Options: b[HeaderLen:head]}
}

// Has reports whether all of these flags are set.
func (g *Segment) Has(f packet.TCPFlags) bool { return g.Flags&f == f }

// Seq returns the sequence number of a segment of at least HeaderLen bytes.
func Seq(b []byte) uint32 { return binary.BigEndian.Uint32(b[4:]) }

// Ack returns the acknowledgment number of a segment of at least HeaderLen bytes.
func Ack(b []byte) uint32 { return binary.BigEndian.Uint32(b[8:]) }

// Window returns the window of a segment of at least HeaderLen bytes.
func Window(b []byte) uint16 { return binary.BigEndian.Uint16(b[14:]) }

// Reset describes the RST that refuses a packet with a segment b (net/ipv4/
// tcp_ipv4.c, tcp_v4_send_reset; net/ipv6/tcp_ipv6.c, tcp_v6_send_reset).
func Reset(p *netfilter.Packet, b []byte) packet.Spec {
	flags := packet.TCPFlags(b[13])
	spec := packet.Spec{Src: p.Dst(), Dst: p.Src(), Proto: packet.ProtoTCP, SrcPort: binary.BigEndian.Uint16(b[2:]),
		DstPort: binary.BigEndian.Uint16(b), Flags: packet.RST, DontFragment: true}
	if flags&packet.ACK != 0 {
		spec.Seq = Ack(b)
		return spec
	}
	spec.Flags |= packet.ACK
	spec.Ack = Seq(b) + uint32(len(b)-int(b[12]>>4)*4)
	if flags&packet.SYN != 0 {
		spec.Ack++
	}
	if flags&packet.FIN != 0 {
		spec.Ack++
	}
	return spec
}

// AcceptOptions returns the options of the SYN ACK that takes up what a SYN
// offers: the same ones, the timestamp echoed (RFC 7323).
func AcceptOptions(offered []byte) []byte {
	o := append([]byte(nil), offered...)
	for i := 0; i < len(o); {
		switch {
		case o[i] == optionEnd:
			return o
		case o[i] == optionNop:
			i++
			continue
		case i+1 >= len(o) || o[i+1] < 2 || i+int(o[i+1]) > len(o):
			return o[:i]
		case o[i] == OptionTimestamp && o[i+1] == 10:
			copy(o[i+6:i+10], o[i+2:i+6])
		}
		i += int(o[i+1])
	}
	return o
}
