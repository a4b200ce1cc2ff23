package parser

import (
	"errors"
	"strings"
)

// Limits of a line's words (iptables/xshared.h, struct xt_param_buf and
// MAX_ARGC, of which the name of the tool, -t and the table take three).
const (
	maxWord  = 1023
	maxWords = 251
)

// word is one word of a line.
type word struct {
	text       string
	start, end int  // its range in the line, quotes included
	open       bool // its quote is never closed
}

// blank reports whether c separates words.
func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

// splitWords splits s, which begins at offset off of its line, into words
// (iptables/xshared.c, add_param_to_argv): a quote may open anywhere, and
// closing it ends the word; a backslash escapes between quotes only.
func splitWords(words []word, s string, off int) ([]word, *Error) {
	for i := 0; ; {
		for i < len(s) && blank(s[i]) {
			i++
		}
		if i == len(s) {
			return words, nil
		}
		w, n := cutWord(s[i:])
		if w.open && w.text == "" {
			return words, nil
		}
		w.start, w.end = off+i, off+i+n
		if len(w.text) > maxWord {
			return words, &Error{at: w, Err: errors.New("the word is too long: the limit is 1023 bytes")}
		}
		if len(words) == maxWords {
			return words, &Error{at: w, Err: errors.New("the line has too many words: the limit is 251")}
		}
		words = append(words, w)
		i += n
	}
}

// cutWord returns the first word of s, and its length in s.
func cutWord(s string) (word, int) {
	i := 0
	for i < len(s) && !blank(s[i]) && s[i] != '"' {
		i++
	}
	if i == len(s) || s[i] != '"' {
		return word{text: s[:i]}, i
	}
	rest := s[i+1:]
	end := strings.IndexByte(rest, '"')
	if i == 0 && end >= 0 && strings.IndexByte(rest[:end], '\\') < 0 {
		return word{text: rest[:end]}, end + 2
	}
	return unquote(s, i)
}

// unquote returns the word whose quote opens at offset i of s.
func unquote(s string, i int) (word, int) {
	var b strings.Builder
	b.WriteString(s[:i])
	for i++; i < len(s); i++ {
		if s[i] == '"' {
			return word{text: b.String()}, i + 1
		}
		if s[i] == '\\' {
			if i++; i == len(s) {
				break
			}
		}
		b.WriteByte(s[i])
	}
	return word{text: b.String(), open: true}, len(s)
}
