package nft

import "github.com/packetpath/packetpath/netfilter"

// Rule is a rule as the kernel holds it.
type Rule struct {
	Handle  uint64
	Comment string
	Exprs   []Expr
	Pos     netfilter.Pos // position in the text; without effect on evaluation
}

// Expr is one expression of a rule's program. String returns it in the notation
// of nft --debug=netlink, without the brackets.
type Expr interface {
	String() string
	expr()
}
