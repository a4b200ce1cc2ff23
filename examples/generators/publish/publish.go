// Package publish writes rules that publish ports of a host's containers: text
// for iptables-restore --noflush, which replaces its own chains and leaves all
// others alone.
package publish

import (
	"fmt"
	"net/netip"
	"strings"
)

// Port is a port of the host that leads to a container.
type Port struct {
	Protocol string // "tcp" or "udp"
	Number   uint16
	To       netip.AddrPort
}

// Publisher writes rules. The zero value has written none yet.
type Publisher struct{ hooked bool }

// Text returns the text by which these ports are published and no others. The
// first text also leads packets to the publisher's chains.
func (p *Publisher) Text(ports []Port) string {
	var nat, filter strings.Builder
	for _, port := range ports {
		fmt.Fprintf(&nat, "-A PUBLISH -p %s --dport %d -j DNAT --to-destination %s\n", port.Protocol, port.Number, port.To)
		fmt.Fprintf(&filter, "-A PUBLISH -d %s -p %s --dport %d -m conntrack --ctstate DNAT -j ACCEPT\n", port.To.Addr(), port.Protocol, port.To.Port())
	}
	hookNAT, hookFilter := "", ""
	if !p.hooked {
		hookNAT = "-A PREROUTING -m addrtype --dst-type LOCAL -j PUBLISH\n"
		hookFilter = "-P FORWARD DROP\n-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n-A FORWARD -j PUBLISH\n"
	}
	p.hooked = true
	return "*nat\n:PUBLISH - [0:0]\n" + hookNAT + nat.String() + "COMMIT\n*filter\n:PUBLISH - [0:0]\n" + hookFilter + filter.String() + "COMMIT\n"
}
