package decompile

import "github.com/packetpath/packetpath/netfilter/nft/internal/syntax"

// clone copies an expression so that it can be changed.
func clone(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Value:
		c := *e
		return &c
	case *syntax.Payload:
		c := *e
		return &c
	case *syntax.Exthdr:
		c := *e
		return &c
	case *syntax.Meta:
		c := *e
		return &c
	case *syntax.CT:
		c := *e
		return &c
	case *syntax.Binop:
		c := *e
		c.L, c.R = clone(e.L), clone(e.R)
		return &c
	case *syntax.Swap:
		c := *e
		c.Arg = clone(e.Arg)
		return &c
	case *syntax.Map:
		c := *e
		c.Key = clone(e.Key)
		return &c
	case *syntax.Hash:
		c := *e
		if e.Arg != nil {
			c.Arg = clone(e.Arg)
		}
		return &c
	case *syntax.Concat:
		c := *e
		c.Parts = nil
		for _, x := range e.Parts {
			c.Parts = append(c.Parts, clone(x))
		}
		return &c
	}
	return e
}
