package nft

import (
	"fmt"
	"strings"
)

// ExthdrOp is the kind of header that an Exthdr refers to. The zero value is an
// IPv6 extension header.
type ExthdrOp uint8

// The kinds, in the kernel's numbering (enum nft_exthdr_op).
const (
	ExthdrIPv6 ExthdrOp = iota
	ExthdrTCPOption
	ExthdrIPOption
	ExthdrSCTPChunk
	ExthdrDCCPOption
)

var exthdrNames = [...]string{" ipv6", " tcpopt", " ipv4", "", ""}

// String returns the name in debug output, "" for SCTP chunks and DCCP options.
func (o ExthdrOp) String() string {
	return strings.TrimSpace(exthdrNames[min(int(o), len(exthdrNames)-1)])
}

// Exthdr loads bytes of an extension header, an option or a chunk
// (nft_exthdr.c).
type Exthdr struct {
	Op          ExthdrOp
	Type        uint8 // of the header, option or chunk
	Offset, Len int   // bytes
	Present     bool  // loads one byte, 1 if the header is present, else 0 (NFT_EXTHDR_F_PRESENT)
	Dest        Reg
}

// String implements Expr.
func (e *Exthdr) String() string {
	s := fmt.Sprintf("exthdr load%s %db @ %d + %d", exthdrNames[min(int(e.Op), len(exthdrNames)-1)], e.Len, e.Type, e.Offset)
	if e.Present {
		s += " present"
	}
	return s + fmt.Sprintf(" => reg %s", e.Dest)
}
