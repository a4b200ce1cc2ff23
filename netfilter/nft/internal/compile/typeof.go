package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Typeof returns the type of the values of an expression, as sets declare it.
// The expression depends on nothing here.
func Typeof(env Env, e syntax.Expr) (nft.Type, *Fault) {
	var t nft.Type
	err := catch(func() {
		c := &compiler{Env: env, protos: syntax.NewProtocols(env.Table.Family)}
		parts := []syntax.Expr{e}
		if cat, ok := e.(*syntax.Concat); ok {
			parts = cat.Parts
		}
		for _, p := range parts {
			t.Fields = append(t.Fields, c.typeofField(p))
		}
	})
	return t, err
}

func (c *compiler) typeofField(e syntax.Expr) nft.Field {
	switch e := e.(type) {
	case *syntax.Payload:
		if e.Field == nil {
			return nft.Field{Type: syntax.HexType.Name, Bits: e.Bits}
		}
		return nft.Field{Type: e.Type.Name, Bits: e.Field.Len, Host: e.Field.Order == syntax.Host}
	case *syntax.Exthdr:
		if e.Field != nil {
			return nft.Field{Type: e.Field.Type.Name, Bits: e.Field.Len, Host: e.Field.Order == syntax.Host}
		}
	case *syntax.CT:
		k := syntax.CTKeys[e.Key]
		if k.Type == nil {
			fail(e.At, "specify either ip or ip6 for address matching")
		}
		return nft.Field{Type: k.Type.Name, Bits: k.Bits, Host: k.Order == syntax.Host}
	}
	i := c.left(e).Info()
	if i.Type == nil || i.Bits == 0 {
		fail(i.At, "the type of this expression is not known")
	}
	return nft.Field{Type: i.Type.Name, Bits: i.Bits, Host: i.Order == syntax.Host}
}
