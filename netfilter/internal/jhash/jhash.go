// Package jhash is Bob Jenkins' lookup3 hash as implemented in the kernel
// (include/linux/jhash.h).
package jhash

import (
	"encoding/binary"
	"math/bits"
)

const golden = 0xdeadbeef

// Words hashes words of 32 bits (jhash2; jhash_1word and jhash_3words are the
// same for one and three words).
func Words(seed uint32, words ...uint32) uint32 {
	start := golden + uint32(len(words))<<2 + seed
	a, b, c := start, start, start
	for len(words) > 3 {
		a, b, c = mix(a+words[0], b+words[1], c+words[2])
		words = words[3:]
	}
	switch len(words) {
	case 0:
		return c
	case 3:
		c += words[2]
		fallthrough
	case 2:
		b += words[1]
		fallthrough
	default:
		a += words[0]
	}
	return final(a, b, c)
}

func mix(a, b, c uint32) (x, y, z uint32) {
	for _, r := range [2][3]int{{4, 6, 8}, {16, 19, 4}} {
		a = (a - c) ^ bits.RotateLeft32(c, r[0])
		c += b
		b = (b - a) ^ bits.RotateLeft32(a, r[1])
		a += c
		c = (c - b) ^ bits.RotateLeft32(b, r[2])
		b += a
	}
	return a, b, c
}

func final(a, b, c uint32) uint32 {
	for _, r := range [2][3]int{{14, 11, 25}, {16, 4, 14}} {
		c = (c ^ b) - bits.RotateLeft32(b, r[0])
		a = (a ^ c) - bits.RotateLeft32(c, r[1])
		b = (b ^ a) - bits.RotateLeft32(a, r[2])
	}
	return (c ^ b) - bits.RotateLeft32(b, 24)
}

// Scale maps a hash to a number below n (include/linux/kernel.h,
// reciprocal_scale).
func Scale(hash, n uint32) uint32 { return uint32(uint64(hash) * uint64(n) >> 32) }

// Bytes hashes bytes (jhash). Words are read in little-endian order, as on
// little-endian machines.
func Bytes(seed uint32, b []byte) uint32 {
	start := golden + uint32(len(b)) + seed
	x, y, z := start, start, start
	for len(b) > 12 {
		x, y, z = mix(x+binary.LittleEndian.Uint32(b), y+binary.LittleEndian.Uint32(b[4:]), z+binary.LittleEndian.Uint32(b[8:]))
		b = b[12:]
	}
	if len(b) == 0 {
		return z
	}
	var last [12]byte
	copy(last[:], b)
	return final(x+binary.LittleEndian.Uint32(last[:]), y+binary.LittleEndian.Uint32(last[4:]), z+binary.LittleEndian.Uint32(last[8:]))
}
