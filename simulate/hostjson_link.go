package simulate

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

func (h *Host) addLink(it *jsonItem) error {
	name, _, _ := strings.Cut(it.IfName, "@")
	l := Link{Name: name, Index: it.IfIndex, MTU: it.MTU, Loopback: hasFlag(it, "LOOPBACK"), Down: !hasFlag(it, "UP"),
		NoARP: hasFlag(it, "NOARP"), NoHeader: it.LinkType != "ether" && it.LinkType != "loopback"}
	if it.LinkType == "ether" {
		mac, err := ParseMAC(it.Address)
		if err != nil {
			return fmt.Errorf("link %s: %w", name, err)
		}
		l.MAC = mac
	}
	for _, a := range it.AddrInfo {
		addr, err := a.address()
		if err != nil {
			return fmt.Errorf("link %s: %w", name, err)
		}
		l.Addrs = append(l.Addrs, addr)
	}
	h.Links = append(h.Links, l)
	return nil
}

func (a *jsonAddr) address() (Address, error) {
	local, err := netip.ParseAddr(a.Local)
	if err != nil {
		return Address{}, err
	}
	out := Address{Prefix: netip.PrefixFrom(local, a.PrefixLen), Scope: a.Scope, NoPrefixRoute: a.NoPrefixRoute,
		Deprecated: a.Deprecated, Tentative: a.Tentative}
	if local.Is6() {
		out.Scope = "" // follows from the address
	}
	if a.Peer != "" {
		out.Peer, err = netip.ParseAddr(a.Peer)
	}
	return out, err
}

// ParseMAC reads six hex pairs joined by colons.
func ParseMAC(s string) (netfilter.MAC, error) {
	var m netfilter.MAC
	parts := strings.Split(s, ":")
	if len(parts) != len(m) {
		return m, fmt.Errorf("MAC address %q: need six hex pairs joined by colons", s)
	}
	for i, p := range parts {
		b, err := strconv.ParseUint(p, 16, 8)
		if err != nil || len(p) != 2 {
			return m, fmt.Errorf("MAC address %q: bad pair %q", s, p)
		}
		m[i] = byte(b)
	}
	return m, nil
}
