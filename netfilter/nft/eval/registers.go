package eval

import "encoding/binary"

// registerBytes is the total size of the data registers
// (include/net/netfilter/nf_tables.h, struct nft_regs).
const registerBytes = 64

// register is the number of a data register of four bytes, 0 to 15
// (include/uapi/linux/netfilter/nf_tables.h, NFT_REG32_00 to NFT_REG32_15).
type register uint8

// registers are the data registers. Numbers in host byte order are kept in
// little-endian order, regardless of the machine, so that results are the same
// everywhere and equal those of the usual little-endian hosts.
type registers [registerBytes]byte

// bytes returns n bytes from a register on.
func (r *registers) bytes(reg register, n int) []byte {
	return r[4*int(reg) : 4*int(reg)+n]
}

// clear zeroes the words that contain the n bytes from a register on.
func (r *registers) clear(reg register, n int) {
	clear(r[4*int(reg) : 4*int(reg)+(n+3)&^3])
}

// store copies bytes into a register and zeroes the rest of the last word.
func (r *registers) store(reg register, b []byte) {
	r.clear(reg, len(b))
	copy(r[4*int(reg):], b)
}

func (r *registers) store8(reg register, v uint8) { r.store32(reg, uint32(v)) }

// store16 stores a number in host byte order.
func (r *registers) store16(reg register, v uint16) { r.store32(reg, uint32(v)) }

// storeBE16 stores a number in network byte order.
func (r *registers) storeBE16(reg register, v uint16) { r.store32(reg, uint32(v>>8|v<<8)) }

func (r *registers) store32(reg register, v uint32) {
	binary.LittleEndian.PutUint32(r[4*int(reg):], v)
}

func (r *registers) store64(reg register, v uint64) {
	binary.LittleEndian.PutUint64(r[4*int(reg):], v)
}

func (r *registers) load8(reg register) uint8 { return r[4*int(reg)] }

func (r *registers) load16(reg register) uint16 {
	return binary.LittleEndian.Uint16(r[4*int(reg):])
}

func (r *registers) load32(reg register) uint32 {
	return binary.LittleEndian.Uint32(r[4*int(reg):])
}

// loadBE16 loads a number in network byte order, such as a port.
func (r *registers) loadBE16(reg register) uint16 {
	return binary.BigEndian.Uint16(r[4*int(reg):])
}
