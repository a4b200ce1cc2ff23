package nft

import "fmt"

// ExthdrOp says which kind of header is looked for. The zero value is an IPv6
// extension header.
type ExthdrOp uint8

// The kinds, in the kernel's numbering (enum nft_exthdr_op).
const (
	ExthdrIPv6 ExthdrOp = iota
	ExthdrTCPOption
	ExthdrIPOption
	ExthdrSCTPChunk
	ExthdrDCCPOption
)

var exthdrNames = [...]string{"ipv6", "tcpopt", "ipv4", "sctp chunk", "dccp"}

// String returns the name in debug output.
func (o ExthdrOp) String() string { return named(exthdrNames[:], o, "op") }

// Exthdr loads bytes of an extension header, an option or a chunk
// (nft_exthdr.c).
type Exthdr struct {
	Op          ExthdrOp
	Type        uint8 // of the header, option or chunk
	Offset, Len int   // bytes
	Present     bool  // loads one byte: whether it is there (NFT_EXTHDR_F_PRESENT)
	Dest        Reg
}

func (e *Exthdr) String() string {
	s := fmt.Sprintf("exthdr load %s %db @ %d + %d", e.Op, e.Len, e.Type, e.Offset)
	if e.Present {
		s += " present"
	}
	return s + fmt.Sprintf(" => reg %s", e.Dest)
}
