package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Update writes results into cases.txt: for each case the ways its packet may
// go, in place of those that were there.
func (s *Scenario) Update(ways [][]Way) error {
	name := filepath.Join(s.Dir, "cases.txt")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	var b strings.Builder
	next := 0 // index of the first line not yet written
	for i, c := range s.Cases {
		first, end := c.span(lines)
		writeLines(&b, lines[next:first])
		writeWays(&b, ways[i])
		next = end
	}
	writeLines(&b, lines[next:])
	return os.WriteFile(name, []byte(b.String()), 0o644)
}

// span returns the lines that hold the results of a case, or the place for
// them: the end of the case.
func (c *Case) span(lines []string) (first, end int) {
	end = c.first
	for end < len(lines) && lines[end] != "" {
		end++
	}
	if c.results == 0 {
		return end, end
	}
	return c.results - 1, end
}

func writeLines(b *strings.Builder, lines []string) {
	for _, l := range lines {
		fmt.Fprintln(b, l)
	}
}

func writeWays(b *strings.Builder, ways []Way) {
	for _, w := range ways {
		if w.Chance != 1 {
			fmt.Fprintln(b, "chance:", strconv.FormatFloat(w.Chance, 'g', -1, 64))
		}
		if w.Left != "" {
			fmt.Fprintln(b, "left:", w.Left)
		}
		for _, a := range w.Answers {
			fmt.Fprintln(b, "answer:", a)
		}
		if w.Trace != nil {
			fmt.Fprintln(b, "trace:")
		}
		for _, l := range w.Trace {
			fmt.Fprintln(b, "\t"+l)
		}
	}
}
