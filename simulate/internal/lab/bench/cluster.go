package bench

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Cluster is a node's rules for services of two endpoints each, as kube-proxy
// writes them: eight rules a service and a few for all. The zero value has no
// service.
type Cluster struct {
	Services int
	// NodePorts gives every service a port of the node's own as well, with the
	// rules for localhost that count in an nfacct object.
	NodePorts bool
	// Affinity keeps clients at their endpoint: a rule with recent for each.
	Affinity bool
}

// maxNodePorts is how many services have a port of the node's: there are no more
// ports from firstNodePort on.
const (
	firstNodePort = 2000
	maxNodePorts  = 60000
)

// String names the cluster for a sub-benchmark.
func (c Cluster) String() string {
	s := fmt.Sprintf("services=%d", c.Services)
	if c.NodePorts {
		s += ",nodeports"
	}
	if c.Affinity {
		s += ",affinity"
	}
	return s
}

// Address returns the cluster address of a service.
func (c Cluster) Address(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, 96 + byte(i>>16), byte(i >> 8), byte(i)})
}

// Rules returns the ruleset as iptables-restore reads it.
func (c Cluster) Rules() string {
	var chains, services, ports, rules strings.Builder
	for i := range c.Services {
		c.service(i, &chains, &services, &rules)
		if c.NodePorts && i < maxNodePorts {
			c.nodePort(i, &chains, &ports, &rules)
		}
	}
	return `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-FORWARD - [0:0]
:KUBE-SERVICES - [0:0]
-A INPUT -j KUBE-FIREWALL
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -j KUBE-FIREWALL
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
-A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name ct_state_invalid_dropped_pkts -j DROP
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SERVICES - [0:0]
` + chains.String() + `-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
` + ports.String() + services.String() +
		`-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
` + rules.String() + "COMMIT\n"
}

// Change returns the text that gives a service one endpoint less, as kube-proxy writes it:
// the chain of the service, and those of its endpoints.
func (c Cluster) Change(i int) string {
	name, addr := fmt.Sprintf("%016X", i), c.Address(i)
	return fmt.Sprintf("*nat\n:KUBE-SVC-%s - [0:0]\n:KUBE-SEP-%s1 - [0:0]\n", name, name) +
		fmt.Sprintf("-A KUBE-SVC-%s ! -s 10.244.0.0/16 -d %s/32 -p tcp -m comment --comment \"ns/svc-%d:http cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ\n", name, addr, i) +
		fmt.Sprintf("-A KUBE-SVC-%s -m comment --comment \"ns/svc-%d:http\" -j KUBE-SEP-%s0\n-X KUBE-SEP-%s1\nCOMMIT\n", name, i, name, name)
}

// service writes the chains of a service and the rule that leads to them.
func (c Cluster) service(i int, chains, services, rules *strings.Builder) {
	name, addr := fmt.Sprintf("%016X", i), c.Address(i)
	fmt.Fprintf(chains, ":KUBE-SVC-%s - [0:0]\n", name)
	fmt.Fprintf(services, "-A KUBE-SERVICES -d %s/32 -p tcp -m comment --comment \"ns/svc-%d:http cluster IP\" -m tcp --dport 80 -j KUBE-SVC-%s\n", addr, i, name)
	fmt.Fprintf(rules, "-A KUBE-SVC-%s ! -s 10.244.0.0/16 -d %s/32 -p tcp -m comment --comment \"ns/svc-%d:http cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ\n", name, addr, i)
	if c.Affinity {
		for e := range 2 {
			fmt.Fprintf(rules, "-A KUBE-SVC-%s -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-%s%d --mask 255.255.255.255 --rsource -j KUBE-SEP-%s%d\n", name, name, e, name, e)
		}
	}
	fmt.Fprintf(rules, "-A KUBE-SVC-%s -m comment --comment \"ns/svc-%d:http\" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-%s0\n", name, i, name)
	fmt.Fprintf(rules, "-A KUBE-SVC-%s -m comment --comment \"ns/svc-%d:http\" -j KUBE-SEP-%s1\n", name, i, name)
	for e := range 2 {
		fmt.Fprintf(chains, ":KUBE-SEP-%s%d - [0:0]\n", name, e)
		pod := netip.AddrFrom4([4]byte{10, 244, byte(i >> 7), byte(i<<1 + e)})
		fmt.Fprintf(rules, "-A KUBE-SEP-%s%d -s %s/32 -m comment --comment \"ns/svc-%d:http\" -j KUBE-MARK-MASQ\n", name, e, pod, i)
		set := ""
		if c.Affinity {
			set = fmt.Sprintf("-m recent --set --name KUBE-SEP-%s%d --mask 255.255.255.255 --rsource ", name, e)
		}
		fmt.Fprintf(rules, "-A KUBE-SEP-%s%d -p tcp -m comment --comment \"ns/svc-%d:http\" %s-m tcp -j DNAT --to-destination %s:8080\n", name, e, i, set, pod)
	}
}

// nodePort writes the rules of a service's port on the node.
func (c Cluster) nodePort(i int, chains, ports, rules *strings.Builder) {
	name := fmt.Sprintf("%016X", i)
	fmt.Fprintf(chains, ":KUBE-EXT-%s - [0:0]\n", name)
	fmt.Fprintf(ports, "-A KUBE-NODEPORTS -d 127.0.0.0/8 -p tcp -m comment --comment \"ns/svc-%d:http\" -m tcp --dport %d -m nfacct --nfacct-name localhost_nps_accepted_pkts -j KUBE-EXT-%s\n", i, firstNodePort+i, name)
	fmt.Fprintf(ports, "-A KUBE-NODEPORTS -p tcp -m comment --comment \"ns/svc-%d:http\" -m tcp --dport %d -j KUBE-EXT-%s\n", i, firstNodePort+i, name)
	fmt.Fprintf(rules, "-A KUBE-EXT-%s -m comment --comment \"masquerade traffic for ns/svc-%d:http external destinations\" -j KUBE-MARK-MASQ\n", name, i)
	fmt.Fprintf(rules, "-A KUBE-EXT-%s -j KUBE-SVC-%s\n", name, name)
}

// Request returns the SYN by which a client asks for the service whose rules
// stand last.
func (c Cluster) Request() packet.Spec {
	return packet.Spec{Src: client, SrcPort: 40000, Dst: c.Address(c.Services - 1), DstPort: 80, Flags: packet.SYN}
}

// NodePortRequest returns the SYN by which a client asks for that service at the
// node's own address.
func (c Cluster) NodePortRequest() packet.Spec {
	s := c.Request()
	s.Dst, s.DstPort = nodeAddr, uint16(firstNodePort+min(c.Services, maxNodePorts)-1)
	return s
}
