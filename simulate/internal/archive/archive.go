// Package archive reads and writes texts of named sections, in the format of
// txtar: a line "-- name --" begins a section, which ends before the next such line.
package archive

import "strings"

// Section is a part of an archive. The text before the first marker is a section without
// a name.
type Section struct {
	Name string
	Text string
	Line int // number of its first line, from 1; 0 if it was not read from a text
}

// Split cuts an archive into sections, the first of which is the comment.
func Split(text string) []Section {
	parts := []Section{{Line: 1}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if name, ok := marker(line); ok {
			parts = append(parts, Section{Name: name, Line: n + 1})
			continue
		}
		parts[len(parts)-1].Text += line
	}
	return parts
}

// marker reads the name of a line "-- name --".
func marker(line string) (name string, ok bool) {
	line = strings.TrimRight(line, " \t\r\n")
	if !strings.HasPrefix(line, "-- ") || !strings.HasSuffix(line, " --") || len(line) < len("-- x --") {
		return "", false
	}
	name = strings.TrimSpace(line[3 : len(line)-3])
	return name, name != ""
}

// Join is the inverse of Split.
func Join(parts []Section) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString("-- " + p.Name + " --\n")
		}
		b.WriteString(p.Text)
		if p.Text != "" && !strings.HasSuffix(p.Text, "\n") {
			b.WriteString("\n")
		}
	}
	return b.String()
}
