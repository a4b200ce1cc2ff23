package syntax

import (
	"math/bits"
	"strconv"
)

// Num is an unsigned number of up to 128 bits.
type Num struct{ Hi, Lo uint64 }

// N returns a small number.
func N(n uint64) Num { return Num{Lo: n} }

// IsZero reports whether a is 0.
func (a Num) IsZero() bool { return a.Hi|a.Lo == 0 }

// Cmp compares two numbers.
func (a Num) Cmp(b Num) int {
	switch {
	case a.Hi < b.Hi, a.Hi == b.Hi && a.Lo < b.Lo:
		return -1
	case a == b:
		return 0
	}
	return 1
}

// And, Or, Xor and Not work bit by bit.
func (a Num) And(b Num) Num { return Num{a.Hi & b.Hi, a.Lo & b.Lo} }
func (a Num) Or(b Num) Num  { return Num{a.Hi | b.Hi, a.Lo | b.Lo} }
func (a Num) Xor(b Num) Num { return Num{a.Hi ^ b.Hi, a.Lo ^ b.Lo} }
func (a Num) Not() Num      { return Num{^a.Hi, ^a.Lo} }

// Shl and Shr shift by n bits.
func (a Num) Shl(n int) Num {
	switch {
	case n <= 0:
		return a
	case n >= 128:
		return Num{}
	case n >= 64:
		return Num{Hi: a.Lo << (n - 64)}
	}
	return Num{a.Hi<<n | a.Lo>>(64-n), a.Lo << n}
}

func (a Num) Shr(n int) Num {
	switch {
	case n <= 0:
		return a
	case n >= 128:
		return Num{}
	case n >= 64:
		return Num{Lo: a.Hi >> (n - 64)}
	}
	return Num{a.Hi >> n, a.Lo>>n | a.Hi<<(64-n)}
}

// Inc and Dec return the next and the previous number, wrapping round.
func (a Num) Inc() Num {
	lo, c := bits.Add64(a.Lo, 1, 0)
	return Num{a.Hi + c, lo}
}

func (a Num) Dec() Num {
	lo, c := bits.Sub64(a.Lo, 1, 0)
	return Num{a.Hi - c, lo}
}

// Ones returns a number of n bits that are all set.
func Ones(n int) Num {
	if n >= 128 {
		return Num{^uint64(0), ^uint64(0)}
	}
	return Num{Lo: 1}.Shl(n).Dec()
}

// Bits returns the number of bits required to represent the number.
func (a Num) Bits() int {
	if a.Hi != 0 {
		return 64 + bits.Len64(a.Hi)
	}
	return bits.Len64(a.Lo)
}

// Count returns the number of bits that are set.
func (a Num) Count() int { return bits.OnesCount64(a.Hi) + bits.OnesCount64(a.Lo) }

// Low returns the index of the lowest bit that is set; 128 if none is set.
func (a Num) Low() int {
	if a.Lo != 0 {
		return bits.TrailingZeros64(a.Lo)
	}
	return 64 + bits.TrailingZeros64(a.Hi)
}

// Bit reports whether a bit is set.
func (a Num) Bit(n int) bool { return a.Shr(n).Lo&1 != 0 }

// Append appends the number in n bytes, big-endian.
func (a Num) Append(b []byte, n int) []byte {
	for i := n - 1; i >= 0; i-- {
		b = append(b, byte(a.Shr(8*i).Lo))
	}
	return b
}

// Bytes returns the number in n bytes, in either order.
func (a Num) Bytes(n int, o Order) string {
	var room [16]byte
	b := a.Append(room[:0], n)
	if o == Host {
		for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
	}
	return string(b)
}

// FromBytes reads a number of up to 16 bytes.
func FromBytes(s string, o Order) Num {
	var a Num
	for i := range len(s) {
		c := s[i]
		if o == Host {
			c = s[len(s)-1-i]
		}
		a = a.Shl(8).Or(N(uint64(c)))
	}
	return a
}

// String returns the number in decimal.
func (a Num) String() string {
	if a.Hi == 0 {
		return strconv.FormatUint(a.Lo, 10)
	}
	var digits []byte
	for !a.IsZero() {
		hi := a.Hi / 10
		lo, rem := bits.Div64(a.Hi%10, a.Lo, 10)
		a = Num{hi, lo}
		digits = append(digits, byte('0'+rem))
	}
	for i, j := 0, len(digits)-1; i < j; i, j = i+1, j-1 {
		digits[i], digits[j] = digits[j], digits[i]
	}
	return string(digits)
}

// Hex returns the number in hexadecimal with at least width digits, without a prefix.
func (a Num) Hex(width int) string {
	s := strconv.FormatUint(a.Lo, 16)
	if a.Hi != 0 {
		for len(s) < 16 {
			s = "0" + s
		}
		s = strconv.FormatUint(a.Hi, 16) + s
	}
	for len(s) < width {
		s = "0" + s
	}
	return s
}

// ParseNum reads a number as C's strtoull does with base 0: decimal, 0x for
// hexadecimal, 0 for octal.
func ParseNum(s string) (Num, bool) {
	base := uint64(10)
	switch {
	case len(s) > 2 && (s[:2] == "0x" || s[:2] == "0X"):
		base, s = 16, s[2:]
	case len(s) > 1 && s[0] == '0':
		base, s = 8, s[1:]
	}
	if s == "" {
		return Num{}, false
	}
	var a Num
	for i := range len(s) {
		d := uint64(99)
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			d = uint64(c - '0')
		case 'a' <= c && c <= 'f':
			d = uint64(c-'a') + 10
		case 'A' <= c && c <= 'F':
			d = uint64(c-'A') + 10
		}
		if d >= base {
			return Num{}, false
		}
		h1, l1 := bits.Mul64(a.Lo, base)
		h2, l2 := bits.Mul64(a.Hi, base)
		lo, c := bits.Add64(l1, d, 0)
		hi, c2 := bits.Add64(h1, l2, c)
		if h2 != 0 || c2 != 0 {
			return Num{}, false
		}
		a = Num{hi, lo}
	}
	return a, true
}
