package cond

import "strconv"

// PortRange is a condition on a port: that it lies between Min and Max, both
// included, or outside them when inverted. The zero value holds for every
// port; Ports makes one that does not.
type PortRange struct {
	Min, Max uint16 // Min above Max holds for no port
	Invert   bool
	Given    bool // false: no condition
}

// Ports returns the condition that a port lies between min and max.
func Ports(min, max uint16) PortRange { return PortRange{Min: min, Max: max, Given: true} }

// Holds reports whether the port satisfies the condition.
func (r PortRange) Holds(port uint16) bool {
	return !r.Given || (port >= r.Min && port <= r.Max) != r.Invert
}

// All reports whether the condition holds for every port.
func (r PortRange) All() bool { return !r.Given || !r.Invert && r.Min == 0 && r.Max == 65535 }

// Append appends "80" or "80:90".
func (r PortRange) Append(b []byte) []byte {
	b = strconv.AppendUint(b, uint64(r.Min), 10)
	if r.Min != r.Max {
		b = append(b, ':')
		b = strconv.AppendUint(b, uint64(r.Max), 10)
	}
	return b
}
