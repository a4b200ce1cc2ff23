package nft

import "fmt"

// ConnLimit breaks when there are more connections than Count (nft_connlimit.c).
type ConnLimit struct {
	Count uint32
	Over  bool // inverted: breaks when there are not more
}

// String implements Expr.
func (e *ConnLimit) String() string {
	flags := 0
	if e.Over {
		flags = 1
	}
	return fmt.Sprintf("connlimit count %d flags %x", e.Count, flags)
}
