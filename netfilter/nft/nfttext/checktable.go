package nfttext

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// maxDepth is the maximum depth of nested chains
// (include/net/netfilter/nf_tables.h, NFT_JUMP_STACK_SIZE).
const maxDepth = 16

// checkTable follows all jumps from base chains (nf_tables_api.c,
// nft_chain_validate).
func (t *transaction) checkTable(table *nft.Table) {
	w := &walk{table: table, find: func(name string) *nft.Chain {
		if i := t.find(table, name); i >= 0 {
			return table.Chains[i]
		}
		return nil
	}, depth: map[*nft.Chain]int{}, targets: map[*nft.Chain][]*nft.Chain{}}
	for _, c := range table.Chains {
		if c.Base == nil {
			continue
		}
		if bad := w.chain(c, 1); bad != nil {
			t.add(t.creationOf(bad).at, "", "Too many links: chain %q is reached in a loop or more than %d jumps deep", bad.Name, maxDepth-1)
			return
		}
	}
	t.checkRules(table, w)
}

// ruleAt returns the position of a rule in the text; for a rule of a block it is
// that of the rule with the block.
func (t *transaction) ruleAt(r *nft.Rule) syntax.Span {
	for _, p := range t.made {
		if p.rule == nil {
			continue
		}
		for x := range withBlocks(p.rule) {
			if x == r {
				return p.at
			}
		}
	}
	return syntax.Span{}
}

// creationOf returns the position at which a chain was created.
func (t *transaction) creationOf(c *nft.Chain) created {
	for _, p := range t.made {
		if p.chain == c {
			return p
		}
	}
	return created{}
}

// verdicts returns the verdicts that a rule can set, including those of maps.
func verdicts(table *nft.Table, r *nft.Rule) []nft.Verdict {
	var out []nft.Verdict
	for _, x := range r.Exprs {
		switch x := x.(type) {
		case *nft.SetVerdict:
			out = append(out, x.Verdict)
		case *nft.Lookup:
			if !x.Map || x.Dest != nft.VerdictReg {
				continue
			}
			if s := x.Set.In(table); s != nil {
				for i := range s.Elements {
					out = append(out, s.Elements[i].Verdict)
				}
			}
		}
	}
	return out
}

// walk finds loops and chains nested too deeply.
type walk struct {
	table   *nft.Table
	find    func(name string) *nft.Chain
	depth   map[*nft.Chain]int // the maximum depth at which a chain was visited
	targets map[*nft.Chain][]*nft.Chain
}

// chain visits a chain at a depth; it returns a chain that is nested too
// deeply.
func (w *walk) chain(c *nft.Chain, depth int) *nft.Chain {
	if depth > maxDepth {
		return c
	}
	if w.depth[c] >= depth {
		return nil
	}
	w.depth[c] = depth
	for _, next := range w.next(c) {
		if bad := w.chain(next, depth+1); bad != nil {
			return bad
		}
	}
	return nil
}

func (w *walk) next(c *nft.Chain) []*nft.Chain {
	if out, ok := w.targets[c]; ok {
		return out
	}
	out := []*nft.Chain{}
	for _, r := range c.Rules {
		for _, v := range verdicts(w.table, r) {
			if v.Block != nil {
				out = append(out, v.Block)
			} else if v.Chain != "" {
				if t := w.find(v.Chain); t != nil {
					out = append(out, t)
				}
			}
		}
	}
	w.targets[c] = out
	return out
}
