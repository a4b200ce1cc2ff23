package casefile

import "strings"

// section is a part of an archive. The one ahead of all others has no name.
type section struct {
	name string
	text string
}

// split cuts an archive into sections, the first of which is the comment.
func split(archive string) []section {
	parts := []section{{}}
	for line := range strings.Lines(archive) {
		if name, ok := marker(line); ok {
			parts = append(parts, section{name: name})
			continue
		}
		parts[len(parts)-1].text += line
	}
	return parts
}

// marker reads the name of a line "-- name --".
func marker(line string) (name string, ok bool) {
	line = strings.TrimRight(line, " \t\r\n")
	if !strings.HasPrefix(line, "-- ") || !strings.HasSuffix(line, " --") || len(line) < len("-- x --") {
		return "", false
	}
	return strings.TrimSpace(line[3 : len(line)-3]), true
}

// join is the inverse of split.
func join(parts []section) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString("-- " + p.name + " --\n")
		}
		b.WriteString(p.text)
		if p.text != "" && !strings.HasSuffix(p.text, "\n") {
			b.WriteString("\n")
		}
	}
	return b.String()
}
