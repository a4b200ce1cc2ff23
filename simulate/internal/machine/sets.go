package machine

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
)

// CheckSets returns an error for the first rule that refers to a set that the host does
// not have.
func (m *Machine) CheckSets(rs *netfilter.Ruleset) error {
	for at, r := range rs.Rules() {
		if err := m.checkRule(r, rs.Family); err != nil {
			return at.RuleError(r, err)
		}
	}
	return nil
}

func (m *Machine) checkRule(r *netfilter.Rule, f netfilter.Family) error {
	for _, match := range r.Matches {
		if err := m.checkRefs(match, f); err != nil {
			return err
		}
	}
	return m.checkRefs(r.Target, f)
}

func (m *Machine) checkRefs(e any, f netfilter.Family) error {
	user, ok := e.(ipset.Referrer)
	if !ok {
		return nil
	}
	for _, ref := range user.SetRefs() {
		if err := m.Sets.CheckRef(ref, f); err != nil {
			return fmt.Errorf("%w: give the host its sets", err)
		}
	}
	return nil
}
