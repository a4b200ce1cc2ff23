package command

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
)

// The colours, as terminals take them.
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
	grey   = "\x1b[90m"
	bold   = "\x1b[1m"
	plain  = "\x1b[0m"
)

// paint colours a text whose control characters are made visible.
func (a *app) paint(code, s string) string {
	s = source.Printable(s)
	if !a.Terminal || s == "" {
		return s
	}
	return code + s + plain
}

// line prints a line of painted parts, wrapped at the width with an indent for
// what follows.
func (a *app) line(indent int, parts ...string) {
	s := strings.Repeat(" ", indent) + strings.Join(parts, "")
	if a.Width > 20 && visible(s) > a.Width {
		s = wrap(s, a.Width, indent+4)
	}
	fmt.Fprintln(a.Out, s)
}

// visible returns the width of a text in columns, without escape sequences.
func visible(s string) int {
	n := 0
	for s != "" {
		if s[0] == 0x1b {
			i := strings.IndexByte(s, 'm')
			s = s[i+1:]
			continue
		}
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		n++
	}
	return n
}

// wrap breaks a line at blanks.
func wrap(s string, width, indent int) string {
	var b strings.Builder
	column := 0
	first := true
	for word := range strings.SplitSeq(s, " ") {
		n := visible(word)
		switch {
		case first:
		case column+1+n > width && column > indent:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		first = false
		b.WriteString(word)
		column += n
	}
	return b.String()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
