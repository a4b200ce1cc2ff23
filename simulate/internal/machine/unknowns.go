package machine

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/host"
)

// Unknowns are the facts about a host that its description does not determine.
type Unknowns struct {
	Links      bool    // it lists no links
	Forwarding [2]bool // by family
	Bridged    [2]bool // whether rules of the family see bridged packets
}

// unknownsOf returns the facts that a description does not determine.
func unknownsOf(h *host.Host) Unknowns {
	u := Unknowns{Links: len(h.Links) == 0, Forwarding: [2]bool{true, true}, Bridged: [2]bool{true, true}}
	for name := range h.Sysctl {
		switch name = strings.ReplaceAll(name, "/", "."); {
		case name == "net.ipv4.ip_forward", strings.HasPrefix(name, "net.ipv4.conf.") && strings.HasSuffix(name, ".forwarding"):
			u.Forwarding[netfilter.IPv4] = false
		case strings.HasPrefix(name, "net.ipv6.conf.") && strings.HasSuffix(name, "forwarding"):
			u.Forwarding[netfilter.IPv6] = false
		case name == "net.bridge.bridge-nf-call-iptables":
			u.Bridged[netfilter.IPv4] = false
		case name == "net.bridge.bridge-nf-call-ip6tables":
			u.Bridged[netfilter.IPv6] = false
		}
	}
	return u
}
