package host

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Link is a network device. lo is added where it is missing.
type Link struct {
	Name  string
	Index int // 0: the position in Host.Links, counted so that lo is 1
	// MAC is the Ethernet address. It appears in traces only.
	MAC packet.MAC
	// NoHeader marks a link without Ethernet header, such as a tunnel.
	NoHeader bool
	Loopback bool
	Down     bool
	NoARP    bool
	MTU      int    // bytes, at least 68; 0 means 1500, 65536 for lo
	Group    uint32 // as "ip link set group" gives it; 0 is "default"
	Kind     string // as "ip -d link" shows it, such as "vlan" or "tun"; "" for a physical link and for lo
	// NoCarrier marks a link without carrier. It has an effect only if
	// ignore_routes_with_linkdown is set.
	NoCarrier bool
	Addrs     []Address  // in the order "ip addr" shows them
	Master    string     // the bridge whose port it is; "" for none
	Port      BridgePort // its settings as a port of that bridge
	Bridge    Bridge     // its settings as a bridge
	// Behind lists the neighbours that are reachable by this bridge port (static entries
	// of the forwarding database). It determines the output port of bridged packets.
	Behind []Neighbor
}

// Address is an address of a link with the length of its subnet.
type Address struct {
	Prefix        netip.Prefix
	Peer          netip.Addr // other end of a point-to-point address, or the zero Addr
	Scope         string     // as "ip addr" names it; "" is what iproute2 would choose
	Broadcast     netip.Addr // IPv4: a broadcast address besides that of the subnet, or the zero Addr
	Metric        uint32     // of the route to the subnet; 0 is the default
	NoPrefixRoute bool
	Deprecated    bool
	Tentative     bool
	Optimistic    bool // IPv6: tentative, but usable
	Temporary     bool // IPv6: a privacy address
}

// Neighbor is a host that is reachable by a bridge port.
type Neighbor struct {
	Addr netip.Addr
	MAC  packet.MAC // zero if not known
}

// ParseAddress reads an address with the length of its subnet, such as
// "192.168.1.1/24".
func ParseAddress(text string) (Address, error) {
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return Address{}, fmt.Errorf("address %q: need an address and the length of its subnet, such as 192.168.1.1/24", text)
	}
	return Address{Prefix: p}, nil
}

// MustAddresses reads addresses as ParseAddress does. It panics on a bad one: it
// is meant for literals.
func MustAddresses(texts ...string) []Address { return mustAll(texts, ParseAddress) }
