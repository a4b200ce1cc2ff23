package opt

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Prefix reads "address[/length]" or "address/mask" without clearing the host
// bits. As in iptables 1.8.9, a mask that is not a prefix is treated as that of
// a single address (libxtables, xtopt_parse_hostmask). Host names are not
// looked up.
func Prefix(s string, f netfilter.Family) (netip.Prefix, error) {
	host, mask, found := strings.Cut(s, "/")
	a, err := Addr(host, f)
	if err != nil || !found {
		return netip.PrefixFrom(a, f.Bits()), err
	}
	if n, err := Uint(mask, 0, uint64(f.Bits())); err == nil {
		return netip.PrefixFrom(a, int(n)), nil
	}
	m, err := Addr(mask, f)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("bad mask %q: need a length of 0-%d or an %s mask", mask, f.Bits(), f)
	}
	n := netfilter.AddrMask{Mask: m}.Bits()
	if n < 0 {
		n = f.Bits()
	}
	return netip.PrefixFrom(a, n), nil
}

// Addr reads an address as getaddrinfo does: for IPv4 one to four numbers with
// base 0, of which the last fills the remaining bytes; for IPv6 a scope is
// dropped.
func Addr(s string, f netfilter.Family) (netip.Addr, error) {
	if f == netfilter.IPv4 {
		if a, ok := inetAton(s); ok {
			return a, nil
		}
	} else if a, ok := packet.ParseScoped(s); ok {
		return a, nil
	}
	return netip.Addr{}, fmt.Errorf("bad address %q: need an %s address (host names are not looked up)", s, f)
}

// inetAton reads an address as inet_aton does, without trailing text.
func inetAton(s string) (netip.Addr, bool) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var v uint64
	for i, p := range parts {
		room := uint64(255)
		if i == len(parts)-1 {
			room = 1<<(8*(4-i)) - 1
		}
		n, rest, ok := uintPrefix(p)
		if !ok || rest != "" || n > room || digit(p[0]) > 9 {
			return netip.Addr{}, false
		}
		if i == len(parts)-1 {
			v |= n
		} else {
			v |= n << (24 - 8*i)
		}
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(v))
	return netip.AddrFrom4(b), true
}

// StrictAddr reads an address as inet_pton does: four decimal numbers, or IPv6
// without a scope.
func StrictAddr(s string, f netfilter.Family) (netip.Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" || packet.FamilyOf(a) != f {
		return netip.Addr{}, fmt.Errorf("bad address %q: need an %s address", s, f)
	}
	return a, nil
}
