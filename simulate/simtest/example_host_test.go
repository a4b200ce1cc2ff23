package simtest_test

import (
	"fmt"

	"github.com/packetpath/packetpath/simulate/simtest"
)

// Host reads a host written in a few lines; t is the test's own.
func ExampleHost() {
	h := simtest.Host(t, `
		link eth0 192.0.2.5/24 2001:db8::5/64
		link cni0 10.244.1.1/24 mtu 1450
		route default via 192.0.2.1
		sysctl net.ipv4.conf.all.rp_filter=1`)
	simtest.Check(t, simtest.Load(t, h), "cni0: udp 10.244.1.9:5000 > 9.9.9.9:53", simtest.Forwarded())
	fmt.Println(h.Links[1].Name, h.Links[1].MTU)
	// Output: cni0 1450
}
