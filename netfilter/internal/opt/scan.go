package opt

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// ScanHex reads the hexadecimal number s begins with and returns what follows
// it, as sscanf does with %x: blanks, a sign and "0x" may stand in front, and
// only the lower 32 bits count.
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

// scanDigits reads the number that digits begin with, as sscanf does behind a
// sign. One that does not fit 64 bits is the largest, whatever its sign.
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

// ScanInt reads the decimal number s begins with as atoi does: blanks and a
// sign may stand in front, what follows does not count, and nothing at all
// is 0. Only the lower 32 bits count.
func ScanInt(s string) int32 {
	return int32(ScanInt64(s))
}

// ScanInt64 reads a number as atoll does; one that is too large is the largest.
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

// maxFloat bounds how much of a text is taken for one number.
const maxFloat = 64

// TruncateUint32 converts a number as the processors of PCs do: what does not
// fit 64 bits is 0, of the rest the lower 32 bits count.
func TruncateUint32(v float64) uint32 {
	if !(math.Abs(v) < 1<<63) {
		return 0
	}
	return uint32(int64(v))
}
