package netfilter

import "net/netip"

// Multicast reports whether an address is that of a group. Unlike
// netip.Addr.IsMulticast, and like the kernel, it takes an IPv4 address within
// an IPv6 one (::ffff:224.0.0.1) for no group; so do Loopback and LinkLocal.
func Multicast(a netip.Addr) bool { return a.IsMulticast() && !a.Is4In6() }

// Loopback reports whether an address is in 127.0.0.0/8 or ::1.
func Loopback(a netip.Addr) bool { return a.IsLoopback() && !a.Is4In6() }

// LinkLocal reports whether an address is in 169.254.0.0/16 or fe80::/10.
func LinkLocal(a netip.Addr) bool { return a.IsLinkLocalUnicast() && !a.Is4In6() }
