package nfttext

import "github.com/packetpath/packetpath/netfilter/nft"

// checkRules refuses expressions that are not supported by the base chains that
// call them. Every chain reachable by jumps from a base chain is checked, even
// if no packet can reach it.
func (t *transaction) checkRules(table *nft.Table, w *walk) {
	for _, p := range t.made {
		if p.table != table || p.rule == nil {
			continue
		}
		for r := range withBlocks(p.rule) {
			if err := supported(r.Exprs, table.Family); err != nil {
				t.add(p.at, "", "Operation not supported: %v", err)
				break
			}
		}
	}
	reported := map[*nft.Rule]bool{}
	for _, c := range table.Chains {
		if c.Base == nil {
			continue
		}
		seen := map[*nft.Chain]bool{}
		var visit func(*nft.Chain)
		visit = func(x *nft.Chain) {
			if seen[x] {
				return
			}
			seen[x] = true
			for _, r := range x.Rules {
				for _, e := range r.Exprs {
					if err := nft.Validate(e, table.Family, c.Base); err != nil && !reported[r] {
						reported[r] = true
						t.add(t.ruleAt(r), "", "Operation not supported: %v", err)
					}
				}
			}
			for _, next := range w.next(x) {
				visit(next)
			}
		}
		visit(c)
	}
}

func supported(exprs []nft.Expr, f nft.Family) error {
	for _, x := range exprs {
		if err := nft.Supported(x, f); err != nil {
			return err
		}
	}
	return nil
}
