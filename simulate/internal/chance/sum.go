package chance

import (
	"encoding/binary"
	"math/big"
	"math/bits"
)

// Sums adds up the probabilities of paths, which must be added in the order of branches:
// the product of the choices that a path shares with the previous one is reused. The zero
// value has no path.
type Sums struct {
	path     []Choice
	products []fraction // of the choices up to each
	of       []fraction // the sums
}

// fraction is num·2^-exp.
type fraction struct {
	num *big.Int
	exp uint
}

// Add adds the probability of a path to sum number i, which is initially 0. It returns
// false without adding anything if the number of cases of a choice is not a power of two,
// or a choice is an assumption.
func (s *Sums) Add(i int, path []Choice) bool {
	common := 0
	for common < min(len(path), len(s.path)) && path[common] == s.path[common] {
		common++
	}
	for k := common; k < len(path); k++ {
		if c := &path[k]; c.Assumed || c.Total&(c.Total-1) != 0 {
			return false
		}
	}
	s.path, s.products = append(s.path[:common], path[common:]...), s.products[:common]
	at := fraction{num: big.NewInt(1)}
	if common > 0 {
		at = s.products[common-1]
	}
	for k := common; k < len(path); k++ {
		c := &path[k]
		n := new(big.Int).SetUint64(c.To - c.From)
		at = fraction{n.Mul(n, at.num), at.exp + uint(bits.TrailingZeros64(c.Total))}
		s.products = append(s.products, at)
	}
	for len(s.of) <= i {
		s.of = append(s.of, fraction{num: new(big.Int)})
	}
	s.of[i] = s.of[i].plus(at)
	return true
}

func (f fraction) plus(o fraction) fraction {
	if f.num.Sign() == 0 {
		return o
	}
	if f.exp < o.exp {
		f, o = o, f
	}
	n := new(big.Int).Lsh(o.num, f.exp-o.exp)
	return fraction{n.Add(n, f.num), f.exp}
}

// Sum returns sum number i.
func (s *Sums) Sum(i int) *big.Rat {
	if i >= len(s.of) {
		return new(big.Rat)
	}
	return s.of[i].rat()
}

// rat returns the fraction in lowest terms. The constructors of big.Rat would compute the
// greatest common divisor of numbers with thousands of digits, which is known here
// because the denominator is a power of two; only its decoder does not reduce fractions.
func (f fraction) rat() *big.Rat {
	shift := min(f.num.TrailingZeroBits(), f.exp)
	num, den := new(big.Int).Rsh(f.num, shift), new(big.Int).Lsh(big.NewInt(1), f.exp-shift)
	if f.num.Sign() == 0 || f.exp == shift {
		return new(big.Rat).SetInt(num)
	}
	const version, sign = 1 << 1, 0
	length := (num.BitLen() + 7) / 8
	b := make([]byte, 1+4+length, 1+4+length+(den.BitLen()+7)/8)
	b[0] = version | sign
	binary.BigEndian.PutUint32(b[1:], uint32(length))
	num.FillBytes(b[5:])
	r := new(big.Rat)
	if err := r.GobDecode(append(b, den.Bytes()...)); err != nil {
		return r.SetFrac(num, den)
	}
	return r
}
