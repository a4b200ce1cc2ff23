package eval

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// requirements returns the subsystems that a table's rules, sets and objects
// enable for a family when they are loaded. A dormant table enables them, too.
func requirements(t *nft.Table, f netfilter.Family) netfilter.Requirements {
	n := &requirer{table: t, family: f}
	for _, c := range t.Chains {
		n.chain(c)
	}
	for _, s := range t.Sets {
		n.exprs(s.Exprs)
		n.elements(s)
	}
	for _, o := range t.Objects {
		n.object(o.Value)
	}
	return n.all
}

type requirer struct {
	all    netfilter.Requirements
	table  *nft.Table
	family netfilter.Family
}

// add adds a requirement if a condition holds.
func (n *requirer) add(q netfilter.Requirements, holds bool) {
	if holds {
		n.all |= q
	}
}

func (n *requirer) chain(c *nft.Chain) {
	for _, r := range c.Rules {
		n.exprs(r.Exprs)
	}
}

func (n *requirer) exprs(es []nft.Expr) {
	for _, e := range es {
		n.expr(e)
	}
}

func (n *requirer) elements(s *nft.Set) {
	for i := range s.Elements {
		n.exprs(s.Elements[i].Exprs)
	}
}

// expr adds the subsystems that an expression enables. Most do so for the
// families of their table; a NAT expression for the family of its addresses
// (net/netfilter/nft_nat.c, nft_nat_init).
func (n *requirer) expr(e nft.Expr) {
	mine := covers(n.table.Family, n.family)
	switch e := e.(type) {
	case *nft.CT:
		n.add(netfilter.RequireConntrack, mine)
		n.add(netfilter.RequireAccounting, mine && (e.Key == nft.CTPkts || e.Key == nft.CTBytes || e.Key == nft.CTAvgPkt))
	case *nft.CTSet:
		n.add(netfilter.RequireConntrack, mine)
		n.add(netfilter.RequireLabels, mine && e.Key == nft.CTLabels)
	case *nft.NAT:
		n.add(netfilter.RequireConntrack, covers(e.Family, n.family))
	case *nft.Masquerade, *nft.Redirect, *nft.ConnLimit, *nft.FlowOffload:
		n.add(netfilter.RequireConntrack, mine)
	case *nft.Synproxy:
		n.add(netfilter.RequireConntrack|netfilter.RequireSynProxy, mine)
	case *nft.TProxy:
		n.add(netfilter.RequireDefrag, mine && (e.Family == 0 || covers(e.Family, n.family)))
	case *nft.Lookup:
		n.anonymous(e.Set)
	case *nft.ObjRef:
		n.anonymous(e.Map)
	case *nft.Dynset:
		n.exprs(e.Exprs)
	case *nft.SetVerdict:
		if e.Verdict.Block != nil {
			n.chain(e.Verdict.Block)
		}
	}
}

func (n *requirer) anonymous(r nft.SetRef) {
	if r.Anon != nil {
		n.exprs(r.Anon.Exprs)
		n.elements(r.Anon)
	}
}

func (n *requirer) object(v nft.ObjectValue) {
	switch v := v.(type) {
	case nft.Expr:
		n.expr(v)
	case *nft.CTHelper, *nft.CTTimeout, *nft.CTExpectation:
		n.add(netfilter.RequireConntrack, covers(n.table.Family, n.family))
	}
}
