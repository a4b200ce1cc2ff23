package parser

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// checkBase refuses a ruleset to apply a text to if one of its parts is nil.
func checkBase(base *netfilter.Ruleset) error {
	if base.Family > netfilter.IPv6 {
		return fmt.Errorf("the ruleset of Onto has family %d: there are only IPv4 and IPv6", base.Family)
	}
	for i, t := range base.Tables {
		if t == nil {
			return fmt.Errorf("table %d of the ruleset of Onto is nil", i+1)
		}
		for j, c := range t.Chains {
			if c == nil {
				return fmt.Errorf("chain %d of table %s in the ruleset of Onto is nil", j+1, t.Name)
			}
			for n, r := range c.Rules {
				if r == nil {
					return fmt.Errorf("rule %d of chain %s in the ruleset of Onto is nil", n+1, c.Name)
				}
			}
		}
	}
	return nil
}
