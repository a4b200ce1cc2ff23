package simulate

import (
	"fmt"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// Reload replaces the rules of the given families, as iptables-restore does on a
// running host: connections, queued fragments, sets and the clock are kept. State of
// single rules (limit, quota, statistic) is reset, even if the rule is unchanged;
// named tables (recent, hashlimit) are kept as long as a rule refers to them. A table
// that the new ruleset lacks becomes empty, but remains registered at its hooks. On
// error the session is unchanged.
func (s *Session) Reload(rs ...*netfilter.Ruleset) error {
	if s.node == nil || s.node.machine == nil {
		return errNoNode
	}
	n := s.node.twin()
	whole := make([]*netfilter.Ruleset, 0, len(rs))
	for _, r := range rs {
		if r != nil {
			if err := checkShape(r); err != nil {
				return err
			}
			whole = append(whole, withTables(r, s.node.rules[r.Family]))
		}
	}
	if err := n.setRules(whole); err != nil {
		return err
	}
	for _, r := range whole {
		if err := n.machine.CheckSets(r); err != nil {
			return err
		}
	}
	n.setTracking()
	s.loadTables()
	s.node = n
	s.conns.Configure(n.tracking)
	for _, r := range whole {
		p := n.programs[r.Family].tables
		s.states[r.Family] = xtables.NewStates(p)
		for _, x := range p.Sharing() {
			if st := x.Join(s.shared[x.SharedKey()]); st != nil {
				s.shared[x.SharedKey()] = st
			}
		}
	}
	s.forgetShared()
	s.tally()
	return nil
}

// Ruleset returns the current ruleset of a family, nil if there is none. It must not be
// changed.
func (s *Session) Ruleset(f netfilter.Family) *netfilter.Ruleset {
	if s.node == nil || f > netfilter.IPv6 {
		return nil
	}
	return s.node.rules[f]
}

// checkShape rejects rulesets of an unknown family or with nil tables.
func checkShape(r *netfilter.Ruleset) error {
	if r.Family > netfilter.IPv6 {
		return fmt.Errorf("ruleset of family %d: there are IPv4 (%d) and IPv6 (%d)", r.Family, netfilter.IPv4, netfilter.IPv6)
	}
	for i, t := range r.Tables {
		if t == nil {
			return fmt.Errorf("table %d of the ruleset for %s is nil", i+1, r.Family)
		}
	}
	return nil
}

// loadTables creates the tables that rules share, as the kernel does when it loads the
// rules, unless they exist.
func (s *Session) loadTables() {
	for _, p := range s.node.programs {
		if p.tables == nil {
			continue
		}
		for _, x := range p.tables.Sharing() {
			s.table(x.SharedKey(), nil)
		}
	}
}

// withTables returns the ruleset with empty tables added for those that only the old
// ruleset has: a table is never unregistered.
func withTables(rs, old *netfilter.Ruleset) *netfilter.Ruleset {
	if old == nil {
		return rs
	}
	whole := *rs
	whole.Tables = slices.Clip(rs.Tables)
	for _, t := range old.Tables {
		if rs.Table(t.Name) == nil {
			whole.Tables = append(whole.Tables, netfilter.NewTable(t.Name))
		}
	}
	return &whole
}

// forgetShared deletes the shared tables that no rule refers to any more.
func (s *Session) forgetShared() {
	named := map[string]bool{ipset.Key: true}
	for _, p := range s.node.programs {
		if p.tables == nil {
			continue
		}
		for _, x := range p.tables.Sharing() {
			named[x.SharedKey()] = true
		}
	}
	for key := range s.shared {
		if !named[key] {
			delete(s.shared, key)
		}
	}
}

// Update returns a node like n with other rulesets for the families of those given; n does
// not change. The result is that of New with these rulesets, where one for a family that had
// none comes last. What they share with the rulesets of n, such as the chains that
// parser.Onto has not changed, is neither checked nor compiled again. The rulesets must not
// be changed afterwards.
func (n *Node) Update(rs ...*netfilter.Ruleset) (*Node, error) {
	if n.machine == nil {
		return nil, errNoNode
	}
	c := n.twin()
	var given []*netfilter.Ruleset
	for _, r := range rs {
		if r != nil {
			given = append(given, r)
		}
	}
	if err := c.setRules(given); err != nil {
		return nil, err
	}
	if err := c.checkChangedSets(n); err != nil {
		return nil, err
	}
	c.tracking = c.machine.Sysctl.Tracking
	c.setTracking()
	return c, nil
}

// checkChangedSets checks that the sets exist that rules refer to, of the chains that differ
// from those of another node with the same host.
func (n *Node) checkChangedSets(old *Node) error {
	for f, c := range n.checked {
		if c == nil || c == old.checked[f] {
			continue
		}
		differ := &netfilter.Ruleset{Family: netfilter.Family(f)}
		for _, t := range c.Tables() {
			part := &netfilter.Table{Name: t.Table().Name}
			for _, number := range t.Differing(old.checked[f]) {
				if ch := t.Chain(int(number)); ch != nil {
					part.Chains = append(part.Chains, ch)
				}
			}
			differ.Tables = append(differ.Tables, part)
		}
		if n.machine.CheckSets(differ) != nil {
			return n.machine.CheckSets(n.rules[f]) // the first of its rules
		}
	}
	return nil
}
