package nat

import (
	"encoding/binary"
	"math/bits"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
)

// spread picks an address between low and high by a hash of the tuple's
// addresses, so that a client keeps its address towards a server, or towards
// every server if persistent (find_best_ips_proto).
//
// The address is chosen word by word: as long as all previous words are equal to those of
// high, a word is chosen between those of low and high; after that, from all values except
// the maximum. Each word of the destination is mixed into the hash for the next word; if
// the destination is being chosen, that is the new word.
func spread(t netfilter.Tuple, m netfilter.Manip, low, high netip.Addr, zone uint16, persistent bool) netip.Addr {
	src, _ := words(t.Src)
	dst, n := words(t.Dst)
	lows, _ := words(low)
	highs, _ := words(high)
	seed := uint32(0)
	if !persistent {
		seed = bits.ReverseBytes32(dst[n-1]) ^ uint32(zone)
	}
	hash := jhash4(src, seed)
	var out [16]byte
	full := false
	for i := range n {
		from, count := lows[i], highs[i]-lows[i]+1
		if full {
			from, count = 0, 0xffffffff
		}
		word := from + uint32(uint64(hash)*uint64(count)>>32)
		binary.BigEndian.PutUint32(out[4*i:], word)
		full = full || word != highs[i]
		if m == netfilter.ManipDst {
			dst[i] = word
		}
		if !persistent {
			hash ^= bits.ReverseBytes32(dst[i])
		}
	}
	a, _ := netip.AddrFromSlice(out[:4*n])
	return a
}

// words returns an address as 32-bit words (union nf_inet_addr) and their number; an IPv4
// address is the first word.
func words(a netip.Addr) (w [4]uint32, n int) {
	b := a.AsSlice()
	for i := range len(b) / 4 {
		w[i] = binary.BigEndian.Uint32(b[4*i:])
	}
	return w, len(b) / 4
}

// jhash4 is Bob Jenkins' lookup3 hash of four words, whose bytes are taken in
// the order of a little-endian machine (include/linux/jhash.h, jhash2).
func jhash4(w [4]uint32, seed uint32) uint32 {
	const golden = 0xdeadbeef
	start := uint32(golden + 4<<2)
	start += seed
	a := start + bits.ReverseBytes32(w[0])
	b := start + bits.ReverseBytes32(w[1])
	c := start + bits.ReverseBytes32(w[2])
	for _, r := range [2][3]int{{4, 6, 8}, {16, 19, 4}} {
		a = (a - c) ^ bits.RotateLeft32(c, r[0])
		c += b
		b = (b - a) ^ bits.RotateLeft32(a, r[1])
		a += c
		c = (c - b) ^ bits.RotateLeft32(b, r[2])
		b += a
	}
	a += bits.ReverseBytes32(w[3])
	for _, r := range [2][3]int{{14, 11, 25}, {16, 4, 14}} {
		c = (c ^ b) - bits.RotateLeft32(b, r[0])
		a = (a ^ c) - bits.RotateLeft32(c, r[1])
		b = (b ^ a) - bits.RotateLeft32(a, r[2])
	}
	return (c ^ b) - bits.RotateLeft32(b, 24)
}
