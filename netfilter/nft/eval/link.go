package eval

// strangeLink is added to the index of a link that is not in the ruleset, so
// that it differs from all indexes in rules.
const strangeLink = 1 << 31

// linkIndex returns the index of a link in the numbering of the ruleset
// (Ruleset.Links); 0 for no link.
func (m *machine) linkIndex(name string) uint32 {
	if name == "" {
		return 0
	}
	if n, ok := m.base.rules.links[name]; ok {
		return n
	}
	l, _ := m.c.Engine.Link(name)
	return l.Index | strangeLink
}

// linkName returns the name of the link that has an index in the rules; "" if there
// is none.
func (m *machine) linkName(index uint32) string { return m.base.rules.ruleset.LinkName(index) }
