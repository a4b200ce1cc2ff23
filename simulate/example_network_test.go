package simulate_test

import (
	"fmt"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

func ExampleNetwork() {
	const masquerade = "*nat\n-A POSTROUTING -o wan -j MASQUERADE\nCOMMIT\n"
	router := host.Host{Links: []host.Link{
		{Name: "lan", Addrs: host.MustAddresses("10.0.0.1/24")},
		{Name: "wan", Addrs: host.MustAddresses("192.0.2.1/24")},
	}}
	end := func(addr, via string) host.Host {
		return host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses(addr)}},
			Routes: host.MustRoutes("default via " + via + " dev eth0")}
	}
	w := simulate.NewNetwork()
	w.Add("laptop", must(simulate.New(end("10.0.0.7/24", "10.0.0.1"))).NewSession())
	w.Add("router", must(simulate.New(router, must(parser.ParseString(masquerade)))).NewSession())
	w.Add("server", must(simulate.New(end("192.0.2.80/24", "192.0.2.99"))).NewSession())
	w.Join("laptop:eth0", "router:lan")
	w.Join("router:wan", "server:eth0")

	_, ping := parser.MustPacket("icmp 10.0.0.7 > 192.0.2.80 id 1 seq 1")
	fmt.Println(w.Send("laptop", ping))
	// Output:
	// laptop (sends): sent by eth0 as icmp 10.0.0.7 > 192.0.2.80 echo-request id 1 seq 1 uid 0 gid 0; leaves by eth0
	// router (in lan): forwarded by wan as icmp 192.0.2.1 > 192.0.2.80 echo-request id 1 seq 1 ttl 63; allowed by nat:POSTROUTING:rule:1 -A POSTROUTING -o wan -j MASQUERADE
	// server (in eth0): delivered to the host as icmp 192.0.2.1 > 192.0.2.80 echo-request id 1 seq 1 ttl 63; delivered to the host
	// server (answers): sent by eth0 as icmp 192.0.2.80 > 192.0.2.1 echo-reply id 1 seq 1 uid 0 gid 0 nofile; leaves by eth0
	// router (in wan): forwarded by lan as icmp 192.0.2.80 > 10.0.0.7 echo-reply id 1 seq 1 ttl 63; leaves by lan
	// laptop (in eth0): delivered to the host as icmp 192.0.2.80 > 10.0.0.7 echo-reply id 1 seq 1 ttl 63; delivered to the host
}
