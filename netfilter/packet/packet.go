package packet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// Packet is an IP packet with what a host knows about it beyond its bytes. The
// zero value is not a valid packet; packets are created by Decode, View or
// Spec.Build.
//
// Assigning a Packet shares its bytes, which the Set methods change in place;
// Clone makes an independent copy. The engine never changes a packet passed to
// it.
type Packet struct {
	view
	shared       bool // the bytes are shared with another packet
	sumOffloaded bool // the checksum is left to the link (CHECKSUM_PARTIAL)
	sumTrusted   bool // the checksum is regarded as correct

	Mark     uint32  // skb mark
	Priority uint32  // skb priority, as CLASSIFY and SET --map-prio set it
	Dev      string  // in results: the link it left by; "" if it did not leave
	SrcMAC   MAC     // Ethernet source as it arrives; zero if not given
	DstMAC   MAC     // Ethernet destination as it arrives; zero: the link's own
	Socket   *Socket // the local socket that sends it; nil for one that arrives
	CPU      uint32  // number of the processor that handles it

	// PhysIn and PhysOut are the bridge ports by which a bridged packet comes in
	// and leaves, if bridge-nf-call-iptables passes it to the rules; "" if there is
	// none.
	PhysIn, PhysOut string
	// IPsecIn are the IPsec transforms removed on input, the outermost first;
	// IPsecOut are those to be applied on output, the innermost first.
	IPsecIn, IPsecOut []Transform
}

// view holds the bytes of a packet, beginning with the IP header. The accessors
// that only read these bytes are its methods. They have a value receiver that
// copies only the slice, so that they can also be called on a Packet returned
// by a function.
type view struct{ wire []byte }

// Errors of Decode.
var (
	ErrNotIP     = errors.New("not an IPv4 or IPv6 packet")
	ErrShort     = errors.New("packet shorter than its header")
	ErrTotalSize = errors.New("length in the header exceeds the bytes given")
)

// Decode returns the IP packet with the given bytes, as on the wire. Bytes
// beyond the length in the header are cut off, as the kernel does
// (net/ipv4/ip_input.c, ip_rcv_core). The bytes are copied.
func Decode(wire []byte) (Packet, error) {
	n, err := Length(wire)
	if err != nil {
		return Packet{}, err
	}
	return Packet{view: view{bytes.Clone(wire[:n])}}, nil
}

// Length returns the length of the IP packet with which the bytes begin, by its
// header, and the errors of Decode.
func Length(wire []byte) (int, error) {
	if len(wire) == 0 {
		return 0, ErrNotIP
	}
	var total int
	switch wire[0] >> 4 {
	case 4:
		if len(wire) < 20 || len(wire) < int(wire[0]&15)*4 || wire[0]&15 < 5 {
			return 0, ErrShort
		}
		total = int(binary.BigEndian.Uint16(wire[2:]))
		if total < int(wire[0]&15)*4 {
			return 0, ErrShort
		}
	case 6:
		if len(wire) < 40 {
			return 0, ErrShort
		}
		total = 40 + int(binary.BigEndian.Uint16(wire[4:]))
	default:
		return 0, ErrNotIP
	}
	if total > len(wire) {
		return 0, fmt.Errorf("%w: %d > %d", ErrTotalSize, total, len(wire))
	}
	return total, nil
}

// IsValid reports whether p holds a packet.
func (p view) IsValid() bool { return len(p.wire) > 0 }

// AppendWire appends the bytes of the packet.
func (p view) AppendWire(b []byte) []byte { return append(b, p.wire...) }

// Wire returns the bytes of the packet itself. They may be read and, by the
// owner of the packet, changed.
func (p view) Wire() []byte { return p.wire }

// SetWire replaces the bytes of the packet by wire, a whole IP packet, which it
// does not copy.
func (p *Packet) SetWire(wire []byte) { p.wire, p.shared = wire, false }

// Share returns a packet that shares its bytes with p, like a clone of a socket
// buffer: the first Set method called on it copies the bytes, but writes to
// Wire are visible in both (net/core/skbuff.c, skb_clone, skb_ensure_writable).
func (p *Packet) Share() Packet {
	c := *p
	c.shared = true
	return c
}

// Unshare copies the bytes of a packet returned by Share.
func (p *Packet) Unshare() {
	if p.shared {
		p.SetWire(bytes.Clone(p.wire))
	}
}

// View returns a packet that uses the caller's bytes without checking or
// copying them. It is meant for packets quoted in ICMP errors, which may be
// truncated after the IP header.
func View(wire []byte) Packet { return Packet{view: view{wire}} }

// Clone returns a packet with bytes of its own.
func (p *Packet) Clone() Packet {
	c := *p
	c.SetWire(bytes.Clone(p.wire))
	return c
}

