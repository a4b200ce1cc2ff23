package archive

import "strings"

// Entry is a line of a section with the indented lines that follow it.
type Entry struct {
	Head   string // the line itself, with its end
	Packet string // the packet on it; "" for comments and empty lines
	Lines  string // the indented lines
}

// Entries cuts the text of a section into entries. Indented lines ahead of all
// others belong to an entry with an empty Head.
func Entries(text string) (es []Entry) {
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(line, "\t") || strings.HasPrefix(line, " ") && trimmed != "" {
			if len(es) == 0 {
				es = append(es, Entry{})
			}
			es[len(es)-1].Lines += line
			continue
		}
		e := Entry{Head: line}
		if !strings.HasPrefix(trimmed, "#") {
			e.Packet = trimmed
		}
		es = append(es, e)
	}
	return es
}

// JoinEntries is the inverse of Entries.
func JoinEntries(es []Entry) string {
	var b strings.Builder
	for _, e := range es {
		b.WriteString(e.Head)
		b.WriteString(e.Lines)
	}
	return b.String()
}
