package opt

import "strings"

// UintPrefix reads the number s begins with, as Uint does, and returns what
// follows it.
func UintPrefix(s string) (v uint64, rest string, ok bool) { return uintPrefix(s) }

// TrimBlanks returns s without the blanks in front, as C's isspace knows them.
func TrimBlanks(s string) string { return strings.TrimLeft(s, blanks) }
