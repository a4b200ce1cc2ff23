package parser

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Width of a snippet, in characters.
const (
	snippetWidth  = 100
	snippetBefore = 60 // characters of a long line shown before the caret
	snippetIndent = "    "
)

// Snippet returns the line with a caret under the erroneous word, in two lines
// without a final newline. Long lines are cut around the caret, and unprintable
// characters are made visible. It is empty if the error has no line.
func (e *Error) Snippet() string {
	if e.Pos.Line == 0 {
		return ""
	}
	shown, col := around(e.Line, max(e.Pos.Col-1, 0))
	line := cells(shown)
	length := max(e.at.end-e.at.start, 1)
	first, last := len(line), len(line)
	for i, c := range line {
		if c.off <= col {
			first = i
		}
		if c.off < col+length {
			last = i + 1
		}
	}
	if col >= len(shown) {
		first = len(line)
	}
	from, to := window(len(line), first)
	var text, marks strings.Builder
	put := func(s string, mark byte) {
		text.WriteString(s)
		for range utf8.RuneCountInString(s) {
			marks.WriteByte(mark)
		}
	}
	if from > 0 {
		put("…", ' ')
	}
	for i := from; i < to; i++ {
		put(line[i].text, markOf(i, first, last))
	}
	if to < len(line) {
		put("…", ' ')
	}
	if first >= len(line) {
		marks.WriteByte('^')
	}
	return snippetIndent + text.String() + "\n" + snippetIndent + firstCaret(strings.TrimRight(marks.String(), " "))
}

// around cuts a line down to the bytes that may be shown, and col with it: a
// text without newlines is a line as long as itself. What is cut off is never
// within the window.
func around(line string, col int) (string, int) {
	const room = snippetWidth * utf8.UTFMax
	from, to := max(0, min(col, len(line))-room), min(len(line), col+room)
	return line[from:to], col - from
}

// window returns the range of n characters to show so that a given one is
// visible.
func window(n, first int) (from, to int) {
	if n <= snippetWidth {
		return 0, n
	}
	from = max(0, min(first-snippetBefore, n-snippetWidth))
	return from, from + snippetWidth
}

func markOf(i, first, last int) byte {
	if first <= i && i < last {
		return '~'
	}
	return ' '
}

// firstCaret turns "  ~~~" into "  ^~~".
func firstCaret(marks string) string { return strings.Replace(marks, "~", "^", 1) }

// cell is the output for one character of the input.
type cell struct {
	text string
	off  int // of its first byte
}

// cells shows a string: tabs as blanks, other control characters and broken
// UTF-8 as \xNN.
func cells(s string) []cell {
	out := make([]cell, 0, len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\t':
			out = append(out, cell{" ", i})
		case r == utf8.RuneError && n == 1 || !unicode.IsPrint(r):
			for j := range n {
				out = append(out, cell{fmt.Sprintf(`\x%02x`, s[i+j]), i + j})
			}
		default:
			out = append(out, cell{s[i : i+n], i})
		}
		i += n
	}
	return out
}
