package parser

import "strings"

// maxLine is how many bytes of a line the tool reads at once; what is left of a
// longer line counts as the next line (iptables/iptables-restore.c,
// ip46tables_restore_main, the size of its buffer less the final zero).
const maxLine = 10239

// source cuts a text into lines.
type source struct {
	all  string // the whole text
	text string // what was not read yet
	line string // the piece at hand, its newline included
	num  int    // number of the line the piece is of, from 1
	off  int    // where in that line the piece begins
	open bool   // the line goes on after the piece

	known   string // the line of number knownAs, once it was asked for
	knownAs int
}

// next moves on to the next piece; false at the end.
func (s *source) next() bool {
	if s.text == "" {
		return false
	}
	if s.open {
		s.off += len(s.line)
	} else {
		s.num++
		s.off = 0
	}
	n := min(len(s.text), maxLine)
	if i := strings.IndexByte(s.text[:n], '\n'); i >= 0 {
		n = i + 1
	}
	s.line, s.text = s.text[:n], s.text[n:]
	s.open = s.line[n-1] != '\n' && s.text != ""
	return true
}

// visible returns the piece up to the first zero byte, where C ends a string.
func (s *source) visible() string {
	if i := strings.IndexByte(s.line, 0); i >= 0 {
		return s.line[:i]
	}
	return s.line
}

// raw returns a word of the line as it is written.
func (s *source) raw(w word) string {
	start := len(s.all) - len(s.text) - len(s.line) - s.off
	return s.all[start+w.start : start+w.end]
}

// fullLine returns the line that the piece is of, without its newline. It looks
// for the end once: a line of many pieces may have a fault in each.
func (s *source) fullLine() string {
	if s.knownAs != s.num {
		s.known, _, _ = strings.Cut(s.all[len(s.all)-len(s.text)-len(s.line)-s.off:], "\n")
		s.knownAs = s.num
	}
	return s.known
}

// lineOf returns line num of a text, without its newline.
func lineOf(text string, num int) string {
	for ; num > 1; num-- {
		_, text, _ = strings.Cut(text, "\n")
	}
	line, _, _ := strings.Cut(text, "\n")
	return line
}
