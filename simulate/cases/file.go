package cases

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/simulate/internal/archive"
)

// Section is a part of a file.
type Section struct {
	Name string
	Text string
	Line int // number of its first line, from 1
}

// hasCases reports whether the section consists of cases.
func (s *Section) hasCases() bool { return s.Name == "packets" || s.Name == "session" }

// Files returns the text of the section without the lines "read FILE…", and the paths
// that these name, which are relative to the directory of the file with this path.
func (s *Section) Files(path string) (text string, files []string) {
	for line := range strings.Lines(s.Text) {
		names, ok := strings.CutPrefix(line, "read ")
		if !ok {
			text += line
			continue
		}
		for name := range strings.FieldsSeq(names) {
			files = append(files, filepath.Join(filepath.Dir(path), name))
		}
	}
	return text, files
}

// Case is a packet, or another line of a section session, with its expected result.
type Case struct {
	Name    string   // the comment above it, or the line itself
	Text    string   // the line
	Line    int      // its number, from 1
	Want    []Want   // conditions
	Golden  []string // the complete result, in lines that were written by an update
	Session int      // number of its section session, from 1; 0 for a packet of its own

	lines int // number of indented lines
}

// Want is a line with conditions.
type Want struct {
	Text string
	Line int // its number, from 1
}

// Exact reports whether the case has no conditions: its complete result is compared with
// Golden, unless that is empty.
func (c *Case) Exact() bool { return len(c.Want) == 0 }

// Packet reports whether the case is a packet, rather than another line of a session.
func (c *Case) Packet() bool { return !c.waits() && c.Text != "reply" }

func (c *Case) waits() bool { return strings.HasPrefix(c.Text, "wait ") }

// File is a file of cases.
type File struct {
	Name     string
	Sections []Section // the first is the text before all markers
	Cases    []*Case
}

// Parse reads a file.
func Parse(name, text string) (*File, error) {
	f := &File{Name: name}
	for _, s := range archive.Split(text) {
		f.Sections = append(f.Sections, Section(s))
	}
	sessions := 0
	for _, s := range f.Sections {
		if !s.hasCases() {
			continue
		}
		session := 0
		if s.Name == "session" {
			sessions++
			session = sessions
		}
		if err := f.read(s, session); err != nil {
			return nil, err
		}
	}
	if len(f.Cases) == 0 {
		return nil, fmt.Errorf("%s: the file has no case: packets stand in a section \"-- packets --\" or \"-- session --\"", name)
	}
	return f, nil
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
				return fmt.Errorf("%s:%d: an indented line without a packet before it", f.Name, n)
			}
			if last.waits() {
				return fmt.Errorf("%s:%d: %q has no result: indented lines stand below packets and replies", f.Name, n, last.Text)
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

// add adds an indented line: conditions, or a line of the complete result.
func (c *Case) add(line string, n int) error {
	c.lines++
	conditions := !slices.ContainsFunc(splitTerms(line), func(t string) bool { return !isTerm(t) })
	switch {
	case conditions && len(c.Golden) > 0, !conditions && len(c.Want) > 0:
		return fmt.Errorf("%q: conditions and lines that -update writes exclude each other; conditions begin with delivered, to, via, by, reaches, masqueraded, mark, answered", line)
	case conditions:
		c.Want = append(c.Want, Want{line, n})
	default:
		c.Golden = append(c.Golden, line)
	}
	return nil
}

// Replace returns the text of the file in which the cases of the map that are Exact have
// these lines in place of Golden.
func (f *File) Replace(golden map[*Case][]string) string {
	byLine := map[int]*Case{}
	for _, c := range f.Cases {
		if c != nil {
			byLine[c.Line] = c
		}
	}
	var parts []archive.Section
	for _, s := range f.Sections {
		if s.hasCases() {
			s.Text = s.replace(byLine, golden)
		}
		parts = append(parts, archive.Section(s))
	}
	return archive.Join(parts)
}

// replace is Replace for a section of cases, given by their lines.
func (s *Section) replace(byLine map[int]*Case, golden map[*Case][]string) string {
	var b strings.Builder
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
	return b.String()
}
