package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// EUI64 matches packets whose IPv6 source address was derived from the Ethernet
// source address (net/ipv6/netfilter/ip6t_eui64.c, eui64_mt6).
type EUI64 struct{}

var eui64Definition = netfilter.Definition{
	Name:     "eui64",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &EUI64{} },
	Hooks:    netfilter.HooksOf(netfilter.Prerouting, netfilter.Input, netfilter.Forward),
}

// Definition returns the extension's definition.
func (m *EUI64) Definition() *netfilter.Definition { return &eui64Definition }

// Name returns "eui64".
func (m *EUI64) Name() string { return "eui64" }

// AppendOptions appends nothing: there are no options.
func (m *EUI64) AppendOptions(b []byte) []byte { return b }

// Match compares the addresses. A packet that did not arrive over Ethernet does
// not match, and neither does one whose source MAC is not given. A packet
// without its Ethernet header on an Ethernet link is dropped (hotdrop).
func (m *EUI64) Match(c *netfilter.Context) bool {
	if c.Engine.LostEthernet() {
		c.HotDrop()
		return false
	}
	if !c.Engine.FromEthernet() {
		return false
	}
	a := c.Packet.SrcMAC
	if a == (packet.MAC{}) {
		return !c.Engine.Suppose("the packet's source MAC address, which was not given, has nothing to do with its IPv6 address")
	}
	src := c.Packet.Src().As16()
	return [8]byte(src[8:]) == [8]byte{a[0] ^ 2, a[1], a[2], 0xff, 0xfe, a[3], a[4], a[5]}
}
