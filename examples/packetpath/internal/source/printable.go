package source

import (
	"strconv"
	"strings"
	"unicode"
)

// Printable makes control characters visible, so that a text cannot change what a
// terminal shows.
func Printable(s string) string {
	if !strings.ContainsFunc(s, control) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if control(r) {
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// control reports characters that move the cursor, change colours or turn the
// direction of text.
func control(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar)
}
