package cases

import (
	"fmt"
	"strings"
)

// Section is a part of a file.
type Section struct {
	Name string
	Text string
	Line int // of its first line
}

// Case is a packet, or another line of a session, and what it should come to.
type Case struct {
	Name    string // the remark ahead of it, or the line itself
	Text    string // the line
	Line    int
	Want    []Want   // loose wants
	Golden  []string // lines that Update wrote
	Session int      // sections session are counted from 1; 0 is a packet of its own

	lines int // how many indented lines there are
}

// Want is a want as it is written.
type Want struct {
	Text string
	Line int
}

// Exact reports whether what the packet comes to is held to lines that Update
// wrote, or would be if there were any.
func (c *Case) Exact() bool { return len(c.Want) == 0 }

// Packet reports whether the case is a packet, rather than another line of a
// session.
func (c *Case) Packet() bool { return !c.waits() && c.Text != "reply" }

func (c *Case) waits() bool { return strings.HasPrefix(c.Text, "wait ") }

// File is a file of cases.
type File struct {
	Name     string
	Sections []Section // the first is the text ahead of all sections
	Cases    []*Case
}

// Parse reads a file.
func Parse(name, text string) (*File, error) {
	f := &File{Name: name, Sections: []Section{{Line: 1}}}
	n, sessions := 0, 0
	for line := range strings.Lines(text) {
		n++
		if section, ok := marker(line); ok {
			f.Sections = append(f.Sections, Section{Name: section, Line: n + 1})
			continue
		}
		f.Sections[len(f.Sections)-1].Text += line
	}
	for _, s := range f.Sections {
		switch s.Name {
		case "packets":
			if err := f.read(s, 0); err != nil {
				return nil, err
			}
		case "session":
			sessions++
			if err := f.read(s, sessions); err != nil {
				return nil, err
			}
		}
	}
	if len(f.Cases) == 0 {
		return nil, fmt.Errorf("%s: the file has no case: packets stand in a section \"-- packets --\" or \"-- session --\"", name)
	}
	return f, nil
}

// marker reads the name of a line "-- name --".
func marker(line string) (name string, ok bool) {
	line = strings.TrimRight(line, " \t\r\n")
	if !strings.HasPrefix(line, "-- ") || !strings.HasSuffix(line, " --") || len(line) < len("-- x --") {
		return "", false
	}
	return strings.TrimSpace(line[3 : len(line)-3]), true
}

func (f *File) read(s Section, session int) error {
	n := s.Line - 1
	remark := ""
	var last *Case
	for line := range strings.Lines(s.Text) {
		n++
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "":
			remark = ""
		case line[0] == '\t' || line[0] == ' ':
			if last == nil {
				return fmt.Errorf("%s:%d: an indented line without a packet ahead of it", f.Name, n)
			}
			if err := last.add(trimmed, n); err != nil {
				return fmt.Errorf("%s:%d: %w", f.Name, n, err)
			}
		case trimmed[0] == '#':
			remark = strings.TrimSpace(strings.TrimLeft(trimmed, "#"))
			last = nil
		default:
			last = &Case{Name: remark, Text: trimmed, Line: n, Session: session}
			if remark == "" {
				last.Name = trimmed
			}
			f.Cases = append(f.Cases, last)
			remark = ""
			if session == 0 && !last.Packet() {
				return fmt.Errorf("%s:%d: %q stands in a section session only", f.Name, n, trimmed)
			}
		}
	}
	return nil
}

// add takes an indented line.
func (c *Case) add(line string, n int) error {
	c.lines++
	terms := splitTerms(line)
	loose := true
	for _, t := range terms {
		loose = loose && isTerm(t)
	}
	switch {
	case loose && len(c.Golden) > 0, !loose && len(c.Want) > 0:
		return fmt.Errorf("%q: wants and lines that -update writes do not go together; words of a want are delivered, to, via, by, reaches, masqueraded, mark, answered", line)
	case loose:
		c.Want = append(c.Want, Want{line, n})
	default:
		c.Golden = append(c.Golden, line)
	}
	return nil
}

// Replace returns the text with other lines below cases that are held to exact
// ones.
func (f *File) Replace(golden map[*Case][]string) string {
	byLine := map[int]*Case{}
	for _, c := range f.Cases {
		byLine[c.Line] = c
	}
	var b strings.Builder
	for i, s := range f.Sections {
		if i > 0 {
			fmt.Fprintf(&b, "-- %s --\n", s.Name)
		}
		n, skip := s.Line-1, 0
		for line := range strings.Lines(s.Text) {
			n++
			if skip > 0 && (line[0] == '\t' || line[0] == ' ') && strings.TrimSpace(line) != "" {
				skip--
				continue
			}
			b.WriteString(line)
			c := byLine[n]
			if c == nil || !c.Exact() {
				continue
			}
			if lines, ok := golden[c]; ok {
				if !strings.HasSuffix(line, "\n") {
					b.WriteByte('\n')
				}
				for _, l := range lines {
					b.WriteString("\t" + l + "\n")
				}
				skip = c.lines
			}
		}
	}
	return b.String()
}
