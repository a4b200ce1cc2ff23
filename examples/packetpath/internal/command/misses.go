package command

import "github.com/packetpath/packetpath/simulate"

// misses collects the rules that a packet came to without matching, in order.
type misses struct {
	visits []visit
}

// visit is a rule the packet came to.
type visit struct {
	table, chain string
	matched      bool
	text         string // why it did not match
}

// add is told of every rule the packet comes to.
func (m *misses) add(v *simulate.Visit) {
	n := visit{table: v.Table, chain: v.Chain, matched: v.Matched}
	if !v.Matched {
		n.text = v.Place() + "  no: " + v.Miss().String()
	}
	m.visits = append(m.visits, n)
}

// before takes out what the packet came to in the step's chain ahead of the
// step.
func (m *misses) before(s *simulate.Step) []string {
	if s.Place() == "" {
		return nil
	}
	var lines []string
	for len(m.visits) > 0 && m.visits[0].table == s.Table && m.visits[0].chain == s.Chain {
		v := m.visits[0]
		m.visits = m.visits[1:]
		if v.matched {
			return lines
		}
		lines = append(lines, v.text)
	}
	return lines
}
