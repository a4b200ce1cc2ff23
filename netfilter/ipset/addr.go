package ipset

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
)

// prefixMask returns the mask of a prefix length.
func prefixMask(f netfilter.Family, n uint8) netip.Addr {
	zero := netip.IPv6Unspecified()
	if f == netfilter.IPv4 {
		zero = netip.AddrFrom4([4]byte{})
	}
	return netfilter.PrefixMask(netip.PrefixFrom(zero, int(n))).Mask
}

// cut clears the bits of a beyond the prefix length n.
func cut(a netip.Addr, n uint8) netip.Addr {
	if int(n) >= a.BitLen() {
		return a
	}
	p, _ := a.Prefix(int(n))
	return p.Addr()
}

// masked clears the bits of a outside mask; the zero mask keeps all.
func masked(a, mask netip.Addr) netip.Addr {
	if !mask.IsValid() {
		return a
	}
	return netfilter.Masked(a, mask)
}

func allOnes(a netip.Addr) bool {
	for _, b := range a.AsSlice() {
		if b != 0xff {
			return false
		}
	}
	return true
}

// number returns an IPv4 address as an integer.
func number(a netip.Addr) uint32 {
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

// address returns the IPv4 address of a number.
func address(n uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}

// hostMask returns the bits of an IPv4 address beyond the prefix length n.
func hostMask(n uint8) uint32 { return uint32(1<<(32-uint64(n)) - 1) }

// span is a range of IPv4 addresses, both ends included.
type span struct{ from, to uint32 }

// networkSpan is the range of the network of prefix length n around a.
func networkSpan(a uint32, n uint8) span {
	h := hostMask(n)
	return span{a &^ h, a | h}
}

// first returns the largest network that begins the span and its last address.
// Numbers are compared modulo 2³², so a span longer than half the address space
// begins with a single address (net/netfilter/ipset/pfxlen.c,
// ip_set_range_to_cidr).
func (s span) first() (n uint8, last uint32) {
	for n = 1; n < 32; n++ {
		last = s.from | hostMask(n)
		if s.from&hostMask(n) == 0 && int32(s.to-last) >= 0 {
			return n, last
		}
	}
	return 32, s.from
}
