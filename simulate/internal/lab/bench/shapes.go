package bench

import (
	"fmt"
	"net/netip"
)

// Shape is a firewall whose rules all have the same form.
type Shape struct {
	Name string
	rule func(i int) string
}

// Rules returns n rules of the shape as iptables-restore reads them. None matches
// the packet of Unmatched.
func (s Shape) Rules(n int) string { return firewall(n, s.rule) }

// Shapes are the forms that long lists of rules take most often.
var Shapes = []Shape{
	{"bans", func(i int) string { return fmt.Sprintf("-s %s/32 -j DROP", nth(i)) }},
	{"ports", func(i int) string { return fmt.Sprintf("-p tcp -m tcp --dport %d -j ACCEPT", 1+i%60000) }},
	{"marks", func(i int) string { return fmt.Sprintf("-m mark --mark 0x%x -j ACCEPT", 1+i) }},
	{"networks", func(i int) string { return fmt.Sprintf("-d %s/24 -j ACCEPT", nth(i<<8)) }},
	{"links", func(i int) string { return fmt.Sprintf("-o cali%06x+ -j ACCEPT", i) }},
	{"lists", func(i int) string {
		return fmt.Sprintf("-p tcp -m multiport --dports 80,443,%d:%d -m iprange --src-range %s-%s -j ACCEPT",
			1000+i%50000, 1009+i%50000, nth(i*16), nth(i*16+11))
	}},
}

// nth returns an address of 10.0.0.0/8.
func nth(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}) }
