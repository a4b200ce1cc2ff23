package nft

import "fmt"

// ChecksumType determines how the checksum is updated after a write. The zero value
// does not update it.
type ChecksumType uint8

// The types, in the kernel's numbering (enum nft_payload_csum_types).
const (
	NoChecksum ChecksumType = iota
	InetChecksum
	SCTPChecksum
)

// ChecksumPseudo marks bytes that are part of the transport's pseudo header
// (NFT_PAYLOAD_L4CSUM_PSEUDOHDR).
const ChecksumPseudo = 1

// PayloadSet writes bytes of the packet (nft_payload.c, nft_payload_set_eval).
type PayloadSet struct {
	Base           PayloadBase
	Offset, Len    int
	Source         Reg
	Checksum       ChecksumType
	ChecksumOffset int // of the checksum, from Base
	ChecksumFlags  uint32
}

// String implements Expr.
func (e *PayloadSet) String() string {
	return fmt.Sprintf("payload write reg %s => %db @ %s header + %d csum_type %d csum_off %d csum_flags 0x%x",
		e.Source, e.Len, e.Base, e.Offset, e.Checksum, e.ChecksumOffset, e.ChecksumFlags)
}
