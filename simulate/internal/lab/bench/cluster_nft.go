package bench

import (
	"fmt"
	"net/netip"
	"strings"
)

// NFT returns rules for the services as kube-proxy writes them for nftables, for
// nft -f: a map leads from the cluster address to the chain of the service, which
// picks an endpoint at random. It has neither node ports nor affinity.
func (c Cluster) NFT() string {
	var elements, chains strings.Builder
	for i := range c.Services {
		addr := c.Address(i)
		fmt.Fprintf(&elements, "\t\t%s . tcp . 80 : goto service-%d,\n", addr, i)
		for e := range 2 {
			pod := netip.AddrFrom4([4]byte{10, 244, byte(i >> 7), byte(i<<1 + e)})
			fmt.Fprintf(&chains, "\tchain endpoint-%d-%d {\n\t\tip saddr %s jump mark-for-masquerade\n\t\tmeta l4proto tcp dnat to %s:8080\n\t}\n", i, e, pod, pod)
		}
		fmt.Fprintf(&chains, "\tchain service-%d {\n\t\tip daddr %s tcp dport 80 ip saddr != 10.244.0.0/16 jump mark-for-masquerade\n"+
			"\t\tnumgen random mod 2 vmap { 0 : goto endpoint-%d-0, 1 : goto endpoint-%d-1 }\n\t}\n", i, addr, i, i)
	}
	return `table ip kube-proxy {
	map no-endpoint-services {
		type ipv4_addr . inet_proto . inet_service : verdict
	}
	chain mark-for-masquerade {
		meta mark set meta mark or 0x4000
	}
` + chains.String() + `	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = {
` + elements.String() + `		}
	}
	chain services {
		ip daddr . meta l4proto . th dport vmap @service-ips
	}
	chain nat-prerouting {
		type nat hook prerouting priority dstnat
		jump services
	}
	chain nat-output {
		type nat hook output priority dstnat
		jump services
	}
	chain nat-postrouting {
		type nat hook postrouting priority srcnat
		meta mark & 0x4000 == 0 return
		meta mark set meta mark xor 0x4000
		masquerade fully-random
	}
	chain filter-forward {
		type filter hook forward priority filter
		ct state new ip daddr . meta l4proto . th dport vmap @no-endpoint-services
	}
}
`
}
