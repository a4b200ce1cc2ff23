package packet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
)

// Spec describes a packet to build. Fields that do not apply to the protocol
// are ignored. The zero value of every field except the addresses stands for a
// usable default.
type Spec struct {
	Src, Dst netip.Addr // of one family
	Proto    uint8      // transport protocol number; 0 builds a TCP packet

	SrcPort, DstPort uint16
	Flags            TCPFlags // 0 builds a SYN
	Seq, Ack         uint32
	Window           uint16 // 0 means 64240, but for an RST it is 0
	TCPOptions       []byte // padded with zeros to a multiple of 4 bytes, at most 40

	ICMPType, ICMPCode uint8 // type 0 with ICMPv6 means 128; for ICMP see ICMPEchoRequest
	ICMPID, ICMPSeq    uint16

	TTL          uint8 // 0 means 64
	TOS          uint8
	ID           uint16 // identification; for IPv6 of a fragment only
	FlowLabel    uint32 // IPv6, 20 bits
	DontFragment bool
	// FragOffset makes the packet a fragment, in bytes and a multiple of 8. A
	// fragment with an offset other than 0 has no transport header, only Payload.
	FragOffset    uint16
	MoreFragments bool // a fragment other than the last
	// Payload is what follows the transport header, or the whole body for protocols
	// whose header Build does not generate. Nil for SCTP means an INIT chunk,
	// because connection tracking refuses packets without a chunk, unless the
	// packet is a fragment.
	Payload []byte
	Mark    uint32
	// Literal makes the zero of Proto, Flags, Window, TTL and ICMPType mean
	// zero, and a nil Payload no bytes.
	Literal bool
}

// maxPacket is the maximum length of a packet in bytes, IP header included.
const maxPacket = 65535

// Build makes the packet with correct lengths and checksums. It fails if the
// addresses are missing or of different families, or if the packet would
// exceed 65535 bytes.
func (s Spec) Build() (Packet, error) {
	if !s.Src.IsValid() || !s.Dst.IsValid() {
		return Packet{}, errors.New("packet needs a source and a destination address")
	}
	if s.Src.Is4() != s.Dst.Is4() {
		return Packet{}, fmt.Errorf("source %s and destination %s are of different families", s.Src, s.Dst)
	}
	if s.FragOffset%8 != 0 {
		return Packet{}, fmt.Errorf("fragment offset %d is no multiple of 8", s.FragOffset)
	}
	s.defaults()
	body, err := s.transport()
	if err != nil {
		return Packet{}, err
	}
	wire := append(s.ipHeader(len(body)), body...)
	if len(wire) > maxPacket {
		return Packet{}, fmt.Errorf("packet of %d bytes is too long: at most %d are possible", len(wire), maxPacket)
	}
	if s.Src.Is4() {
		binary.BigEndian.PutUint16(wire[10:], Checksum(wire[:20], 0))
	}
	return Packet{view: view{wire}, Mark: s.Mark}, nil
}

// defaults replaces zero values by the defaults they stand for.
func (s *Spec) defaults() {
	if s.Literal {
		return
	}
	if s.Proto == 0 {
		s.Proto = ProtoTCP
	}
	if s.Flags == 0 {
		s.Flags = SYN
	}
	if s.Window == 0 {
		s.Window = usualWindow(s.Flags)
	}
	if s.TTL == 0 {
		s.TTL = 64
	}
	if s.ICMPType == 0 && s.Proto == ProtoICMPv6 {
		s.ICMPType = ICMPv6EchoRequest
	}
	if s.Payload == nil && s.beginsAssociation() {
		s.Payload = SCTPInit()
	}
}

// beginsAssociation reports whether the packet has an INIT chunk by default: it
// is SCTP and not a fragment.
func (s *Spec) beginsAssociation() bool {
	return s.Proto == ProtoSCTP && s.FragOffset == 0 && !s.MoreFragments
}

// SCTPInit returns the INIT chunk that is the default payload of an SCTP
// packet: initiate tag 1, a window of 65535 bytes, ten streams in each
// direction, initial TSN 1, without parameters (RFC 9260, 3.3.2).
func SCTPInit() []byte {
	return []byte{1, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0xff, 0xff, 0, 10, 0, 10, 0, 0, 0, 1}
}

// usualWindow returns the default window of a packet with these flags.
func usualWindow(f TCPFlags) uint16 {
	if f&RST != 0 {
		return 0
	}
	return 64240
}

