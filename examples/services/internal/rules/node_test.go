package rules

import (
	"net/netip"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

// testNode is the node on which all tests take place: pods are behind cni0, all
// else, the other nodes with their pods included, is behind eth0.
func testNode() host.Host {
	return host.Host{
		Links: []host.Link{
			{Name: "eth0", Addrs: host.MustAddresses("192.168.1.10/24", "192.168.1.11/24", "2001:db8:1::10/64")},
			{Name: "cni0", Addrs: host.MustAddresses("10.244.1.1/24", "fd00:244:1::1/64")},
		},
		Routes: host.MustRoutes("default via 192.168.1.1 dev eth0", "default via 2001:db8:1::1 dev eth0"),
	}
}

// emptyCluster is the cluster of that node without services.
func emptyCluster() *cluster.Cluster {
	return &cluster.Cluster{
		PodNetworks:   []netip.Prefix{netip.MustParsePrefix("10.244.1.0/24"), netip.MustParsePrefix("fd00:244:1::/64")},
		NodeAddresses: addrs("192.168.1.10", "192.168.1.11", "2001:db8:1::10"),
	}
}

func addrs(texts ...string) []netip.Addr {
	out := make([]netip.Addr, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParseAddr(t)
	}
	return out
}

// client is who opens a connection.
type client struct {
	name string
	dev  string // link its packets come in by; "" for the node itself
	addr netip.Addr
}

// clients are the usual ones; addrs are of both families.
var clients = []struct {
	name, dev string
	addrs     []netip.Addr
}{
	{"a pod of this node", "cni0", addrs("10.244.1.99", "fd00:244:1::99")},
	{"the node", "", addrs("192.168.1.10", "2001:db8:1::10")},
	{"the world", "eth0", addrs("203.0.113.7", "2001:db8:ffff::7")},
	{"a pod of another node", "eth0", addrs("10.244.2.99", "fd00:244:2::99")},
	{"the node's loopback", "", addrs("127.0.0.1", "::1")},
}

// clientsOf returns the usual clients of a family.
func clientsOf(f netfilter.Family) []client {
	out := make([]client, 0, len(clients)+8) // endpoints may follow
	for _, c := range clients {
		out = append(out, client{c.name, c.dev, c.addrs[f]})
	}
	return out
}

var protocols = map[string]uint8{"tcp": packet.ProtoTCP, "udp": packet.ProtoUDP, "sctp": packet.ProtoSCTP}

// opening returns the first packet of a connection.
func (c client) opening(sport uint16, protocol string, to netip.AddrPort) (netfilter.Packet, error) {
	return packet.Spec{
		Src: c.addr, SrcPort: sport, Dst: to.Addr(), DstPort: to.Port(),
		Proto: protocols[protocol], Payload: sctpInit(protocol),
	}.Build()
}

// sctpInit is an INIT chunk, without which an SCTP packet opens nothing.
func sctpInit(protocol string) []byte {
	if protocol != "sctp" {
		return nil
	}
	return []byte{1, 0, 0, 20, 0, 0, 0, 1, 0, 0, 255, 255, 0, 1, 0, 1, 0, 0, 0, 1}
}
