package machine

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/bridge"
)

// Link is a link of the host. Its Index is never 0.
type Link struct{ host.Link }

// HasAddr reports whether the address is assigned to the link (net/ipv6/addrconf.c,
// ipv6_chk_addr). The local routing table may contain further addresses.
func (l *Link) HasAddr(a netip.Addr) bool {
	return slices.ContainsFunc(l.Addrs, func(o host.Address) bool { return o.Prefix.Addr() == a })
}

// MaxLen returns the MTU of the link in bytes, which is the default of its kind if the
// description does not give it.
func (l *Link) MaxLen() int {
	switch {
	case l.MTU > 0:
		return l.MTU
	case l.Loopback:
		return 65536
	}
	return 1500
}

// String returns the name of the link, in words if it has none.
func (l *Link) String() string { return LinkName(l.Name) }

// LinkName returns a name of a link, in words for "".
func LinkName(name string) string {
	if name == "" {
		return "an unnamed link"
	}
	return name
}

// Link returns the link of this name, nil if there is none.
func (m *Machine) Link(name string) *Link {
	if l := m.byName[name]; l != nil {
		return l
	}
	if m.anyLink == nil || name == "" {
		return m.anyLink
	}
	l := *m.anyLink
	l.Name = name
	return &l
}

// LinkByIndex returns the link with this index; the link that stands for all, which may
// be nil, if there is none.
func (m *Machine) LinkByIndex(i int) *Link {
	if l := m.byIndex[i]; l != nil {
		return l
	}
	return m.anyLink
}

// Lists reports whether the description lists the links. Otherwise a link of any name
// exists.
func (m *Machine) Lists() bool { return m.anyLink == nil }

// IndexOf returns the index of a link of the description; 0 for no name and for a link
// that is not listed.
func (m *Machine) IndexOf(name string) int {
	if l := m.byName[name]; l != nil {
		return l.Index
	}
	return 0
}

// Ports returns the link itself and, if it is a bridge, its ports.
func (m *Machine) Ports(l *Link) []*Link {
	ports := []*Link{l}
	for _, p := range m.Links {
		if p.Master == l.Name && l.Name != "" {
			ports = append(ports, p)
		}
	}
	return ports
}

// NoLink returns the error for a link that the host does not have, which lists those
// that it has.
func (m *Machine) NoLink(name string) error {
	var names []string
	for _, l := range m.Links {
		names = append(names, l.Name)
	}
	return fmt.Errorf("the host has no link %q: it has %s", name, strings.Join(names, ", "))
}

// addLinks assigns the interface indexes; lo is added if it is missing, and a host
// without a list of links gets the unnamed link.
func (m *Machine) addLinks(links []host.Link) error {
	hasLo := false
	for _, l := range links {
		hasLo = hasLo || l.Loopback || l.Name == "lo"
	}
	if !hasLo {
		links = append([]host.Link{{Name: "lo", Loopback: true}}, links...)
	}
	for i, l := range links {
		if l.Index == 0 {
			l.Index = i + 1
		}
		if l.Index < 1 || l.Index > math.MaxInt32 {
			return fmt.Errorf("link %s has the index %d: need 1 to %d, or 0 for its position", l.Name, l.Index, math.MaxInt32)
		}
		if l.Name == "" {
			return fmt.Errorf("link %d has no name", i+1)
		}
		if other := m.byIndex[l.Index]; other != nil {
			return fmt.Errorf("links %s and %s have the same index %d", other.Name, l.Name, l.Index)
		}
		if m.byName[l.Name] != nil {
			return fmt.Errorf("two links are named %s", l.Name)
		}
		l.Loopback = l.Loopback || l.Name == "lo"
		c := &Link{l}
		m.Links = append(m.Links, c)
		m.byName[l.Name], m.byIndex[l.Index] = c, c
	}
	if !hasLo && len(links) == 1 {
		m.anyLink = &Link{host.Link{Index: m.Links[0].Index + 1}}
	}
	return nil
}

// checkPorts rejects ports whose bridge does not exist or is a bridge port itself:
// the kernel does not accept a bridge as a port (net/bridge/br_if.c, br_add_if).
func (m *Machine) checkPorts() error {
	for _, l := range m.Links {
		if l.Master == "" {
			continue
		}
		switch master := m.byName[l.Master]; {
		case master == nil:
			return fmt.Errorf("link %s: there is no bridge %q", l.Name, l.Master)
		case master.Master != "":
			return fmt.Errorf("link %s: its bridge %q is a port of %q itself, which no bridge can be", l.Name, l.Master, master.Master)
		}
	}
	return nil
}

// addBridges lists the ports of bridges.
func (m *Machine) addBridges() {
	m.Bridges = map[string]*bridge.Bridge{}
	for i, l := range m.Links {
		if l.Master == "" {
			continue
		}
		if m.Bridges[l.Master] == nil {
			m.Bridges[l.Master] = bridge.New(&m.byName[l.Master].Link)
		}
		m.Bridges[l.Master].Add(&l.Link, i+1)
	}
}