func (s *Spec) ipHeader(n int) []byte {
	if s.Src.Is4() {
		h := make([]byte, 20, 20+n)
		h[0], h[1], h[8], h[9] = 0x45, s.TOS, s.TTL, s.Proto
		binary.BigEndian.PutUint16(h[2:], uint16(20+n))
		binary.BigEndian.PutUint16(h[4:], s.ID)
		binary.BigEndian.PutUint16(h[6:], s.FragOffset/8)
		if s.DontFragment {
			h[6] |= 0x40
		}
		if s.MoreFragments {
			h[6] |= 0x20
		}
		src, dst := s.Src.As4(), s.Dst.As4()
		copy(h[12:], src[:])
		copy(h[16:], dst[:])
		return h
	}
	h := make([]byte, 40, 40+n)
	binary.BigEndian.PutUint32(h, 6<<28|uint32(s.TOS)<<20|s.FlowLabel&0xfffff)
	binary.BigEndian.PutUint16(h[4:], uint16(n))
	h[6], h[7] = s.Proto, s.TTL
	src, dst := s.Src.As16(), s.Dst.As16()
	copy(h[8:], src[:])
	copy(h[24:], dst[:])
	if s.FragOffset == 0 && !s.MoreFragments {
		return h
	}
	return s.fragmentHeader(h)
}

// fragmentHeader appends the IPv6 fragment header to the header h.
func (s *Spec) fragmentHeader(h []byte) []byte {
	h[6] = ProtoFragment
	binary.BigEndian.PutUint16(h[4:], binary.BigEndian.Uint16(h[4:])+8)
	f := s.FragOffset
	if s.MoreFragments {
		f |= 1
	}
	h = append(h, s.Proto, 0)
	h = binary.BigEndian.AppendUint16(h, f)
	return binary.BigEndian.AppendUint32(h, uint32(s.ID))
}

// transport builds the transport header and payload with its checksum.
func (s *Spec) transport() ([]byte, error) {
	if s.FragOffset != 0 {
		return s.Payload, nil
	}
	var b []byte
	switch s.Proto {
	case ProtoTCP:
		h, err := s.tcpHeader()
		if err != nil {
			return nil, err
		}
		b = h
	case ProtoUDP, ProtoUDPLite:
		b = make([]byte, 8)
		binary.BigEndian.PutUint16(b[4:], uint16(8+len(s.Payload)))
	case ProtoICMP, ProtoICMPv6:
		b = make([]byte, 8)
		b[0], b[1] = s.ICMPType, s.ICMPCode
		binary.BigEndian.PutUint16(b[4:], s.ICMPID)
		binary.BigEndian.PutUint16(b[6:], s.ICMPSeq)
	case ProtoSCTP:
		b = make([]byte, 12)
	case ProtoDCCP:
		b = make([]byte, 16) // a request with a short sequence number
		b[4], b[8] = 4, 0
	}
	if HasPorts(s.Proto) {
		binary.BigEndian.PutUint16(b, s.SrcPort)
		binary.BigEndian.PutUint16(b[2:], s.DstPort)
	}
	b = append(b, s.Payload...)
	s.checksum(b)
	return b, nil
}

func (s *Spec) tcpHeader() ([]byte, error) {
	if len(s.TCPOptions) > 40 {
		return nil, fmt.Errorf("%d bytes of TCP options: at most 40 fit", len(s.TCPOptions))
	}
	h := make([]byte, 20+(len(s.TCPOptions)+3)/4*4)
	binary.BigEndian.PutUint32(h[4:], s.Seq)
	binary.BigEndian.PutUint32(h[8:], s.Ack)
	h[12] = uint8(len(h)/4) << 4
	h[13] = uint8(s.Flags)
	binary.BigEndian.PutUint16(h[14:], s.Window)
	copy(h[20:], s.TCPOptions)
	return h, nil
}

func (s *Spec) checksum(b []byte) {
	if s.Proto == ProtoSCTP {
		binary.LittleEndian.PutUint32(b[8:], SCTPChecksum(b))
		return
	}
	off := sumOffset(s.Proto, len(b))
	if off == 0 {
		return
	}
	sum := PseudoSum(s.Src, s.Dst, s.Proto, len(b))
	if s.Proto == ProtoICMP {
		sum = 0
	}
	c := Checksum(b, sum)
	if c == 0 && (s.Proto == ProtoUDP || s.Proto == ProtoUDPLite) {
		c = 0xffff
	}
	binary.BigEndian.PutUint16(b[off:], c)
}

// Equal reports whether both describe the same packet field by field; empty and
// missing bytes are the same.
func (s Spec) Equal(o Spec) bool {
	if string(s.TCPOptions) != string(o.TCPOptions) || string(s.Payload) != string(o.Payload) {
		return false
	}
	s.TCPOptions, s.Payload, o.TCPOptions, o.Payload = nil, nil, nil, nil
	return reflect.DeepEqual(s, o)
}
