package conntrack

import "strings"

// transition is a cell of a state table.
type transition struct {
	dir  int    // 0 original, 1 reply
	row  string // first word of the row: the event
	from int    // column of the current state
	to   int    // column of the new state; -1 if the cell is not a state
	cell string
}

// transitions reads a state table: a line with a short name for each state,
// then the rows for the original direction, an empty line, and the rows for
// the reply.
func transitions(text string) []transition {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	states := map[string]int{}
	for i, name := range strings.Fields(lines[0]) {
		states[name] = i
	}
	var all []transition
	dir := 0
	for _, line := range lines[1:] {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			dir = 1
			continue
		}
		for from, cell := range fields[1:] {
			to, ok := states[cell]
			if !ok {
				to = -1
			}
			all = append(all, transition{dir, fields[0], from, to, cell})
		}
	}
	return all
}
