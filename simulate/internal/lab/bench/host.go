package bench

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

var (
	client   = netip.AddrFrom4([4]byte{203, 0, 113, 9})
	nodeAddr = netip.AddrFrom4([4]byte{192, 0, 2, 7})
)

// Host returns the host that the rules run on: clients come in by eth0, pods are
// behind cni0.
func Host() host.Host {
	return host.Host{
		Links: []host.Link{
			{Name: "eth0", Addrs: host.MustAddresses("192.0.2.7/24")},
			{Name: "cni0", Addrs: host.MustAddresses("10.244.0.1/16")},
		},
		Routes: host.MustRoutes("default via 192.0.2.1 dev eth0", "198.51.100.0/24 via 10.244.0.9 dev cni0"),
	}
}

// Node returns the host with the rules of a text.
func Node(rules string) (*simulate.Node, error) {
	rs, err := parser.ParseString(rules)
	if err != nil {
		return nil, err
	}
	return simulate.New(Host(), rs)
}

// Answer returns what the receiver of a TCP packet sends back, its flags given:
// it acknowledges all.
func Answer(p *netfilter.Packet, flags packet.TCPFlags) (netfilter.Packet, error) {
	return packet.Spec{Src: p.Dst(), SrcPort: p.DstPort(), Dst: p.Src(), DstPort: p.SrcPort(),
		Seq: 5000, Ack: 1, Flags: flags}.Build()
}
