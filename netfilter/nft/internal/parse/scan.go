package parse

import (
	"net/netip"
	"strings"
)

// scanner splits a text into tokens.
type scanner struct {
	text string
	base int // added to offsets
	pos  int
	toks []token
}

// scan returns the tokens of a text, whose offsets begin at base; the last is
// the end of the file.
func scan(text string, base int) []token {
	s := &scanner{text: text, base: base, toks: make([]token, 0, len(text)/4+16)}
	for s.next() {
	}
	end := base + len(text)
	return append(s.toks, token{kind: eof, start: end, end: end})
}

func (s *scanner) put(k kind, end int, text string) bool {
	s.toks = append(s.toks, token{k, text, s.base + s.pos, s.base + end})
	s.pos = end
	return true
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func digit(c byte) bool  { return '0' <= c && c <= '9' }
func hexDigit(c byte) bool {
	return digit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
func inWord(c byte) bool { return letter(c) || digit(c) || strings.IndexByte("/-_.", c) >= 0 }

var twoSigns = []string{"==", "!=", "<=", ">=", "<<", ">>"}

func (s *scanner) next() bool {
	s.skip()
	if s.pos >= len(s.text) {
		return false
	}
	rest := s.text[s.pos:]
	switch c := rest[0]; {
	case c == '\n':
		return s.put(newline, s.pos+1, "\n")
	case c == '"':
		return s.quoted(rest)
	case hexDigit(c) || c == ':':
		if n := run(rest, func(c byte) bool { return hexDigit(c) || c == ':' || c == '.' }); n > 0 {
			if end := s.addressEnd(rest[:n]); end > 0 {
				return s.put(address, s.pos+end, rest[:end])
			}
		}
		if digit(c) {
			return s.number(rest)
		}
		if c != ':' {
			if n := classidLen(rest); n > 0 {
				return s.put(classid, s.pos+n, rest[:n])
			}
			return s.word(rest)
		}
	case letter(c) || c == '_' || c == '.' && len(rest) > 1 && (letter(rest[1]) || rest[1] == '_'):
		return s.word(rest)
	case c == '[':
		if i := strings.IndexByte(rest, ']'); i > 0 {
			if a, err := netip.ParseAddr(rest[1:i]); err == nil && a.Is6() {
				return s.put(bracket, s.pos+i+1, rest[1:i])
			}
		}
	}
	for _, two := range twoSigns {
		if strings.HasPrefix(rest, two) {
			return s.put(sign, s.pos+2, two)
		}
	}
	if strings.IndexByte("{}()[]=!<>&|^.,;:@$-/*+", rest[0]) >= 0 {
		return s.put(sign, s.pos+1, rest[:1])
	}
	return s.put(bad, s.pos+1, rest[:1])
}

// skip skips blanks, comments and line continuations.
func (s *scanner) skip() {
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == ' ' || c == '\t' || c == '\r':
			s.pos++
		case c == '#':
			if i := strings.IndexByte(s.text[s.pos:], '\n'); i >= 0 {
				s.pos += i
			} else {
				s.pos = len(s.text)
			}
		case c == '\\' && strings.HasPrefix(s.text[s.pos:], "\\\n"):
			s.pos += 2
		default:
			return
		}
	}
}

func (s *scanner) quoted(rest string) bool {
	i := strings.IndexByte(rest[1:], '"')
	if i < 0 {
		return s.put(bad, s.pos+1, `"`)
	}
	return s.put(quoted, s.pos+i+2, rest[1:i+1])
}

func (s *scanner) word(rest string) bool {
	n := run(rest, inWord)
	if strings.HasPrefix(rest[n:], `\*`) {
		return s.put(star, s.pos+n+2, rest[:n]+`\*`)
	}
	if n < len(rest) && rest[n] == '*' {
		return s.put(star, s.pos+n+1, rest[:n]+"*")
	}
	return s.put(word, s.pos+n, rest[:n])
}

func run(s string, in func(byte) bool) int {
	for i := range len(s) {
		if !in(s[i]) {
			return i
		}
	}
	return len(s)
}

// addressEnd returns the length of the address at the beginning of a sequence of digits,
// colons and dots; 0 if it does not begin with one.
func (s *scanner) addressEnd(text string) int {
	colons := strings.Count(text, ":")
	for end := len(text); end > 6; end-- {
		if colons >= 2 && (isMAC(text[:end]) || isIPv6(text[:end])) {
			return end
		}
		if colons < 2 && isIPv4(text[:end]) {
			return end
		}
		if c := text[end-1]; c != ':' && c != '.' && colons < 2 {
			break
		}
	}
	if colons >= 2 {
		for end := min(6, len(text)); end > 1; end-- {
			if isIPv6(text[:end]) {
				return end
			}
		}
	}
	if colons == 1 {
		// An IPv4 address and a port.
		if i := strings.IndexByte(text, ':'); isIPv4(text[:i]) {
			return i
		}
	}
	return 0
}

func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6()
}

func isIPv4(s string) bool {
	return isParts(s, ".", 4, 3, digit)
}

func isMAC(s string) bool { return isParts(s, ":", 6, 2, hexDigit) }

// isParts reports whether a text consists of a number of parts that are separated by
// separator, each of one to most characters.
func isParts(s, separator string, parts, most int, in func(byte) bool) bool {
	for i := range parts {
		p, rest, more := strings.Cut(s, separator)
		if len(p) < 1 || len(p) > most || run(p, in) != len(p) || more != (i < parts-1) {
			return false
		}
		s = rest
	}
	return true
}

func classidLen(s string) int {
	a := run(s, hexDigit)
	if a < 1 || a > 4 || a >= len(s) || s[a] != ':' {
		return 0
	}
	b := run(s[a+1:], hexDigit)
	if b < 1 {
		return 0
	}
	return a + 1 + min(b, 4)
}

func (s *scanner) number(rest string) bool {
	for _, name := range []string{"8021ad", "8021q"} {
		if strings.HasPrefix(rest, name) && (len(rest) == len(name) || !letter(rest[len(name)]) && !digit(rest[len(name)])) {
			return s.put(word, s.pos+len(name), name)
		}
	}
	if len(rest) > 2 && rest[0] == '0' && (rest[1] == 'x' || rest[1] == 'X') && hexDigit(rest[2]) {
		n := 2 + run(rest[2:], hexDigit)
		return s.put(number, s.pos+n, rest[:n])
	}
	if n := durationLen(rest); n > 0 {
		return s.put(duration, s.pos+n, rest[:n])
	}
	if n := classidLen(rest); n > 0 {
		return s.put(classid, s.pos+n, rest[:n])
	}
	n := run(rest, digit)
	return s.put(number, s.pos+n, rest[:n])
}

// durationLen returns the length of a time like 1d2h at the beginning of a text.
func durationLen(s string) int {
	units := []string{"d", "h", "m", "s", "ms"}
	pos, next := 0, 0
	for {
		n := run(s[pos:], digit)
		if n == 0 {
			return pos
		}
		found := false
		for u := len(units) - 1; u >= next; u-- {
			if strings.HasPrefix(s[pos+n:], units[u]) && !(units[u] == "m" && strings.HasPrefix(s[pos+n:], "ms")) {
				pos += n + len(units[u])
				next, found = u+1, true
				break
			}
		}
		if !found {
			return pos
		}
	}
}
