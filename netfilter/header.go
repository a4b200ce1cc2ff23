package netfilter

import (
	"math/bits"
	"net/netip"
	"strings"
)

// Header holds the conditions of a rule that need no extension (struct ipt_ip,
// struct ip6t_ip6). The zero value matches every packet.
type Header struct {
	Src, Dst AddrMask
	In, Out  string // interface name; a final "+" stands for any ending; "" is any
	Proto    uint8  // IP protocol number; 0 is any
	// ProtoNumber prints the number of Proto even if it has a name, as iptables
	// does since 1.8.11 for most protocols. It changes nothing else.
	ProtoNumber bool
	// MPTCP is -p mptcp, protocol 262, which no packet has: the condition holds
	// for no packet, and inverted for every one. Proto is 0 then.
	MPTCP bool
	// AllProtos is -p all (IPv6). It matches every packet but makes the kernel
	// look for the transport header, which drops packets whose extension
	// headers are cut short. iptables-save does not print it.
	AllProtos bool
	Fragment  bool // -f: only fragments after the first (IPv4)

	InvSrc, InvDst, InvIn, InvOut, InvProto, InvFragment bool // "!"
}

// matchesAll compares as the kernel does, by the stored bytes: an inverted
// condition that is otherwise empty is a condition, and so is the interface
// "+".
func (h *Header) matchesAll() bool {
	return !h.Src.restricts() && !h.Dst.restricts() && h.In == "" && h.Out == "" && h.Proto == 0 && !h.MPTCP && !h.AllProtos && !h.Fragment &&
		!h.InvSrc && !h.InvDst && !h.InvIn && !h.InvOut && !h.InvProto && !h.InvFragment
}

// protocolMPTCP is the number of mptcp in /etc/protocols, which does not fit
// the protocol field of an IP header.
const protocolMPTCP = "262"

// wildcard reports whether an interface name is stored with an empty mask.
func wildcard(name string) bool { return name == "" || name == "+" }

// InterfaceMatches reports whether a link name satisfies an interface
// condition ("eth0", "eth+", "+", ""), ignoring inversion. A hook without the
// device has the name "" (net/netfilter/x_tables.h, ifname_compare_aligned).
func InterfaceMatches(pattern, name string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "+"); ok {
		return strings.HasPrefix(name, prefix)
	}
	return pattern == "" || pattern == name
}

// AddrMask is an address under a mask, which need not be contiguous. The zero
// value covers every address.
type AddrMask struct{ Addr, Mask netip.Addr }

// PrefixMask returns the AddrMask of a prefix.
func PrefixMask(p netip.Prefix) AddrMask {
	mask := make([]byte, p.Addr().BitLen()/8)
	for i := range p.Bits() {
		mask[i/8] |= 0x80 >> (i % 8)
	}
	m, _ := netip.AddrFromSlice(mask)
	return AddrMask{p.Masked().Addr(), m}
}

// restricts reports whether any bit is compared.
func (a AddrMask) restricts() bool { return a.Mask.IsValid() && !a.Mask.IsUnspecified() }

// Equal reports whether both compare the same bits to the same values.
func (a AddrMask) Equal(b AddrMask) bool { return a == b }

// Contains reports whether addr, under the mask, is the address. Every address
// is in the zero AddrMask; an address of the other family is in no other.
func (a AddrMask) Contains(addr netip.Addr) bool {
	if !a.Mask.IsValid() {
		return true
	}
	if a.Mask.BitLen() != addr.BitLen() {
		return false
	}
	return Masked(addr, a.Mask) == a.Addr
}

// Masked returns addr with the bits outside mask cleared; both must be of one
// family.
func Masked(addr, mask netip.Addr) netip.Addr {
	if addr.Is4() && mask.Is4() {
		a, m := addr.As4(), mask.As4()
		for i := range a {
			a[i] &= m[i]
		}
		return netip.AddrFrom4(a)
	}
	a, m := addr.As16(), mask.As16()
	for i := range a {
		a[i] &= m[i]
	}
	return netip.AddrFrom16(a)
}

// Bits returns the prefix length of a contiguous mask; -1 for any other.
func (a AddrMask) Bits() int {
	n, open := 0, false
	for _, b := range a.Mask.AsSlice() {
		ones := bits.LeadingZeros8(^b)
		if b<<ones != 0 || open && b != 0 {
			return -1
		}
		open = open || ones < 8
		n += ones
	}
	return n
}

// String returns the address and mask as iptables-save prints them:
// "10.0.0.0/8", "10.0.0.1/255.0.0.255"; "" for the zero value.
func (a AddrMask) String() string {
	if !a.Mask.IsValid() {
		return ""
	}
	return string(a.append(nil))
}

func (a AddrMask) append(b []byte) []byte {
	b = AppendAddr(b, a.Addr)
	b = append(b, '/')
	if n := a.Bits(); n >= 0 {
		return appendInt(b, n)
	}
	return AppendAddr(b, a.Mask)
}
