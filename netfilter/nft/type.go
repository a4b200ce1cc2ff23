package nft

import "strings"

// Field is one field of a set's key or data.
type Field struct {
	Type string // the data type's name in nft: ipv4_addr, inet_service, integer …
	Bits int    // its size; fields of a concatenation begin at multiples of 32 bits
	// Host reports whether numbers are in host byte order.
	Host bool
}

// Len returns the length in bytes of a key that consists of the field.
func (f Field) Len() int { return (f.Bits + 7) / 8 }

// Type is the type of a set's keys or data.
type Type struct {
	Fields []Field
	// Typeof is the expression that the type was declared by ("ip saddr . tcp
	// dport"); "" if it was declared by name.
	Typeof string
	// Interval reports whether a map's data are ranges: both ends, one after the
	// other.
	Interval bool
}

// Len returns the length of a key of this type in bytes: that of its field or,
// for a concatenation, of all fields padded to 32-bit words.
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

// String returns the type as in a declaration by name.
func (t Type) String() string {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Type
	}
	return strings.Join(names, " . ")
}
