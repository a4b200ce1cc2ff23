package fib

// lookup finds a route by the policy rules and the tables that they select
// (fib_lookup, fib6_rule_lookup).
func (f *FIB) lookup(fl *flowKey, m *match) Errno {
	if !fl.v4 {
		return f.lookupRules(f.rules6, fl, m)
	}
	if f.custom4 {
		return f.lookupRules(f.rules4, fl, m)
	}
	return f.lookupMerged(fl, m)
}

// lookupMerged is IPv4 without policy rules: one tree for local and main, then
// table default (include/net/ip_fib.h, fib_lookup).
func (f *FIB) lookupMerged(fl *flowKey, m *match) Errno {
	err := f.tables[TableMain].lookup4(fl, m)
	if t := f.tables[TableDefault]; err == errAgain && t != nil {
		err = t.lookup4(fl, m)
	}
	if err == errAgain {
		return ENETUNREACH
	}
	m.rule = f.ruleOf4(m.e.table)
	return err
}

func (f *FIB) ruleOf4(table uint32) *Rule {
	switch table {
	case TableLocal:
		return f.rules4[0].Rule
	case TableMain:
		return f.rules4[1].Rule
	}
	return f.rules4[2].Rule
}

// lookupRules follows net/core/fib_rules.c, fib_rules_lookup.
func (f *FIB) lookupRules(rules []rule, fl *flowKey, m *match) Errno {
	for i := 0; i < len(rules); i++ {
		r := &rules[i]
		if !r.matches(fl) {
			continue
		}
		if r.Action == ActionGoto {
			if r.target != none {
				i = r.target - 1
			}
			continue
		}
		if err := r.act(fl, m); err != errAgain {
			m.rule = r.Rule
			return err
		}
	}
	m.e, m.rule = nil, nil
	return ENETUNREACH
}

// act applies a rule (fib4_rule_action, fib6_rule_action and the suppressors).
func (r *rule) act(fl *flowKey, m *match) Errno {
	m.e = nil
	switch r.Action {
	case ActionNop:
		return errAgain
	case ActionBlackhole:
		return EINVAL
	case ActionUnreachable:
		return ENETUNREACH
	case ActionProhibit:
		return EACCES
	}
	if r.table == nil {
		return errAgain
	}
	var err Errno
	if fl.v4 {
		err = r.table.lookup4(fl, m)
	} else {
		err = r.table.lookup6(fl, m)
	}
	if err == 0 && (m.e.plen <= r.suppress || r.group >= 0 && int64(m.e.firstLink().Group) == r.group) {
		return errAgain
	}
	return err
}

// firstLink returns the link of the first next hop, be it another that was
// chosen (fib4_rule_suppress).
func (e *entry) firstLink() *link { return e.hops[0].link }
