package eval

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// bitwise computes (src & mask) ^ xor (net/netfilter/nft_bitwise.c,
// nft_bitwise_eval_mask_xor).
type bitwise struct {
	dst, src  register
	mask, xor []byte
}

func (e *bitwise) eval(m *machine) {
	src, dst := m.regs.bytes(e.src, len(e.mask)), m.regs.bytes(e.dst, len(e.mask))
	for i := range dst {
		dst[i] = src[i]&e.mask[i] ^ e.xor[i]
	}
}

// shift shifts a value of several words, the first of which is the most
// significant one (net/netfilter/nft_bitwise.c, nft_bitwise_eval_lshift,
// nft_bitwise_eval_rshift).
type shift struct {
	dst, src register
	length   int // bytes
	right    bool
	bits     uint32 // less than 32
}

func (e *shift) eval(m *machine) {
	words := (e.length + 3) / 4
	src, dst := m.regs.bytes(e.src, 4*words), m.regs.bytes(e.dst, 4*words)
	carry := uint32(0)
	for i := range words {
		at := i
		if !e.right {
			at = words - 1 - i
		}
		v := binary.LittleEndian.Uint32(src[4*at:])
		if e.right {
			binary.LittleEndian.PutUint32(dst[4*at:], carry|v>>e.bits)
			carry = v << (32 - e.bits)
		} else {
			binary.LittleEndian.PutUint32(dst[4*at:], v<<e.bits|carry)
			carry = v >> (32 - e.bits)
		}
	}
}

// combine applies a bitwise operation to two registers (nft_bitwise_eval_and
// and similar functions, since Linux 6.13).
type combine struct {
	op        nft.BitwiseOp
	dst, a, b register
	length    int
}

func (e *combine) eval(m *machine) {
	a, b, dst := m.regs.bytes(e.a, e.length), m.regs.bytes(e.b, e.length), m.regs.bytes(e.dst, e.length)
	for i := range dst {
		switch e.op {
		case nft.And:
			dst[i] = a[i] & b[i]
		case nft.Or:
			dst[i] = a[i] | b[i]
		default:
			dst[i] = a[i] ^ b[i]
		}
	}
}
