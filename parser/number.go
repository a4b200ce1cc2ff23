package parser

import (
	"math"
	"strconv"
	"strings"
)

// spaces are the characters of C's isspace.
const spaces = " \t\n\v\f\r"

// hasSpace reports whether s contains a byte for which C's isspace is true.
func hasSpace(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == ' ' || '\t' <= c && c <= '\r' {
			return true
		}
	}
	return false
}

// number reads a whole word as libxtables reads numbers (xtables_strtoul): base
// 0, blanks and a plus sign in front.
func number(s string, lo, hi uint64) (uint64, bool) {
	s = strings.TrimPrefix(strings.TrimLeft(s, spaces), "+")
	base := 10
	switch {
	case len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x':
		base, s = 16, s[2:]
	case len(s) > 1 && s[0] == '0':
		base = 8
	}
	if s == "" || base != 16 && (s[0] < '0' || s[0] > '9') { // fast path: most words are not numbers, and errors are expensive
		return 0, false
	}
	v, err := strconv.ParseUint(s, base, 64)
	return v, err == nil && lo <= v && v <= hi
}

// scanNumber reads the decimal number that s begins with as C's sscanf does
// with "%llu": trailing text is ignored, a negative number wraps, and a number
// that is too large is the maximum.
func scanNumber(s string) (v uint64, rest string, ok bool) {
	s = strings.TrimLeft(s, spaces)
	neg := strings.HasPrefix(s, "-")
	if neg || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	if n == 0 {
		return 0, s, false
	}
	v, err := strconv.ParseUint(s[:n], 10, 64)
	if err != nil {
		return math.MaxUint64, s[n:], true
	}
	if neg {
		v = -v
	}
	return v, s[n:], true
}
