package nft

import "fmt"

// Masquerade translates the source of the packet's connection to an address of
// the output device (nft_masq.c).
type Masquerade struct {
	ProtoMin, ProtoMax Reg // 0: not given
	Flags              uint32
}

// String implements Expr.
func (e *Masquerade) String() string { return "masq" + ports(e.ProtoMin, e.ProtoMax, e.Flags) }

func ports(lo, hi Reg, flags uint32) string {
	s := " "
	if lo != 0 {
		s += fmt.Sprintf("proto_min reg %s ", lo)
	}
	if hi != 0 {
		s += fmt.Sprintf("proto_max reg %s ", hi)
	}
	if flags != 0 {
		s += fmt.Sprintf("flags 0x%x ", flags)
	}
	return s[:len(s)-1]
}
