package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
)

// setSets checks the host's sets and that those the rules refer to exist.
func (n *Node) setSets(sets []*ipset.Set, rulesets []*netfilter.Ruleset) error {
	var err error
	if n.sets, err = ipset.NewSets(sets); err != nil {
		return fmt.Errorf("host: %w", err)
	}
	return n.checkAllSets(rulesets)
}

// checkAllSets checks that the sets exist that the rules refer to.
func (n *Node) checkAllSets(rulesets []*netfilter.Ruleset) error {
	for _, rs := range rulesets {
		if rs == nil {
			continue
		}
		for at, r := range rs.Rules() {
			if err := n.checkRuleSets(r, rs.Family); err != nil {
				return at.RuleError(r, err)
			}
		}
	}
	return nil
}

func (n *Node) checkRuleSets(r *netfilter.Rule, f netfilter.Family) error {
	for _, m := range r.Matches {
		if err := n.checkRefs(m, f); err != nil {
			return err
		}
	}
	return n.checkRefs(r.Target, f)
}

func (n *Node) checkRefs(e any, f netfilter.Family) error {
	user, ok := e.(ipset.Referrer)
	if !ok {
		return nil
	}
	for _, ref := range user.SetRefs() {
		if err := n.sets.CheckRef(ref, f); err != nil {
			return fmt.Errorf("%w: give the host its sets", err)
		}
	}
	return nil
}

// startSets returns the sets of a new session; their timeouts start at its start time.
func (s *Session) startSets() *ipset.Sets {
	sets := s.node.sets.Copy()
	sets.Begin(s.began)
	return sets
}

// Sets returns the current sets. They must not be changed and are valid only until the
// next packet.
func (s *Session) Sets() *ipset.Sets {
	if s.node == nil {
		return &ipset.Sets{}
	}
	sets, ok := s.table(ipset.Key, nil).(*ipset.Sets)
	if !ok {
		return &ipset.Sets{}
	}
	sets.At(s.now)
	return sets
}
