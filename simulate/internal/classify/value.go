package classify

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// Value is a point on an axis. Addresses, numbers and names all fit: an IPv4
// address fills the low 32 bits, a name the high bytes.
type Value struct{ Hi, Lo uint64 }

// Max is the greatest value.
var Max = Value{^uint64(0), ^uint64(0)}

// Addr returns the value of an address.
func Addr(a netip.Addr) Value {
	if a.Is4() {
		b := a.As4()
		return Value{Lo: uint64(binary.BigEndian.Uint32(b[:]))}
	}
	b := a.As16()
	return Value{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// Number returns the value of a number.
func Number[T ~uint8 | ~uint16 | ~uint32](n T) Value { return Value{Lo: uint64(n)} }

// nameLen is the number of bytes of a name that are compared. The kernel's names are shorter
// (include/uapi/linux/if.h, IFNAMSIZ, the final zero included).
const nameLen = 16

// Name returns the value of a link's name, of which only the first nameLen bytes count.
func Name(s string) Value {
	var b [nameLen]byte
	copy(b[:], s)
	return Value{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

func (v Value) less(o Value) bool { return v.Hi < o.Hi || v.Hi == o.Hi && v.Lo < o.Lo }

func (v Value) compare(o Value) int {
	switch {
	case v.less(o):
		return -1
	case v == o:
		return 0
	}
	return 1
}

// next returns the value after v, which is not Max.
func (v Value) next() Value {
	lo, carry := bits.Add64(v.Lo, 1, 0)
	return Value{v.Hi + carry, lo}
}

// prev returns the value before v, which is not the zero Value.
func (v Value) prev() Value {
	lo, borrow := bits.Sub64(v.Lo, 1, 0)
	return Value{v.Hi - borrow, lo}
}
