package nft

import "fmt"

// XfrmKey is the key of an ipsec expression: a property of an IPsec transform
// applied to the packet. The zero value is not valid.
type XfrmKey uint8

// The keys, in the kernel's numbering (enum nft_xfrm_keys).
const (
	XfrmDAddrIP4 XfrmKey = 1 + iota
	XfrmDAddrIP6
	XfrmSAddrIP4
	XfrmSAddrIP6
	XfrmReqID
	XfrmSPI
)

var xfrmNames = [...]string{"unspec", "daddr4", "daddr6", "saddr4", "saddr6", "reqid", "spi"}

// String returns the name in debug output.
func (k XfrmKey) String() string { return named(xfrmNames[:], k, "key") }

// Xfrm loads a property of an IPsec transform (nft_xfrm.c).
type Xfrm struct {
	Key  XfrmKey
	Out  bool // output: the policy to be applied; otherwise input: the state that was applied
	Num  uint32
	Dest Reg
}

// String implements Expr.
func (e *Xfrm) String() string {
	dir := "in"
	if e.Out {
		dir = "out"
	}
	return fmt.Sprintf("xfrm load %s %d %s => reg %s", dir, e.Num, e.Key, e.Dest)
}
