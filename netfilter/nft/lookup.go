package nft

import "fmt"

// Lookup looks up a register's bytes in a set (nft_lookup.c). It breaks if no
// element matches. Otherwise the data of a map are stored in Dest, and the
// expressions of the element are evaluated.
type Lookup struct {
	Set    SetRef
	Source Reg
	Map    bool // Dest is loaded; it may be the verdict register
	Dest   Reg
	Not    bool // breaks if an element matches
}

// String implements Expr.
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