// Equal reports whether both packets have the same bytes and metadata.
func (p Packet) Equal(q Packet) bool {
	return bytes.Equal(p.wire, q.wire) && p.Mark == q.Mark && p.Priority == q.Priority && p.Dev == q.Dev &&
		p.SrcMAC == q.SrcMAC && p.DstMAC == q.DstMAC && p.CPU == q.CPU && p.PhysIn == q.PhysIn && p.PhysOut == q.PhysOut &&
		slices.Equal(p.IPsecIn, q.IPsecIn) && slices.Equal(p.IPsecOut, q.IPsecOut) && p.Socket.equal(q.Socket)
}

// is6 reports whether the version field is 6.
func (p view) is6() bool { return len(p.wire) > 0 && p.wire[0]>>4 == 6 }

// whole reports whether the fixed part of the IP header is present. It is
// missing only in the zero value and in truncated packets made by View, for
// which the accessors return zero.
func (p view) whole() bool {
	if p.is6() {
		return len(p.wire) >= ipv6HeaderLen
	}
	return len(p.wire) >= ipv4HeaderLen
}

// Family returns the packet's family.
func (p view) Family() Family {
	if p.is6() {
		return IPv6
	}
	return IPv4
}

// Len returns the length of the IP packet in bytes, header included.
func (p view) Len() int { return len(p.wire) }

// HeaderLen returns the length of the IP header in bytes; IPv6 extension
// headers do not count.
func (p view) HeaderLen() int {
	switch {
	case len(p.wire) == 0:
		return 0
	case p.is6():
		return min(ipv6HeaderLen, len(p.wire))
	}
	return min(int(p.wire[0]&15)*4, len(p.wire))
}

// Src returns the source address.
func (p view) Src() netip.Addr { return p.addr(12, 8) }

// Dst returns the destination address.
func (p view) Dst() netip.Addr { return p.addr(16, 24) }

func (p view) addr(off4, off6 int) netip.Addr {
	if !p.whole() {
		return netip.Addr{}
	}
	if p.is6() {
		return netip.AddrFrom16([16]byte(p.wire[off6 : off6+16]))
	}
	return netip.AddrFrom4([4]byte(p.wire[off4 : off4+4]))
}

// TTL returns the time to live or hop limit.
func (p view) TTL() uint8 {
	if !p.whole() {
		return 0
	}
	if p.is6() {
		return p.wire[7]
	}
	return p.wire[8]
}

// TOS returns the type of service or traffic class, ECN bits included.
func (p view) TOS() uint8 {
	if !p.whole() {
		return 0
	}
	if p.is6() {
		return p.wire[0]<<4 | p.wire[1]>>4
	}
	return p.wire[1]
}

// ID returns the IPv4 identification; 0 for IPv6.
func (p view) ID() uint16 {
	if p.is6() || !p.whole() {
		return 0
	}
	return binary.BigEndian.Uint16(p.wire[4:])
}

// FlowLabel returns the IPv6 flow label, 20 bits; 0 for IPv4.
func (p view) FlowLabel() uint32 {
	if !p.is6() || !p.whole() {
		return 0
	}
	return binary.BigEndian.Uint32(p.wire) & 0xfffff
}

// DontFragment reports the IPv4 DF flag.
func (p view) DontFragment() bool { return p.whole() && !p.is6() && p.wire[6]&0x40 != 0 }

// MoreFragments reports the IPv4 MF flag.
func (p view) MoreFragments() bool { return p.whole() && !p.is6() && p.wire[6]&0x20 != 0 }

// NextHeader returns the protocol byte of the IPv4 header or the first next
// header of the IPv6 header.
func (p view) NextHeader() uint8 {
	if !p.whole() {
		return 0
	}
	if p.is6() {
		return p.wire[6]
	}
	return p.wire[9]
}

// Proto returns the transport protocol: for IPv6 the first header that is no
// extension header.
func (p view) Proto() uint8 { return p.Transport().Proto }

// SrcPort returns the source port; 0 if the packet has none.
func (p view) SrcPort() uint16 { return p.port(0) }

// DstPort returns the destination port; 0 if the packet has none.
func (p view) DstPort() uint16 { return p.port(2) }

func (p view) port(off int) uint16 {
	t := p.Transport()
	if !t.Found || t.FragOff != 0 || !HasPorts(t.Proto) || t.Offset+4 > len(p.wire) {
		return 0
	}
	return binary.BigEndian.Uint16(p.wire[t.Offset+off:])
}

// TCPFlags returns the flags of a TCP packet; 0 for any other packet.
func (p view) TCPFlags() TCPFlags {
	t := p.Transport()
	if t.Proto != ProtoTCP || t.FragOff != 0 || !t.Found || t.Offset+14 > len(p.wire) {
		return 0
	}
	return TCPFlags(p.wire[t.Offset+13])
}

// ICMP returns type and code of an ICMP or ICMPv6 packet; false for any other.
func (p view) ICMP() (typ, code uint8, ok bool) {
	t := p.Transport()
	if t.Proto != ProtoICMP && t.Proto != ProtoICMPv6 || t.FragOff != 0 || !t.Found || t.Offset+2 > len(p.wire) {
		return 0, 0, false
	}
	return p.wire[t.Offset], p.wire[t.Offset+1], true
}
