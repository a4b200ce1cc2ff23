package host_test

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/simulate/host"
)

func ExampleRead() {
	addr := strings.NewReader(`1: lo: <LOOPBACK,UP> mtu 65536
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
2: eth0: <BROADCAST,MULTICAST,UP> mtu 1500
    link/ether 02:00:00:00:00:05 brd ff:ff:ff:ff:ff:ff
    inet 192.168.0.5/24 brd 192.168.0.255 scope global eth0
`)
	route := strings.NewReader("default via 192.168.0.1 dev eth0\n")
	h, err := host.Read(addr, route)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(h.Links[1].Name, h.Links[1].Addrs[0].Prefix, "sends by", h.Routes[0].Via)
	// Output: eth0 192.168.0.5/24 sends by 192.168.0.1
}

func ExampleParse() {
	h, err := host.Parse(`
		link eth0 192.168.0.5/24 2001:db8::5/64 mtu 1400
		link cni0 10.244.1.1/24
		route default via 192.168.0.1
		rule fwmark 0x1 lookup 100
		sysctl net.ipv4.conf.all.rp_filter=1`)
	fmt.Println(len(h.Links), h.Links[0].MTU, h.Routes[0].Dst, err)
	_, err = host.Parse("link eth0 192.168.0.5/24; route default by eth0")
	fmt.Println(err)
	// Output:
	// 2 1400 0.0.0.0/0 <nil>
	// host: line 1: route "default by eth0": unknown word "by"
}

func ExampleMustPolicyRules() {
	for _, r := range host.MustPolicyRules("from 10.1.0.0/16 lookup 7")[3:] {
		fmt.Println(r.Family, r.Priority, r.From, r.Table)
	}
	// Output:
	// IPv6 0 invalid Prefix 255
	// IPv6 32766 invalid Prefix 254
	// IPv4 32765 10.1.0.0/16 7
}
