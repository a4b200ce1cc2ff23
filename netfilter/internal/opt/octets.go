package opt

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// OctetAddr reads an address as iptables' own reader does: one to four numbers
// with base 0 for IPv4, missing trailing ones being 0, or as inet_pton does for
// IPv6 (libxtables, xtables_numeric_to_ipaddr, xtables_numeric_to_ip6addr).
func OctetAddr(s string, f netfilter.Family) (netip.Addr, error) {
	if f == netfilter.IPv6 {
		return StrictAddr(s, f)
	}
	var b [4]byte
	parts := strings.Split(s, ".")
	if len(parts) > len(b) {
		return netip.Addr{}, fmt.Errorf("bad address %q: need an %s address", s, f)
	}
	for i, p := range parts {
		n, err := Uint(p, 0, 255)
		if err != nil {
			return netip.Addr{}, fmt.Errorf("bad address %q: need an %s address", s, f)
		}
		b[i] = byte(n)
	}
	return netip.AddrFrom4(b), nil
}
