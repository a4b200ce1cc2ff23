package packet

import (
	"fmt"
	"strconv"
	"strings"
)

// MAC is an Ethernet address. The zero value means not given.
type MAC [6]byte

// ParseMAC reads six pairs of hexadecimal digits joined by colons.
func ParseMAC(s string) (MAC, error) {
	var m MAC
	parts := strings.Split(s, ":")
	if len(parts) != len(m) {
		return MAC{}, fmt.Errorf("MAC address %q: need six hex pairs joined by colons", s)
	}
	for i, p := range parts {
		b, err := strconv.ParseUint(p, 16, 8)
		if err != nil || len(p) != 2 {
			return MAC{}, fmt.Errorf("MAC address %q: bad pair %q", s, p)
		}
		m[i] = byte(b)
	}
	return m, nil
}

// String returns the address as six hex pairs joined by colons.
func (m MAC) String() string {
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// MarshalText returns what String does; nothing for the zero value.
func (m MAC) MarshalText() ([]byte, error) {
	if m == (MAC{}) {
		return []byte{}, nil
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads what MarshalText returns.
func (m *MAC) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*m = MAC{}
		return nil
	}
	*m, err = ParseMAC(string(text))
	return err
}
