package simulate

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

// unknowns are the facts about a host that its description leaves open.
type unknowns struct {
	links      bool    // it names no link
	forwarding [2]bool // by family
	bridged    [2]bool // whether rules of the family see bridged packets
}

// unknownsOf lists what a description leaves open.
func unknownsOf(h *host.Host) unknowns {
	u := unknowns{links: len(h.Links) == 0, forwarding: [2]bool{true, true}, bridged: [2]bool{true, true}}
	for name := range h.Sysctl {
		switch name = strings.ReplaceAll(name, "/", "."); {
		case name == "net.ipv4.ip_forward", strings.HasPrefix(name, "net.ipv4.conf.") && strings.HasSuffix(name, ".forwarding"):
			u.forwarding[netfilter.IPv4] = false
		case strings.HasPrefix(name, "net.ipv6.conf.") && strings.HasSuffix(name, "forwarding"):
			u.forwarding[netfilter.IPv6] = false
		case name == "net.bridge.bridge-nf-call-iptables":
			u.bridged[netfilter.IPv4] = false
		case name == "net.bridge.bridge-nf-call-ip6tables":
			u.bridged[netfilter.IPv6] = false
		}
	}
	return u
}

// What is taken to be so where a description leaves it open.
const (
	factNoLinks = "the host has a link that leads everywhere and no address but those of lo: no links are given"
	factNobody  = "nobody listens on the port: no sockets are given"
	factForeign = "a process of the host may send from an address that the host does not have: name the link if the packet arrives"
	factFlooded = "nobody is known to be behind the ports of the bridge whom the packet is for, so that the only other port gets it"
)

var (
	factForwards = [2]string{
		"the host forwards IPv4 packets: net.ipv4.ip_forward is not given",
		"the host forwards IPv6 packets: net.ipv6.conf.all.forwarding is not given",
	}
	factBridged = [2]string{
		"rules see bridged IPv4 packets: net.bridge.bridge-nf-call-iptables is not given",
		"rules see bridged IPv6 packets: net.bridge.bridge-nf-call-ip6tables is not given",
	}
	factNoRules = [2]string{
		"there are no rules of IPv4: none are given, or no table",
		"there are no rules of IPv6: none are given, or no table",
	}
)

// assumeFact notes a fact about the host that decided and is not given.
func (tr *transit) assumeFact(fact string) {
	for i := range tr.res.Assumptions {
		if a := &tr.res.Assumptions[i]; a.Rule == nil && a.Fact == fact {
			return
		}
	}
	tr.res.Assumptions = append(tr.res.Assumptions, Assumption{Fact: fact})
}

// assumeForwarding notes that the host is taken to forward.
func (tr *transit) assumeForwarding() {
	switch u := &tr.s.node.unknowns; {
	case u.links:
		tr.assumeFact(factNoLinks)
	case u.forwarding[tr.c.Family]:
		tr.assumeFact(factForwards[tr.c.Family])
	}
}

// assumeNobody notes that nobody is taken to listen for a packet that the host
// took in.
func (tr *transit) assumeNobody() {
	if !tr.s.knowsSockets() {
		tr.assumeFact(factNobody)
	}
}

// assumeNoRules notes that there are no rules of the packet's family, but of the
// other one, or that they have no table.
func (tr *transit) assumeNoRules() {
	n, f := tr.s.node, tr.c.Family
	switch {
	case len(n.providers) != 0:
	case n.rules[f] == nil && n.rules[1-f] != nil, n.rules[f] != nil && len(n.rules[f].Tables) == 0:
		tr.assumeFact(factNoRules[f])
	}
}

// assumeSource notes that a process of the host sends from an address which the
// host does not have.
func (tr *transit) assumeSource() {
	src := tr.pkt.Src()
	if !tr.s.node.unknowns.links && !src.IsUnspecified() && !packet.IsMulticast(src) && !tr.s.node.answersFor(src) {
		tr.assumeFact(factForeign)
	}
}
