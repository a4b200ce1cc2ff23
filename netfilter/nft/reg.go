package nft

import "strconv"

// Reg names a register by the kernel's numbers of 32-bit registers
// (include/uapi/linux/netfilter/nf_tables.h, NFT_REG32_00 = 8 to NFT_REG32_15).
// The zero value is the verdict register.
type Reg uint8

// VerdictReg holds the verdict.
const VerdictReg Reg = 0

// RegWords is the number of 32-bit data registers.
const RegWords = 16

const firstReg = 8

// DataReg returns the register that begins at the n-th 32-bit word, from 0.
func DataReg(n int) Reg { return Reg(firstReg + n) }

// Word returns the index of the 32-bit word at which the register begins, from
// 0; -1 for the verdict register.
func (r Reg) Word() int {
	if r < firstReg {
		return -1
	}
	return int(r) - firstReg
}

// String returns the number that nft prints: 1 to 4 if the register begins at a
// multiple of 16 bytes.
func (r Reg) String() string {
	if r >= firstReg && (r-firstReg)%4 == 0 {
		return strconv.Itoa(1 + int(r-firstReg)/4)
	}
	return strconv.Itoa(int(r))
}
