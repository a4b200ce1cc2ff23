package opt

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Uint reads a number between min and max as the C library does with base 0:
// "0x10", "010" and "16" with leading blanks and a plus sign (libxtables,
// xtables_strtoul).
func Uint(s string, min, max uint64) (uint64, error) {
	v, rest, ok := uintPrefix(s)
	if !ok || rest != "" {
		return 0, fmt.Errorf("bad value %q: need a number from %d to %d", s, min, max)
	}
	if v < min || v > max {
		return 0, fmt.Errorf("value %s is out of range %d-%d", strings.TrimLeft(s, blanks), min, max)
	}
	return v, nil
}

// blanks are the characters of C's isspace.
const blanks = " \t\n\v\f\r"

// uintPrefix reads the number s begins with and returns what follows it.
func uintPrefix(s string) (v uint64, rest string, ok bool) {
	s = strings.TrimPrefix(strings.TrimLeft(s, blanks), "+")
	base, digits := 10, s
	switch {
	case len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' && digit(s[2]) < 16:
		base, digits = 16, s[2:]
	case len(s) > 0 && s[0] == '0':
		base = 8
	}
	n := 0
	for n < len(digits) && digit(digits[n]) < base {
		n++
	}
	if n == 0 {
		return 0, s, false
	}
	v, err := strconv.ParseUint(digits[:n], base, 64)
	return v, digits[n:], err == nil
}

func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'z':
		return int(c|0x20-'a') + 10
	}
	return 99
}

// Masked reads "value[/mask]", both 32 bits; without a mask all bits are
// compared (libxtables, xtopt_parse_markmask).
func Masked(s string) (value, mask uint32, err error) {
	v, m, found := strings.Cut(s, "/")
	value64, err := Uint(v, 0, 1<<32-1)
	if err != nil {
		return 0, 0, err
	}
	mask64 := uint64(1<<32 - 1)
	if found {
		if mask64, err = Uint(m, 0, 1<<32-1); err != nil {
			return 0, 0, fmt.Errorf("mask: %w", err)
		}
	}
	return uint32(value64), uint32(mask64), nil
}

// AppendHex appends 0x and the number in lower-case hex without padding.
func AppendHex(b []byte, v uint32) []byte {
	return strconv.AppendUint(append(b, "0x"...), uint64(v), 16)
}

// AppendMasked appends " 0xVALUE", with "/0xMASK" unless the mask has all bits.
func AppendMasked(b []byte, value, mask uint32) []byte {
	b = AppendHex(append(b, ' '), value)
	if mask != 1<<32-1 {
		b = AppendHex(append(b, '/'), mask)
	}
	return b
}

// AppendOption appends " --name", with " !" before it when inverted.
func AppendOption(b []byte, name string, invert bool) []byte {
	if invert {
		b = append(b, " !"...)
	}
	b = append(b, " --"...)
	return append(b, name...)
}

// Unmasked reads a 32-bit number; the mask it returns covers every bit.
func Unmasked(s string) (value, mask uint32, err error) {
	v, err := Uint(s, 0, 1<<32-1)
	return uint32(v), 1<<32 - 1, err
}

// UintRange reads "low[:high]" of numbers up to max; an omitted end is 0 or
// max, and an empty text is 0. The order of the two is not checked (libxtables,
// xtopt_parse_mint).
func UintRange(v *netfilter.Value, max uint64) (lo, hi uint64, err error) {
	s := v.Arg()
	low, high, isRange := strings.Cut(s, ":")
	if low != "" {
		if lo, err = Uint(low, 0, max); err != nil {
			return 0, 0, err
		}
	}
	switch {
	case !isRange:
		return lo, lo, nil
	case high == "":
		return lo, max, nil
	}
	if hi, err = Uint(high, 0, max); err == nil && lo > hi && v.Context().Version.RefusesReversedRanges() {
		err = reversedRange(s)
	}
	return lo, hi, err
}

func reversedRange(s string) error {
	return fmt.Errorf("bad range %q: the lower number comes first", s)
}

// AppendRange appends " low", and ":high" if it differs.
func AppendRange(b []byte, lo, hi uint64) []byte {
	b = strconv.AppendUint(append(b, ' '), lo, 10)
	if lo != hi {
		b = strconv.AppendUint(append(b, ':'), hi, 10)
	}
	return b
}

// Protocol reads a protocol number with base 0 or name; "all" is 0 (libxtables,
// xtables_parse_protocol).
func Protocol(s string) (uint8, error) {
	if n, err := Uint(s, 0, 255); err == nil {
		return uint8(n), nil
	}
	if p, ok := packet.ProtocolByName(s); ok {
		return p, nil
	}
	return 0, fmt.Errorf("unknown protocol %q", s)
}
