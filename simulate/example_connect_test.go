package simulate_test

import (
	"fmt"
	"log"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// The hosts of ExampleNetwork_Connect. A program listens on the server.
var (
	client = host.MustParse("link eth0 192.0.2.7/24")
	server = host.Host{
		Links:   []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.80/24")}},
		Sockets: []host.Socket{{Proto: packet.ProtoTCP, Port: 80}},
	}
)

// Connect opens a TCP connection and follows all packets of its handshake.
func ExampleNetwork_Connect() {
	w := simulate.NewNetwork()
	for name, h := range map[string]host.Host{"client": client, "server": server} {
		node, err := simulate.New(h)
		if err != nil {
			log.Fatal(err)
		}
		w.Add(name, node.NewSession())
	}
	w.Join("client:eth0", "server:eth0")
	j := w.Connect("client", netip.MustParseAddrPort("192.0.2.7:40000"), netip.MustParseAddrPort("192.0.2.80:80"), packet.Socket{})
	for _, hop := range j.Hops {
		fmt.Println(hop.Host, hop.Result.Fate, hop.Result.Packet.TCPFlags())
	}
	// Output:
	// client sent syn
	// server delivered syn
	// server sent syn,ack
	// client delivered syn,ack
	// client sent ack
	// server delivered ack
}
