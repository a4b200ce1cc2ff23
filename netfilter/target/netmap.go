package target

import (
	"net/netip"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Netmap replaces the network part of the address that the hook translates and
// keeps the host part (net/netfilter/xt_NETMAP.c, netmap_tg4, netmap_tg6).
type Netmap struct{ To netip.Prefix }

// Equal reports whether both are the same target. It is used by go-cmp.
func (t Netmap) Equal(o Netmap) bool { return t == o }

var netmapDefinition = netfilter.Definition{
	Name:     "NETMAP",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Netmap{} },
	Tables:   []string{"nat"},
	Hooks:    netfilter.HooksOf(netfilter.Prerouting, netfilter.Input, netfilter.Output, netfilter.Postrouting),
	Options: []netfilter.OptionDef{
		{Name: "to", Args: 1, Required: true, Set: netfilter.Into((*Netmap).setTo)},
	},
}

func (t *Netmap) setTo(v *netfilter.Value) error {
	p, err := opt.Prefix(v.Arg(), v.Family)
	t.To = p.Masked()
	return err
}

// Definition returns the extension's definition.
func (t *Netmap) Definition() *netfilter.Definition { return &netmapDefinition }

// Name returns "NETMAP".
func (t *Netmap) Name() string { return "NETMAP" }

// AppendOptions appends "--to network/length".
func (t *Netmap) AppendOptions(b []byte) []byte {
	b = netfilter.AppendAddr(opt.AppendOption(b, "to ", false), t.To.Addr())
	return strconv.AppendInt(append(b, '/'), int64(t.To.Bits()), 10)
}

// Check refuses a network of the other family.
func (t *Netmap) Check(p netfilter.CheckContext) error { return p.NeedFamily(t.To.Addr()) }

// Requires implements netfilter.Requirer: connection tracking.
func (t *Netmap) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Apply sets up the translation and accepts the packet.
func (t *Netmap) Apply(c *netfilter.Context) netfilter.Verdict {
	m := netfilter.ManipOf(c.Hook)
	old := c.Packet.Src()
	if m == netfilter.ManipDst {
		old = c.Packet.Dst()
	}
	a := t.rebase(old)
	return c.Engine.SetupNAT(m, netfilter.NATRange{MinAddr: a, MaxAddr: a})
}

// rebase returns the network part of To with the host part of a.
func (t *Netmap) rebase(a netip.Addr) netip.Addr {
	mask := netfilter.PrefixMask(t.To).Mask.AsSlice()
	net, host := t.To.Addr().AsSlice(), a.AsSlice()
	for i := range min(len(net), len(host)) {
		host[i] = net[i]&mask[i] | host[i]&^mask[i]
	}
	joined, _ := netip.AddrFromSlice(host)
	return joined
}
