package netfilter

import (
	"errors"
	"fmt"
	"reflect"
)

// missing returns an error for every nil table, chain, rule, match and target
// pointer of a ruleset built in Go, and for undefined families. The other
// checks require that there are none.
func (rs *Ruleset) missing() (errs []error) {
	if rs.Family > IPv6 {
		return []error{fmt.Errorf("family %d: there are only IPv4 and IPv6", rs.Family)}
	}
	for i, t := range rs.Tables {
		if t == nil {
			errs = append(errs, fmt.Errorf("table %d is nil", i+1))
			continue
		}
		for i, c := range t.Chains {
			if c == nil {
				errs = append(errs, &RuleError{Pos: t.Pos, Table: t.Name, Chain: "-", Err: fmt.Errorf("chain %d is nil", i+1)})
				continue
			}
			errs = append(errs, c.missing(t)...)
		}
	}
	return errs
}

func (c *Chain) missing(t *Table) (errs []error) {
	for i, r := range c.Rules {
		if err := r.missing(); err != nil {
			e := &RuleError{Table: t.Name, Chain: c.Name, Rule: i + 1, Err: err}
			if r != nil {
				e.Pos = r.Pos
			}
			errs = append(errs, e)
		}
	}
	return errs
}

func (r *Rule) missing() error {
	if r == nil {
		return errors.New("the rule is nil")
	}
	for i, m := range r.Matches {
		if isNil(m) {
			return fmt.Errorf("match %d is nil", i+1)
		}
	}
	if r.Target != nil && isNil(r.Target) {
		return errors.New("the target is a nil pointer: a rule without target has the nil interface")
	}
	return nil
}

// isNil reports whether the interface holds a nil pointer.
func isNil(e Extension) bool {
	if e == nil {
		return true
	}
	v := reflect.ValueOf(e)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
