package opt

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// ScanHex reads the hexadecimal number s begins with and returns what follows
// it, as sscanf does with %x: leading blanks, a sign and "0x" are allowed, and
// the number is truncated to 32 bits.
func ScanHex(s string) (v uint32, rest string, ok bool) {
	s = strings.TrimLeft(s, blanks)
	digits, minus := cutSign(s)
	if len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x' && digit(digits[2]) < 16 {
		digits = digits[2:]
	}
	if v, rest, ok = scanDigits(digits, 16, minus); !ok {
		return 0, s, false
	}
	return v, rest, true
}

// scanDigits reads the number that digits begin with, as sscanf does after a
// sign. A number that does not fit 64 bits is the maximum, regardless of its
// sign.
func scanDigits(digits string, base int, minus bool) (v uint32, rest string, ok bool) {
	n := countDigits(digits, base)
	if n == 0 {
		return 0, digits, false
	}
	u, err := strconv.ParseUint(digits[:n], base, 64)
	switch {
	case err != nil:
		u = math.MaxUint64
	case minus:
		u = -u
	}
	return uint32(u), digits[n:], true
}

// cutSign returns what follows a sign, and whether it is a minus.
func cutSign(s string) (digits string, minus bool) {
	if digits, minus = strings.CutPrefix(s, "-"); !minus {
		digits = strings.TrimPrefix(s, "+")
	}
	return digits, minus
}

// ScanInt reads the decimal number s begins with as atoi does: leading blanks
// and a sign are allowed, trailing text is ignored, and an empty number is 0.
// The number is truncated to 32 bits.
func ScanInt(s string) int32 {
	return int32(ScanInt64(s))
}

// ScanInt64 reads a number as atoll does; a number that is too large is the
// maximum.
func ScanInt64(s string) int64 {
	digits, minus := cutSign(strings.TrimLeft(s, blanks))
	n := countDigits(digits, 10)
	if n == 0 {
		return 0
	}
	v, err := strconv.ParseUint(digits[:n], 10, 64)
	switch {
	case minus && (err != nil || v > math.MaxInt64):
		return math.MinInt64
	case err != nil || v > math.MaxInt64:
		return math.MaxInt64
	case minus:
		return -int64(v)
	}
	return int64(v)
}

// countDigits counts the digits s begins with.
func countDigits(s string, base int) (n int) {
	for n < len(s) && digit(s[n]) < base {
		n++
	}
	return n
}

// ScanFloat reads the number s begins with as strtod does, hexadecimal ones,
// "inf" and "nan" among them, and returns what follows it.
func ScanFloat(s string) (v float64, rest string, ok bool) {
	s = strings.TrimLeft(s, blanks)
	for n := min(len(s), maxFloat); n > 0; n-- {
		word := s[:n]
		if strings.Contains(word, "_") {
			continue
		}
		if digits, _ := cutSign(word); len(digits) > 2 && digits[1]|0x20 == 'x' && !strings.ContainsAny(word, "pP") {
			word += "p0"
		}
		if v, err := strconv.ParseFloat(word, 64); err == nil || errors.Is(err, strconv.ErrRange) {
			return v, s[n:], true
		}
	}
	return 0, s, false
}

// maxFloat is the maximum length of the text of a number.
const maxFloat = 64

// TruncateUint32 converts a number as x86 processors do: a number that does not
// fit 64 bits is 0, others are truncated to 32 bits.
func TruncateUint32(v float64) uint32 {
	if !(math.Abs(v) < 1<<63) {
		return 0
	}
	return uint32(int64(v))
}
