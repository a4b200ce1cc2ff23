package conntrack

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// tcpTalk makes up TCP segments that mostly fit a conversation, as its ends
// would see it, and often do not.
type tcpTalk struct {
	rnd  *rand.Rand
	ends [3]netip.Addr
	seq  [2]uint32 // next of each end
	bold int       // percentage of segments that fit nothing
}

func newTCPTalk(rnd *rand.Rand, ends [3]netip.Addr) *tcpTalk {
	return &tcpTalk{rnd: rnd, ends: ends, seq: [2]uint32{rnd.Uint32(), rnd.Uint32()}, bold: rnd.IntN(60)}
}

func (k *tcpTalk) next() (int, netfilter.Packet, string) {
	from := k.rnd.IntN(2)
	s := packet.Spec{
		Src: k.ends[from], Dst: k.ends[1-from], Proto: packet.ProtoTCP,
		SrcPort: 1000 + uint16(from), DstPort: 1001 - uint16(from),
		Seq: k.seq[from], Ack: k.seq[1-from],
		Flags:   k.flags(),
		Window:  k.window(),
		Payload: make([]byte, k.pick(0, 0, 0, 1, 100, 1000)),
	}
	s.TCPOptions = k.options(s.Flags, s.Ack)
	if k.rnd.IntN(100) < k.bold {
		s.Seq += k.shift()
	}
	if k.rnd.IntN(100) < k.bold {
		s.Ack += k.shift()
	}
	if k.rnd.IntN(40) == 0 {
		s.Seq = 0
	}
	if s.Flags&packet.ACK == 0 || k.rnd.IntN(40) == 0 {
		s.Ack = 0
	}
	p, err := s.Build()
	if err != nil {
		panic(err)
	}
	if k.rnd.IntN(3) > 0 {
		k.advance(from, &s)
	}
	return from, p, fmt.Sprintf("%d %v seq=%d ack=%d win=%d len=%d opt=%x", from, s.Flags, s.Seq, s.Ack, s.Window, len(s.Payload), s.TCPOptions)
}

func (k *tcpTalk) pick(n ...int) int { return n[k.rnd.IntN(len(n))] }

// advance moves on behind the segment, so that the next one fits.
func (k *tcpTalk) advance(from int, s *packet.Spec) {
	k.seq[from] = s.Seq + uint32(len(s.Payload))
	if s.Flags&(packet.SYN|packet.FIN) != 0 {
		k.seq[from]++
	}
}

func (k *tcpTalk) flags() packet.TCPFlags {
	const syn, ack, fin, rst = packet.SYN, packet.ACK, packet.FIN, packet.RST
	usual := []packet.TCPFlags{syn, syn, syn | ack, syn | ack, ack, ack, ack, ack | packet.PSH, fin | ack, rst, rst | ack}
	if k.rnd.IntN(30) == 0 {
		return packet.TCPFlags(k.rnd.Uint32())
	}
	return usual[k.rnd.IntN(len(usual))]
}

func (k *tcpTalk) window() uint16 {
	return uint16(k.pick(1, 10, 1000, 8192, 65535, 65535, 29200))
}

func (k *tcpTalk) shift() uint32 {
	n := k.pick(1, -1, 2, 100, -100, 1000, -1000, 30000, -30000, 66000, -66000, 66001, -70000, 1<<20, -1<<20, 1<<30, -1<<30, -1<<31)
	return uint32(n)
}

func (k *tcpTalk) options(f packet.TCPFlags, ack uint32) []byte {
	var b []byte
	if f&packet.SYN != 0 {
		if k.rnd.IntN(2) == 0 {
			b = append(b, 4, 2)
		}
		if k.rnd.IntN(2) == 0 {
			b = append(b, 3, 3, byte(k.pick(0, 1, 7, 14, 20)))
		}
		if k.rnd.IntN(3) == 0 {
			b = append(b, 2, 4, 5, 180)
		}
	} else if k.rnd.IntN(4) == 0 {
		left := ack + uint32(k.pick(0, 100, 1000, 70000))
		b = append(b, 1, 1, 5, 10)
		b = binary.BigEndian.AppendUint32(b, left)
		b = binary.BigEndian.AppendUint32(b, left+uint32(k.pick(1, 50, 1000)))
	}
	if k.rnd.IntN(4) == 0 {
		b = append([]byte{1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2}, b...)
	}
	if k.rnd.IntN(50) == 0 {
		b = append(b, byte(k.rnd.Uint32()), byte(k.rnd.IntN(6)))
	}
	return b
}
