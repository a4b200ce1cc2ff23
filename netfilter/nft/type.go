package nft

import "strings"

// Field is one field of a set's key or data.
type Field struct {
	Type string // the data type's name in nft: ipv4_addr, inet_service, integer …
	Bits int    // its size; fields of a concatenation begin at multiples of 32 bits
	// Host says that numbers are in the machine's byte order.
	Host bool
}

// Len returns how many bytes the field takes in a key of its own.
func (f Field) Len() int { return (f.Bits + 7) / 8 }

// Type is the type of a set's keys or data.
type Type struct {
	Fields []Field
	// Typeof is the expression that the type was declared by ("ip saddr . tcp
	// dport"); "" if it was declared by name.
	Typeof string
	// Interval says that a map's data are ranges: both ends, one after the other.
	Interval bool
}

// Len returns how many bytes a key of this type has: those of its field, or of
// all fields filled up to 32-bit words each.
func (t Type) Len() int {
	if len(t.Fields) == 1 {
		return t.Fields[0].Len()
	}
	n := 0
	for _, f := range t.Fields {
		n += (f.Len() + 3) &^ 3
	}
	return n
}

// String returns the type as it is declared by name.
func (t Type) String() string {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Type
	}
	return strings.Join(names, " . ")
}
