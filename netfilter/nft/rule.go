package nft

import "github.com/packetpath/packetpath/netfilter"

// Rule is a rule as the kernel holds it.
type Rule struct {
	Handle  uint64
	Comment string
	Exprs   []Expr
	Pos     netfilter.Pos // where in the text it was read; not part of what it does
}

// Expr is one expression of a rule's program. String returns it in the notation
// of nft --debug=netlink, without the brackets.
type Expr interface {
	String() string
	expr()
}
