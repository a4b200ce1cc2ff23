package nft

import "fmt"

// Lookup looks for a register's bytes in a set (nft_lookup.c). It breaks if
// they are not there. Where they are, a map's data go to Dest, and the
// element's own expressions run.
type Lookup struct {
	Set    SetRef
	Source Reg
	Map    bool // Dest is loaded; it may be the verdict register
	Dest   Reg
	Not    bool // breaks if they are there
}

func (e *Lookup) String() string {
	s := fmt.Sprintf("lookup reg %s set %s", e.Source, e.Set)
	if e.Map {
		s += fmt.Sprintf(" dreg %s", e.Dest)
	}
	if e.Not {
		s += " 0x1"
	}
	return s
}
