package nft

import "fmt"

// OSFVersion loads the version in addition to the name (NFT_OSF_F_VERSION).
const OSFVersion = 1

// OSF loads the name of the sender's operating system, as guessed from a SYN
// (nft_osf.c).
type OSF struct {
	TTL   uint8 // 0 exact, 1 loose, 2 skip
	Flags uint32
	Dest  Reg
}

// String implements Expr.
func (e *OSF) String() string { return fmt.Sprintf("osf dreg %s", e.Dest) }
