package parser

import "github.com/packetpath/packetpath/netfilter"

// chainSet holds the chains of a table by name and in order. Of a table that was checked
// it makes those that are asked for, so that a text that names few chains costs little
// more than the copy of the table's list of chains.
type chainSet struct {
	// base is the table whose chains are not all made; nil if they are.
	base   *netfilter.CheckedTable
	made   map[*netfilter.Chain]*chain // of base, by the chain as it was
	byName map[string]*chain           // nil for a name that no chain has any more
	list   []*chain                    // in order, including removed ones; without those of base
}

// newChainSet returns the chains of a table; base is the table if it was checked, else nil.
func newChainSet(t *netfilter.Table, base *netfilter.CheckedTable) chainSet {
	if base != nil && builtinFirst(base) {
		return chainSet{base: base, made: map[*netfilter.Chain]*chain{}, byName: map[string]*chain{}}
	}
	s := chainSet{byName: make(map[string]*chain, len(t.Chains))}
	slab := make([]chain, len(t.Chains))
	for i, known := range t.Chains {
		slab[i].Chain, slab[i].original = known, known.Name
		s.add(&slab[i])
	}
	return s
}

// builtinFirst reports whether the built-in chains come before the others, as COMMIT
// orders them.
func builtinFirst(t *netfilter.CheckedTable) bool {
	first := 0
	for first < len(t.Table().Chains) && t.Table().Chains[first].Builtin() {
		first++
	}
	for h := netfilter.Prerouting; h < netfilter.NumHooks; h++ {
		if _, ok := t.Number(h.String()); ok {
			first--
		}
	}
	return first == 0
}

// add adds a chain at the end.
func (s *chainSet) add(c *chain) {
	s.byName[c.Name] = c
	s.list = append(s.list, c)
}

// get returns the chain of this name; nil if there is none.
func (s *chainSet) get(name string) *chain {
	c, known := s.byName[name]
	if known || s.base == nil {
		return c
	}
	if n, ok := s.base.Number(name); ok {
		c = s.make(n)
		s.byName[name] = c
	}
	return c
}

// make returns a chain of base by its number.
func (s *chainSet) make(number int) *chain {
	known := s.base.Chain(number)
	c := s.made[known]
	if c == nil {
		c = &chain{Chain: known, original: known.Name, refs: s.base.References(number)}
		s.made[known] = c
	}
	return c
}

// remove takes a chain out that stays in the order of chains.
func (s *chainSet) remove(c *chain) { s.byName[c.Name] = nil }

// rename gives a chain another name.
func (s *chainSet) rename(c *chain, name string) {
	s.byName[c.Name] = nil
	c.own().Name = name
	s.byName[name] = c
}

// all returns the chains in order, including removed ones. It makes those of base.
func (s *chainSet) all() []*chain {
	if s.base == nil {
		return s.list
	}
	chains := s.base.Table().Chains
	list := make([]*chain, 0, len(chains)+len(s.list))
	for _, known := range chains {
		number, _ := s.base.Number(known.Name)
		c := s.make(number)
		if _, ok := s.byName[known.Name]; !ok {
			s.byName[known.Name] = c
		}
		list = append(list, c)
	}
	s.list, s.base, s.made = append(list, s.list...), nil, nil
	return s.list
}

// builtin makes the built-in chains of base.
func (s *chainSet) builtin() {
	if s.base == nil {
		return
	}
	for _, c := range s.base.Table().Chains {
		if !c.Builtin() {
			return
		}
		s.get(c.Name)
	}
}

// finished returns the chains of the table at COMMIT, in which finish has put each one
// that was made, built-in ones first.
func (s *chainSet) finished(finish func(*chain)) []*netfilter.Chain {
	if s.base == nil {
		return finished(s.list, finish)
	}
	known := s.base.Table().Chains
	out := make([]*netfilter.Chain, 0, len(known)+len(s.list))
	for _, k := range known {
		c := s.made[k]
		switch {
		case c == nil:
			out = append(out, k)
		case !c.removed:
			finish(c)
			out = append(out, c.Chain)
		}
	}
	return append(out, finished(s.list, finish)...)
}

func finished(list []*chain, finish func(*chain)) []*netfilter.Chain {
	out := make([]*netfilter.Chain, 0, len(list))
	for _, builtin := range []bool{true, false} {
		for _, c := range list {
			if !c.removed && c.Builtin() == builtin {
				finish(c)
				out = append(out, c.Chain)
			}
		}
	}
	return out
}
