package packet

import (
	"net/netip"
	"strconv"
)

// IsMulticast reports whether an address is a multicast address. Unlike
// netip.Addr.IsMulticast, and like the kernel, it is false for IPv4-mapped IPv6
// addresses (::ffff:224.0.0.1); so are IsLoopback and IsLinkLocal.
func IsMulticast(a netip.Addr) bool { return a.IsMulticast() && !a.Is4In6() }

// IsLoopback reports whether an address is in 127.0.0.0/8 or ::1.
func IsLoopback(a netip.Addr) bool { return a.IsLoopback() && !a.Is4In6() }

// IsLinkLocal reports whether an address is in 169.254.0.0/16 or fe80::/10.
func IsLinkLocal(a netip.Addr) bool { return a.IsLinkLocalUnicast() && !a.Is4In6() }

// ParseScoped reads an IPv6 address as the C library's getaddrinfo does, and
// drops its scope: "%" followed by a decimal number or, for link-local unicast
// and multicast addresses, by the name of a link.
func ParseScoped(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Is4() {
		return netip.Addr{}, false
	}
	if zone := a.Zone(); zone != "" && !a.IsLinkLocalUnicast() && !a.IsLinkLocalMulticast() {
		if _, err := strconv.ParseUint(zone, 10, 32); err != nil {
			return netip.Addr{}, false
		}
	}
	return a.WithZone(""), true
}
