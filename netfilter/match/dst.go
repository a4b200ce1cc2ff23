package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Dst matches the destination options header of an IPv6 packet
// (net/ipv6/netfilter/ip6t_hbh.c, hbh_mt6, which serves both). The zero value
// matches every packet that has one.
type Dst struct {
	Length cond.Number // of the header in bytes
	// Options are what the header's first options must be, in this order, padding
	// included; at most 16.
	Options []HeaderOption
}

var dstDefinition = netfilter.Definition{
	Name:     "dst",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &Dst{} },
	Options:  headerOptions("dst", func(e netfilter.Extension) *HBH { return (*HBH)(e.(*Dst)) }),
}

// Definition returns the extension's definition.
func (m *Dst) Definition() *netfilter.Definition { return &dstDefinition }

// Name returns "dst".
func (m *Dst) Name() string { return "dst" }

// AppendOptions appends "[!] --dst-len length" and "--dst-opts list".
func (m *Dst) AppendOptions(b []byte) []byte { return (*HBH)(m).append(b, "dst") }

// Match compares the header. A packet in which it, or a preceding header, is
// cut short is dropped.
func (m *Dst) Match(c *netfilter.Context) bool { return (*HBH)(m).match(c, packet.ProtoDestOpts) }
