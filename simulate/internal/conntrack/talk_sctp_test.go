package conntrack

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// sctpTalk makes up SCTP packets that mostly fit an association.
type sctpTalk struct {
	rnd  *rand.Rand
	ends [3]netip.Addr
	tags [2]uint32 // what packets of each end must carry
}

func newSCTPTalk(rnd *rand.Rand, ends [3]netip.Addr) *sctpTalk {
	return &sctpTalk{rnd: rnd, ends: ends, tags: [2]uint32{77, 88}}
}

func (k *sctpTalk) pick(n ...int) int { return n[k.rnd.IntN(len(n))] }

func (k *sctpTalk) next() (int, netfilter.Packet, string) {
	from := k.rnd.IntN(2)
	s := packet.Spec{
		Src: k.ends[from], Dst: k.ends[1-from], Proto: packet.ProtoSCTP,
		SrcPort: 1000 + uint16(from), DstPort: 1001 - uint16(from),
	}
	text := fmt.Sprintf("%d chunks", from)
	tag := k.tags[from]
	for range k.pick(1, 1, 1, 1, 2, 3, 0) {
		kind := byte(k.pick(1, 1, 1, 2, 2, 10, 11, 0, 3, 4, 5, 6, 7, 8, 9, 14, 0, 200))
		if kind == chunkInit {
			tag = 0
		}
		s.Payload = append(s.Payload, k.chunk(kind, from)...)
		text += fmt.Sprintf(" %d", kind)
	}
	if k.rnd.IntN(5) == 0 {
		tag = uint32(k.pick(0, 1, int(k.tags[0]), int(k.tags[1])))
	}
	s.Payload = s.Payload[:max(0, len(s.Payload)-k.pick(0, 0, 0, 0, 0, 0, 0, 1, 4, 17, 19))]
	p, err := s.Build()
	if err != nil {
		panic(err)
	}
	w := p.Wire()[p.HeaderLen():]
	binary.BigEndian.PutUint32(w[4:], tag)
	binary.LittleEndian.PutUint32(w[8:], packet.SCTPChecksum(w))
	if k.rnd.IntN(30) == 0 {
		w[8]++
		text += " bad sum"
	}
	return from, p, fmt.Sprintf("%s tag %d %x", text, tag, s.Payload)
}

func (k *sctpTalk) chunk(kind byte, from int) []byte {
	body := make([]byte, k.pick(0, 0, 4, 5))
	if kind == chunkInit || kind == chunkInitAck {
		if k.rnd.IntN(6) == 0 {
			k.tags[1-from] = uint32(k.pick(5, 6, 7))
		}
		body = binary.BigEndian.AppendUint32(nil, k.tags[1-from])
		body = append(body, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1)
	}
	size := 4 + len(body)
	if k.rnd.IntN(40) == 0 {
		size = k.pick(0, 1, 3, 1000)
	}
	c := append([]byte{kind, byte(k.pick(0, 0, 1)), byte(size >> 8), byte(size)}, body...)
	for len(c)%4 != 0 {
		c = append(c, 0)
	}
	return c
}
