package nft

import "fmt"

// OSFVersion asks for the version beside the name (NFT_OSF_F_VERSION).
const OSFVersion = 1

// OSF loads the operating system that a SYN looks like (nft_osf.c).
type OSF struct {
	TTL   uint8 // 0 exact, 1 loose, 2 skip
	Flags uint32
	Dest  Reg
}

func (e *OSF) String() string { return fmt.Sprintf("osf dreg %s", e.Dest) }
