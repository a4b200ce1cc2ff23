package parser

import "strings"

// maxLine is the maximum number of bytes of a line that the tool reads at once;
// the rest of a longer line is treated as the next line
// (iptables/iptables-restore.c, ip46tables_restore_main, the size of its buffer
// less the final zero).
const maxLine = 10239

// source splits a text into lines.
type source struct {
	all  string // the whole text
	text string // the unread rest
	line string // the current chunk, its newline included
	num  int    // number of the line of the chunk, from 1
	off  int    // offset of the chunk in that line
	open bool   // the line continues after the chunk

	known   string // the line of number knownAs, once it was asked for
	knownAs int
}

// next advances to the next chunk; false at the end.
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

// visible returns the chunk up to the first zero byte, where C ends a string.
func (s *source) visible() string {
	if i := strings.IndexByte(s.line, 0); i >= 0 {
		return s.line[:i]
	}
	return s.line
}

// raw returns a word of the line as written, quotes included.
func (s *source) raw(w word) string {
	start := len(s.all) - len(s.text) - len(s.line) - s.off
	return s.all[start+w.start : start+w.end]
}

// fullLine returns the line of the chunk, without its newline. The result is
// cached, because each chunk of a long line may contain an error.
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
