package opt

import "strings"

// UintPrefix reads the number s begins with, as Uint does, and returns the rest
// of s.
func UintPrefix(s string) (v uint64, rest string, ok bool) { return uintPrefix(s) }

// TrimBlanks returns s without leading blanks, as defined by C's isspace.
func TrimBlanks(s string) string { return strings.TrimLeft(s, blanks) }

// ScanDecimal reads the decimal number s begins with as sscanf does with %u:
// leading blanks and a sign are allowed, and the number is truncated to 32
// bits. It returns the rest of s.
func ScanDecimal(s string) (v uint32, rest string, ok bool) {
	digits, minus := cutSign(TrimBlanks(s))
	if v, rest, ok = scanDigits(digits, 10, minus); !ok {
		return 0, s, false
	}
	return v, rest, true
}

// SignedPrefix reads the number s begins with as strtoul does with base 0, a
// sign included, and returns what follows it. Without a number it is 0 and all
// of s follows.
func SignedPrefix(s string) (v uint64, rest string, ok bool) {
	digits, minus := cutSign(TrimBlanks(s))
	if countDigits(digits, 10) == 0 {
		return 0, s, false
	}
	if v, rest, ok = uintPrefix(digits); !ok {
		return 0, s, false
	}
	if minus {
		v = -v
	}
	return v, rest, true
}
