package simulate

import (
	"fmt"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
)

// Reload replaces the rules of the given families and backends, as iptables-restore does
// on a running host: connections, queued fragments, sets and the clock are kept. State of
// single rules (limit, quota, statistic) is reset, even if the rule is unchanged, but not
// that of rules of other backends; named tables (recent, hashlimit) are kept as long as a
// rule refers to them. A table that the new ruleset lacks becomes empty, but remains
// registered at its hooks. On error the session is unchanged.
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
			whole = append(whole, withTables(r, s.node.rules[r.Family][r.Backend]))
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
	s.resetStates(whole)
	s.forgetShared()
	s.tally()
	return nil
}

// Ruleset returns the current ruleset of a family, nil if there is none. It is that of
// iptables-legacy if both backends have one. It must not be changed.
func (s *Session) Ruleset(f netfilter.Family) *netfilter.Ruleset {
	if s.node == nil || f > netfilter.IPv6 {
		return nil
	}
	if rs := s.node.rules[f][netfilter.Legacy]; rs != nil {
		return rs
	}
	return s.node.rules[f][netfilter.NFTables]
}

// Rulesets returns the current rulesets of iptables of all families and backends, in the
// order in which they were loaded. They must not be changed.
func (s *Session) Rulesets() (all []*netfilter.Ruleset) {
	if s.node == nil {
		return nil
	}
	for _, l := range s.node.loaded {
		if l.provider == 0 {
			all = append(all, s.node.rules[l.tablesOf][l.backend])
		}
	}
	return all
}

// resetStates resets the state of single rules of the rulesets, which were loaded, and
// gives their named tables to those rules that share them.
func (s *Session) resetStates(rs []*netfilter.Ruleset) {
	var changed [2][2]bool
	for _, r := range rs {
		changed[r.Family][r.Backend] = true
	}
	for f, backends := range changed {
		if backends == [2]bool{} {
			continue
		}
		p := s.node.programs[f].tables
		s.states[f] = s.states[f].Keep(p, func(b netfilter.Backend) bool { return !backends[b] })
		for _, x := range p.Sharing() {
			if st := x.Join(s.shared[x.SharedKey()]); st != nil {
				s.shared[x.SharedKey()] = st
			}
		}
	}
}

// checkShape rejects rulesets of an unknown family or backend, or with nil tables.
func checkShape(r *netfilter.Ruleset) error {
	if r.Family > netfilter.IPv6 {
		return fmt.Errorf("ruleset of family %d: there are IPv4 (%d) and IPv6 (%d)", r.Family, netfilter.IPv4, netfilter.IPv6)
	}
	if r.Backend > netfilter.NFTables {
		return fmt.Errorf("ruleset of backend %d: there are %s (%d) and %s (%d)", r.Backend, netfilter.Legacy, netfilter.Legacy, netfilter.NFTables, netfilter.NFTables)
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

// Update returns a node like n with other rulesets for the families and backends of those
// given; n does not change. The result is that of New with these rulesets, where one for a
// family and backend that had none comes last. What they share with the rulesets of n, such
// as the chains that parser.Onto has not changed, is neither checked nor compiled again. The
// rulesets must not be changed afterwards.
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
	for f := range n.checked {
		for b, c := range n.checked[f] {
			before := old.checked[f][b]
			if c != nil && c != before && n.machine.CheckSets(differing(c, before)) != nil {
				return n.machine.CheckSets(n.rules[f][b]) // the first of its rules
			}
		}
	}
	return nil
}

// differing returns the chains of a ruleset that differ from those of another.
func differing(c, old *netfilter.Checked) *netfilter.Ruleset {
	differ := &netfilter.Ruleset{Family: c.Ruleset().Family, Backend: c.Ruleset().Backend}
	for _, t := range c.Tables() {
		part := &netfilter.Table{Name: t.Table().Name}
		for _, number := range t.Differing(old) {
			if ch := t.Chain(int(number)); ch != nil {
				part.Chains = append(part.Chains, ch)
			}
		}
		differ.Tables = append(differ.Tables, part)
	}
	return differ
}
