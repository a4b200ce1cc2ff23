package conntrack

import (
	"encoding/binary"
	"math/bits"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
)

// words is an address as two numbers; an IPv4 address is in the low 32 bits.
type words struct{ hi, lo uint64 }

func wordsOf(a netip.Addr) words {
	if a.Is4() {
		b := a.As4()
		return words{lo: uint64(binary.BigEndian.Uint32(b[:]))}
	}
	b := a.As16()
	return words{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// addr returns the address of a family.
func (w words) addr(six bool) netip.Addr {
	if !six {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], uint32(w.lo))
		return netip.AddrFrom4(b)
	}
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], w.hi)
	binary.BigEndian.PutUint64(b[8:], w.lo)
	return netip.AddrFrom16(b)
}

// key is the lookup key of an entry: a tuple, the zone in its direction, and the
// direction, because a zone may apply to one direction only. It has no pointers.
type key struct {
	src, dst         words
	srcPort, dstPort uint16
	zone             uint16
	proto            uint8
	dir              netfilter.Direction
	six              bool
}

func keyOf(t *netfilter.Tuple, zone uint16, d netfilter.Direction) key {
	return key{wordsOf(t.Src), wordsOf(t.Dst), t.SrcPort, t.DstPort, zone, t.Proto, d, !t.Src.Is4()}
}

// connKey returns the key of a connection in a direction.
func connKey(c *netfilter.Conn, d netfilter.Direction) key {
	return keyOf(&c.Tuples[d], ZoneOf(c).in(d), d)
}

// hash returns a 64-bit hash: products of words and constants whose halves are folded,
// as in wyhash. It is not resistant to chosen keys.
func (k *key) hash() uint64 {
	rest := uint64(k.srcPort)<<48 | uint64(k.dstPort)<<32 | uint64(k.zone)<<16 | uint64(k.proto)<<8 | uint64(k.dir)
	return mix(mix(k.src.hi^rest, k.src.lo^hash0)^mix(k.dst.hi^hash1, k.dst.lo^hash2), rest^hash1)
}

const (
	hash0 = 0xa0761d6478bd642f
	hash1 = 0xe7037ed1a0b428db
	hash2 = 0x8ebc6af09c88c6e3
)

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
