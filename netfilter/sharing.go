package netfilter

import "fmt"

// Sharing is implemented by extensions that keep their state in a table that
// several rules can refer to by name. The kernel looks the table up, or creates
// it, when it loads a rule, so the first rule determines its parameters.
type Sharing interface {
	// SharedKey returns the key under which Engine.Shared finds the table.
	SharedKey() string
	// Join creates the table, or adapts the existing table t to this rule, and
	// returns it. It is called once for each rule, in the order of loading, before
	// the first packet; t is nil for the first rule. An extension that shares only
	// a name and has no state returns nil.
	Join(t State) State
}

// Agreeing is implemented by sharing extensions that the kernel refuses if
// their parameters conflict with those of the table.
type Agreeing interface {
	Sharing
	// Agree returns an error if the rule cannot share the table with the rule
	// that made it.
	Agree(first Sharing) error
}

// checkSharing reports rules that cannot share a table.
func (rs *Ruleset) checkSharing() (errs []error) {
	first := map[string]Sharing{}
	for at, r := range rs.Rules() {
		for e := range r.extensions {
			if err := agree(e, first); err != nil {
				errs = append(errs, at.RuleError(r, fmt.Errorf("%s: %w", e.Name(), err)))
			}
		}
	}
	return errs
}

// extensions yields matches and target in the order of loading.
func (r *Rule) extensions(yield func(Extension) bool) {
	for _, m := range r.Matches {
		if !yield(m) {
			return
		}
	}
	if r.Target != nil {
		yield(r.Target)
	}
}

func agree(e Extension, first map[string]Sharing) error {
	a, ok := e.(Agreeing)
	if !ok {
		return nil
	}
	if f := first[a.SharedKey()]; f != nil {
		return a.Agree(f)
	}
	first[a.SharedKey()] = a
	return nil
}
