package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// Reload replaces the rules of the families given, as iptables-restore does on
// a running host: connections, fragments, sets and the clock go on. What rules
// remember for themselves (limit, quota, statistic) begins afresh, also where a
// rule is the same as before; the tables that rules name (recent, hashlimit) stay
// as they are while some rule, old or new, names them. A table that a ruleset
// lacks is emptied, but packets go through it still. On error nothing has
// changed.
func (s *Session) Reload(rs ...*netfilter.Ruleset) error {
	if s.node == nil || s.node.fib == nil {
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
	if err := n.checkAllSets(whole); err != nil {
		return err
	}
	n.setTracking()
	s.loadTables()
	s.node = n
	s.conns.Configure(n.tracking)
	for _, r := range whole {
		p := n.programs[r.Family].tables
		s.states[r.Family] = xtables.NewStates(p)
		for _, x := range p.Sharing {
			if st := x.Join(s.shared[x.SharedKey()]); st != nil {
				s.shared[x.SharedKey()] = st
			}
		}
	}
	s.forgetShared()
	s.tally()
	return nil
}

// Ruleset returns the ruleset of a family that is in force, nil if there is none.
// It must not be changed.
func (s *Session) Ruleset(f netfilter.Family) *netfilter.Ruleset {
	if s.node == nil || f > netfilter.IPv6 {
		return nil
	}
	return s.node.rules[f]
}

// checkShape refuses rulesets of no family and without tables where they should be.
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

// loadTables makes the tables that rules share and no packet has come to yet, as
// they are since the rules were loaded.
func (s *Session) loadTables() {
	for _, p := range s.node.programs {
		if p.tables == nil {
			continue
		}
		for _, x := range p.tables.Sharing {
			s.table(x.SharedKey(), nil)
		}
	}
}

// withTables returns a ruleset with empty tables in place of those that it
// lacks and the old one has: a table never goes away.
func withTables(rs, old *netfilter.Ruleset) *netfilter.Ruleset {
	if old == nil {
		return rs
	}
	whole := &netfilter.Ruleset{Family: rs.Family, Tables: rs.Tables[:len(rs.Tables):len(rs.Tables)]}
	for _, t := range old.Tables {
		if rs.Table(t.Name) == nil {
			whole.Tables = append(whole.Tables, netfilter.NewTable(t.Name))
		}
	}
	return whole
}

// forgetShared drops the tables that no rule names any more.
func (s *Session) forgetShared() {
	named := map[string]bool{ipset.Key: true}
	for _, p := range s.node.programs {
		if p.tables == nil {
			continue
		}
		for _, x := range p.tables.Sharing {
			named[x.SharedKey()] = true
		}
	}
	for key := range s.shared {
		if !named[key] {
			delete(s.shared, key)
		}
	}
}
