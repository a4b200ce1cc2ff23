package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Masquerade translates the source of the connection to an address of the
// output link (net/netfilter/nf_nat_masquerade.c, nf_nat_masquerade_ipv4,
// nf_nat_masquerade_ipv6). The addresses in Range are ignored.
type Masquerade struct{ Range netfilter.NATRange }

var masqueradeDefinition = netfilter.Definition{
	Name:     "MASQUERADE",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Masquerade{} },
	Tables:   []string{"nat"},
	Hooks:    netfilter.HooksOf(netfilter.Postrouting),
	Options: []netfilter.OptionDef{
		{Name: "to-ports", Args: 1, Set: netfilter.Into((*Masquerade).setPorts)},
		{Name: "random",
			Set: netfilter.Into(func(t *Masquerade, _ *netfilter.Value) error { t.Range.Random = true; return nil })},
		{Name: "random-fully",
			Set: netfilter.Into(func(t *Masquerade, _ *netfilter.Value) error { t.Range.RandomFully = true; return nil })},
	},
}

// setPorts reads the ports. The data structure of this target has no field for
// a base port: iptables parses one and stores 0.
func (t *Masquerade) setPorts(v *netfilter.Value) error {
	err := opt.NATPorts(v, &t.Range)
	t.Range.BasePort = 0
	return err
}

// Definition returns the extension's definition.
func (t *Masquerade) Definition() *netfilter.Definition { return &masqueradeDefinition }

// Name returns "MASQUERADE".
func (t *Masquerade) Name() string { return "MASQUERADE" }

// AppendOptions appends the options given.
func (t *Masquerade) AppendOptions(b []byte) []byte {
	return opt.AppendNATFlags(opt.AppendToPorts(b, &t.Range), &t.Range)
}

// Requires implements netfilter.Requirer: connection tracking.
func (t *Masquerade) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Apply sets up the translation and accepts the packet. A packet for which the
// host has no address is dropped; an IPv4 connection from 0.0.0.0 is not
// changed.
func (t *Masquerade) Apply(c *netfilter.Context) netfilter.Verdict {
	if c.Conn == nil {
		return netfilter.Accept
	}
	if src := c.Conn.Tuples[netfilter.DirOriginal].Src; src.Is4() && src.IsUnspecified() {
		return netfilter.Accept
	}
	a, ok := c.Engine.MasqueradeAddr()
	if !ok {
		c.Engine.Because("the link " + c.Out + " has no address of its own to masquerade with")
		return netfilter.Drop
	}
	c.Conn.OutDev = c.Out
	r := t.Range
	r.MinAddr, r.MaxAddr = a, a
	return c.Engine.SetupNAT(netfilter.ManipSrc, r)
}
