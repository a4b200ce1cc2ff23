package nft

import "fmt"

// CTSet sets a property of the packet's connection (nft_ct.c, nft_ct_set_eval,
// nft_ct_set_zone_eval).
type CTSet struct {
	Key    CTKey // mark, secmark, label, zone or event
	Dir    CTDir // of a zone
	Source Reg
}

// String implements Expr.
func (e *CTSet) String() string {
	if e.Dir != NoDir {
		return fmt.Sprintf("ct set %s with reg %s , dir %s", e.Key, e.Source, e.Dir)
	}
	return fmt.Sprintf("ct set %s with reg %s", e.Key, e.Source)
}
