package conntrack

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// mixedTalk makes up packets of all protocols but TCP and SCTP, whole and
// damaged, and ICMP errors about them.
type mixedTalk struct {
	rnd  *rand.Rand
	ends [3]netip.Addr
	said [][]byte
	from []int
}

func (k *mixedTalk) pick(n ...int) int { return n[k.rnd.IntN(len(n))] }
func (k *mixedTalk) chance(n int) bool { return k.rnd.IntN(n) == 0 }
func (k *mixedTalk) v6() bool          { return k.ends[0].Is6() }
func (k *mixedTalk) icmp() uint8 {
	return [2]uint8{packet.ProtoICMP, packet.ProtoICMPv6}[k.bit(k.v6())]
}
func (k *mixedTalk) bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (k *mixedTalk) next() (int, netfilter.Packet, string) {
	from := k.rnd.IntN(2)
	s := packet.Spec{Src: k.ends[from], Dst: k.ends[1-from]}
	text := ""
	switch {
	case len(k.said) > 2 && k.chance(3):
		text = k.error(&s, &from)
	case k.chance(3):
		text = k.query(&s)
	default:
		text = k.datagram(&s, from)
	}
	p, err := s.Build()
	if err != nil {
		panic(err)
	}
	if k.chance(4) {
		p = k.damage(p)
		text += " damaged"
	}
	if k.v6() && k.chance(4) {
		p = k.extend(p)
		text += " extended"
	}
	k.said = append(k.said, p.AppendWire(nil))
	k.from = append(k.from, from)
	return from, p, fmt.Sprintf("%d %s %x", from, text, p.Wire())
}

func (k *mixedTalk) datagram(s *packet.Spec, from int) string {
	s.Proto = uint8(k.pick(17, 17, 17, 17, 136, 47, 47, 33, 253, 50, 1, 58))
	s.SrcPort, s.DstPort = 1000+uint16(from), 1001-uint16(from)
	s.ICMPType, s.ICMPCode, s.ICMPID = uint8(k.pick(8, 0, 128, 129)), 0, 5
	if s.Proto == 58 && s.ICMPType < 128 {
		s.ICMPType = 128
	}
	if s.Proto == 47 {
		s.Payload = []byte{byte(k.rnd.Uint32()), byte(k.pick(0, 1, 1, 2)), 0x88, byte(k.pick(0x0b, 0x0b, 0)), 0, 0, 0, byte(k.pick(1, 2)), 0, 0}
		s.Payload = s.Payload[:k.pick(10, 10, 10, 8, 7, 4, 3, 0)]
		return "gre"
	}
	s.Payload = make([]byte, k.pick(0, 1, 2, 10, 33))
	return fmt.Sprintf("proto %d", s.Proto)
}

func (k *mixedTalk) query(s *packet.Spec) string {
	s.Proto = k.icmp()
	s.ICMPType = uint8(k.pick(8, 0, 8, 0, 13, 14, 15, 16, 17, 18, 19, 3, 9, 10, 255))
	if k.v6() {
		s.ICMPType = uint8(k.pick(128, 129, 128, 129, 139, 140, 130, 131, 132, 133, 134, 135, 136, 137, 138, 141, 143, 144, 151, 152, 153, 155, 200, 1, 100))
	}
	s.ICMPCode = uint8(k.pick(0, 0, 0, 1))
	s.ICMPID = uint16(k.pick(1, 2))
	s.Payload = make([]byte, k.pick(0, 8, 50))
	s.TTL = 255
	return fmt.Sprintf("icmp type %d", s.ICMPType)
}

// error quotes an earlier packet back to whoever sent it, mostly.
func (k *mixedTalk) error(s *packet.Spec, from *int) string {
	i := k.rnd.IntN(len(k.said))
	quote := k.said[i]
	*from = 1 - k.from[i]
	s.Src, s.Dst = k.ends[*from], k.ends[1-*from]
	switch {
	case k.chance(8):
		*from = 1 - *from
		s.Src, s.Dst = s.Dst, s.Src
	case *from == 1 && k.chance(3):
		s.Src = k.ends[2]
	}
	s.Proto = k.icmp()
	s.ICMPType = uint8(k.pick(3, 3, 3, 11, 4, 5, 12, 1, 2))
	if k.v6() {
		s.ICMPType = uint8(k.pick(1, 2, 3, 4, 5, 100, 127))
	}
	s.Payload = quote[:min(len(quote), k.pick(28, 28, 48, 60, 100, 200, 27, 19))]
	return fmt.Sprintf("icmp error %d about %d", s.ICMPType, i)
}

// damage changes a byte behind the IP header, and sometimes mends the checksum.
func (k *mixedTalk) damage(p netfilter.Packet) netfilter.Packet {
	w := p.AppendWire(nil)
	t := p.Transport()
	b := w[t.Offset:]
	if len(b) == 0 {
		return p
	}
	b[k.rnd.IntN(min(len(b), 12))] ^= byte(1 << k.rnd.IntN(8))
	if len(b) >= 8 && (t.Proto == 17 || t.Proto == 136) {
		switch k.rnd.IntN(3) {
		case 0:
			b[6], b[7] = 0, 0
		case 1:
			b[6], b[7] = 0, 0
			sum := packet.PseudoSum(p.Src(), p.Dst(), uint8(k.pick(17, int(t.Proto))), len(b))
			binary.BigEndian.PutUint16(b[6:], packet.Checksum(b, sum))
		}
	}
	q, err := packet.Decode(w)
	if err != nil {
		panic(err)
	}
	return q
}

// extend puts extension headers between.
func (k *mixedTalk) extend(p netfilter.Packet) netfilter.Packet {
	w := p.AppendWire(nil)
	next := w[6]
	kind := byte(k.pick(0, 60, 43, 44, 51, 59))
	ext := []byte{next, 0, 1, 4, 0, 0, 0, 0}
	switch kind {
	case 43:
		ext = []byte{next, 0, 0, 0, 0, 0, 0, 0}
	case 44:
		ext = []byte{next, 0, 0, 0, 0, 0, 0, 9}
	case 51:
		ext = append([]byte{next, 1}, make([]byte, 10)...)
	}
	w[6] = kind
	w = append(w[:40:40], append(ext, w[40:]...)...)
	binary.BigEndian.PutUint16(w[4:], uint16(len(w)-40))
	q, err := packet.Decode(w)
	if err != nil {
		panic(err)
	}
	return q
}
