package netfilter

import "strconv"

// Pos is a position in a text. The zero value means that the value was not
// parsed from text.
type Pos struct {
	File string // name given to the reader; may be empty
	Line int    // 1-based; 0 where there is no position
	Col  int    // 1-based, in bytes; 0 where only the line is known
}

// IsValid reports whether the position names a line.
func (p Pos) IsValid() bool { return p.Line > 0 }

// String returns "file:line:col" with the unknown parts left out, "-" for none.
func (p Pos) String() string {
	if !p.IsValid() {
		if p.File == "" {
			return "-"
		}
		return p.File
	}
	s := strconv.Itoa(p.Line)
	if p.Col > 0 {
		s += ":" + strconv.Itoa(p.Col)
	}
	if p.File != "" {
		s = p.File + ":" + s
	}
	return s
}
