package cond

// Range is a condition on a number: that it lies between Min and Max, both
// included, or outside them when inverted. The zero value holds for every
// number; NewRange makes one that does not.
type Range struct {
	Min, Max uint32 // Min above Max holds for no number
	Invert   bool
	Given    bool // false: no condition
}

// NewRange returns the condition that a number lies between min and max.
func NewRange(min, max uint32) Range { return Range{Min: min, Max: max, Given: true} }

// Holds reports whether the number satisfies the condition.
func (r Range) Holds(n uint32) bool {
	return !r.Given || (n >= r.Min && n <= r.Max) != r.Invert
}

// Number is a condition that a number has a value, or does not when inverted.
// The zero value holds for every number; NewNumber makes one that does not.
type Number struct {
	Value  uint32
	Invert bool
	Given  bool // false: no condition
}

// NewNumber returns the condition that a number is n.
func NewNumber(n uint32) Number { return Number{Value: n, Given: true} }

// Holds reports whether the number satisfies the condition.
func (c Number) Holds(n uint32) bool { return !c.Given || (n == c.Value) != c.Invert }

// Comparison is a way to compare a number with another. The zero value is
// EqualTo.
type Comparison uint8

// The comparisons.
const (
	EqualTo Comparison = iota
	NotEqualTo
	LessThan
	GreaterThan
)

// Holds reports whether a compares so with b.
func (c Comparison) Holds(a, b uint8) bool {
	switch c {
	case EqualTo:
		return a == b
	case NotEqualTo:
		return a != b
	case LessThan:
		return a < b
	case GreaterThan:
		return a > b
	}
	return false
}

// Masked is a condition that a number, under a mask, has a value, or does
// not when inverted. The zero value holds for every number.
type Masked struct {
	Value, Mask uint32
	Invert      bool
	Given       bool // false: no condition
}

// Holds reports whether the number satisfies the condition; bits of the value
// outside the mask make it false.
func (c Masked) Holds(n uint32) bool { return !c.Given || (n&c.Mask == c.Value) != c.Invert }
